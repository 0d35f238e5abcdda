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


class PduError(ValueError):
    """Not a PDU, or one that cannot be sent; the text says why."""


def decode_address(octets, at):
    """Return (address, kind, where the next field begins) (9.1.2.5)."""
    size = octets[at]
    number_type = octets[at + 1] >> 4 & 7
    at += 2
    end = at + (size + 1) // 2
    if size > _LONGEST_ADDRESS:
        raise PduError("address too long")
    if number_type == _ALPHANUMERIC:
        address, kind = gsm7.decode(octets, at * 8, size * 4 // 7), ALPHA
    else:
        address, kind = "", NUMBER
        for i in range(size):
            digit = octets[at + (i >> 1)] >> (i & 1) * 4 & 15
            if digit < 15:
                address += _DIGITS[digit]
            elif i < size - 1:
                raise PduError("end mark inside an address")
            # An end mark in the last place: a centre that counted the filler as a digit.
        if address and number_type == _INTERNATIONAL:
            address = "+" + address
    return address, kind if address else HIDDEN, end


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
    values = []
    for i in range(at, at + 7):
        tens, units = octets[i] & 15, octets[i] >> 4
        if i == at + 6:
            tens &= 7  # without the sign
        values.append((tens if tens < 10 else 0) * 10 + (units if units < 10 else 0))
    year, month, day, hour, minute, second, zone = values
    # The last day: 31 in months 1, 3, 5, 7, 8, 10, 12.
    last = 30 + (month + month // 8) % 2
    if month == 2:
        last = 28 + (year % 4 == 0)  # 2000 to 2099
    if not (1 <= month <= 12 and 1 <= day <= last and hour < 24):
        return None
    if minute > 59 or second > 59 or zone > _FURTHEST_ZONE:
        return None
    return 2000 + year, month, day, hour, minute, second, -zone if octets[at + 6] & 8 else zone


def alphabet(dcs):
    """Return the alphabet of a data coding scheme: GSM7, OCTETS or UCS2 (23.038, 4).

    What is reserved counts as the GSM 7-bit default alphabet, as that clause rules.
    """
    group = dcs >> 4
    if group < 8:  # general data coding, and the same with automatic deletion
        if dcs & 0x20:
            return OCTETS  # compressed (23.042), in octets (23.040, 9.2.3.16)
        return dcs >> 2 & 3 if dcs & 12 < 12 else GSM7
    if group == 14:  # message waiting, stored; 12 and 13 are the same in the default alphabet
        return UCS2
    return OCTETS if group == 15 and dcs & 4 else GSM7


def decode_header(octets, at, end):
    """Return (concat, ports) of the user data header elements in octets[at:end] (9.2.3.24).

    concat: (reference, parts in all, number of this one from 1), WIDE added to a 16-bit
    reference; ports: (destination, source) of the application addressed. Each is None if absent.
    Of elements that exclude each other the last one counts. One that cannot be is ignored, and
    the whole header is if its last element does not end where the header ends.
    """
    concat = ports = None
    while at < end:
        if at + 2 > end or at + 2 + octets[at + 1] > end:
            return None, None
        size = octets[at + 1]
        element = octets[at] << 8 | size
        at += 2
        wide = octets[at] << 8 | octets[at + 1] if size > 1 else 0
        if element in (0x0003, 0x0804):  # parts of a message, reference of 8 or 16 bits
            reference = WIDE | wide if size == 4 else octets[at]
            total, number = octets[at + size - 2], octets[at + size - 1]
            if 1 <= number <= total:
                concat = reference, total, number
        elif element == 0x0402:
            ports = octets[at], octets[at + 1]
        elif element == 0x0504:
            ports = wide, octets[at + 2] << 8 | octets[at + 3]
        at += size
    return concat, ports
