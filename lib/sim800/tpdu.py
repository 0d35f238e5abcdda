"""Fields that the SMS TPDUs share (3GPP 23.040, 9.1.2 and 9.2.3): address, time, coding, header.

Each reader is given the octets and where its field begins. A field that is cut off raises
IndexError, one that cannot be raises PduError.
"""

from sim800 import gsm7

# Kinds of an address.
NUMBER = "number"
ALPHA = "alpha"
HIDDEN = "hidden"

# Alphabets of user data.
GSM7 = 0
OCTETS = 1  # no text: 8-bit data, or compressed
UCS2 = 2

WIDE = 0x10000  # added to a 16-bit reference, which thus never equals one of 8 bits

_DIGITS = "0123456789*#abc"
_LONGEST_ADDRESS = 20  # semi-octets
_INTERNATIONAL, _ALPHANUMERIC = 1, 5  # types of number
_FURTHEST_ZONE = 56  # quarter hours: 14 h
_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class PduError(ValueError):
    """Not a PDU, or one that cannot be sent; the text says why."""


def decode_address(octets, at):
    """Return (address, kind, where the next field begins) (9.1.2.5)."""
    size = octets[at]
    if size > _LONGEST_ADDRESS:
        raise PduError("address too long")
    number_type = octets[at + 1] >> 4 & 7
    at += 2
    end = at + (size + 1) // 2
    if end > len(octets):
        raise PduError("address cut off")
    if number_type == _ALPHANUMERIC:
        address, kind = gsm7.decode(octets, at * 8, size * 4 // 7), ALPHA
    else:
        address, kind = _digits(octets, at, size), NUMBER
        if address and number_type == _INTERNATIONAL:
            address = "+" + address
    return address, kind if address else HIDDEN, end


def _digits(octets, at, size):
    digits = ""
    for i in range(size):
        digit = octets[at + (i >> 1)] >> (i & 1) * 4 & 15
        if digit < 15:
            digits += _DIGITS[digit]
        elif i < size - 1:
            raise PduError("end mark inside an address")
        # An end mark in the last place: a centre that counted the filler as a digit.
    return digits


def encode_address(number):
    """Return the field of a number: digits, `*`, `#`, `a` to `c`, with `+` if international."""
    digits = number[1:] if number.startswith("+") else number
    size = len(digits)
    if not 1 <= size <= _LONGEST_ADDRESS:
        raise PduError("number of %d digits" % size)
    out = bytearray((size, 0x81 if digits is number else 0x91))
    for i in range(size):
        value = _DIGITS.find(digits[i])
        if value < 0:
            raise PduError("not a digit")
        if i & 1:
            out[-1] = out[-1] & 15 | value << 4
        else:
            out.append(0xF0 | value)
    return out


def decode_time(octets, at):
    """Return (year, month, day, hour, minute, second, quarter hours from GMT), or None.

    None: there is no such moment. A semi-octet that is no digit counts as 0 (9.2.3.11).
    """
    year = 2000 + _two(octets[at])
    month, day = _two(octets[at + 1]), _two(octets[at + 2])
    hour, minute, second = _two(octets[at + 3]), _two(octets[at + 4]), _two(octets[at + 5])
    zone = _two(octets[at + 6] & 0xF7)
    if not (1 <= month <= 12 and 1 <= day and hour < 24 and minute < 60 and second < 60):
        return None
    leap = month == 2 and year % 4 == 0  # 2000 to 2099
    if day > _MONTHS[month - 1] + leap or zone > _FURTHEST_ZONE:
        return None
    if octets[at + 6] & 8:
        zone = -zone
    return year, month, day, hour, minute, second, zone


def _two(octet):
    """Return the number of two swapped digits."""
    tens, units = octet & 15, octet >> 4
    return (tens if tens < 10 else 0) * 10 + (units if units < 10 else 0)


def alphabet(dcs):
    """Return the alphabet of a data coding scheme: GSM7, OCTETS or UCS2 (23.038, 4).

    What is reserved counts as the GSM 7-bit default alphabet, as that clause rules.
    """
    group = dcs >> 4
    if group < 8:  # general data coding, and the same with automatic deletion
        if dcs & 0x20:
            return OCTETS  # compressed (23.042), in octets (23.040, 9.2.3.16)
        return (GSM7, OCTETS, UCS2, GSM7)[dcs >> 2 & 3]
    if group == 14:  # message waiting, stored; 12 and 13 are the same in the default alphabet
        return UCS2
    return OCTETS if group == 15 and dcs & 4 else GSM7


def message_class(dcs):
    """Return the class of a data coding scheme, 0 (shown at once) to 3, or None (23.038, 4)."""
    return dcs & 3 if dcs & 0x90 == 0x10 or dcs >= 0xF0 else None


def decode_header(octets, at, end):
    """Return (concat, ports) of the user data header elements in octets[at:end] (9.2.3.24).

    concat: (reference, parts in all, number of this one from 1), WIDE added to a 16-bit
    reference; ports: (destination, source) of the application addressed. Each is None if absent.
    Of elements that exclude each other the last one counts. One that cannot be is ignored, and
    the whole header is if its last element does not end where the header ends.
    """
    concat, ports = None, None
    while at < end:
        if at + 2 > end or at + 2 + octets[at + 1] > end:
            return None, None
        kind, size = octets[at], octets[at + 1]
        at += 2
        if kind == 0 and size == 3:
            concat = _part(octets[at], octets, at + 1) or concat
        elif kind == 8 and size == 4:
            concat = _part(WIDE | _sixteen(octets, at), octets, at + 2) or concat
        elif kind == 4 and size == 2:
            ports = octets[at], octets[at + 1]
        elif kind == 5 and size == 4:
            ports = _sixteen(octets, at), _sixteen(octets, at + 2)
        at += size
    return concat, ports


def _part(reference, octets, at):
    total, number = octets[at], octets[at + 1]
    return (reference, total, number) if 1 <= number <= total else None


def _sixteen(octets, at):
    return octets[at] << 8 | octets[at + 1]
