# SPDX-License-Identifier: MIT
"""SMS PDUs: SMS-DELIVER decoded, SMS-SUBMIT encoded (3GPP 23.040, 9.1.2, 9.2.2 and 9.2.3).

Sans-I/O. Whatever the input, `decode` returns a value or raises PduError. Each function that reads
a field gets the octets and the index where its field begins. It raises IndexError if the field is
cut off, PduError if it is invalid.
"""

from collections import namedtuple

from sim800 import const
from sim800.alphabets import (
    ESCAPE,
    GSM7,
    UCS2,
    alphabet,
    decode_gsm7,
    decode_ucs2,
    encode_gsm7,
    encode_ucs2,
    pack,
)

# Kinds of an address.
NUMBER = "number"
ALPHA = "alpha"
HIDDEN = "hidden"

WIDE = 0x10000  # added to a 16-bit reference, which thus never equals one of 8 bits

_DIGITS = "0123456789*#abc"
_LONGEST_ADDRESS = const(20)  # semi-octets
_LONGEST_LINE = const(400)  # hex digits: more than any PDU has
_ROOM = const(140)  # octets of user data, with the header

# A message from the network.
# sender: "+" and digits if international; digits alone if national, short or of unknown type;
#     letters if kind is ALPHA; "" if and only if kind is HIDDEN.
# text: None if the user data is not text (8-bit, compressed); data then has its octets, else b"".
# scts: when the centre got it: (year, month, day, hour, minute, second, quarter hours from GMT),
#     local time; None if that is not a valid time.
# concat: None or (reference, number of parts, number of this one from 1), see decode_header.
# ports: None or (destination, source) of an application; WAP and MMS push have destination 2948.
Deliver = namedtuple("Deliver", ["sender", "kind", "text", "data", "scts", "concat", "ports"])


class PduError(ValueError):
    """Not a valid PDU, or one that cannot be sent; the argument names the faulty field."""


def decode_address(octets, at):
    """Return (address, kind, index of the next field) (9.1.2.5)."""
    size = octets[at]
    number_type = octets[at + 1] >> 4 & 7  # 1 international, 5 alphanumeric
    at += 2
    end = at + (size + 1) // 2
    if size > _LONGEST_ADDRESS:
        raise PduError("address")
    if number_type == 5:
        address, kind = decode_gsm7(octets, at * 8, size * 4 // 7), ALPHA
    else:
        address, kind = "", NUMBER
        for i in range(size):
            digit = octets[at + (i >> 1)] >> (i & 1) * 4 & 15
            if digit < 15:
                address += _DIGITS[digit]
            elif i < size - 1:
                raise PduError("address")
            # 15 as the last digit is filler, which some centres include in the length.
        if address and number_type == 1:
            address = "+" + address
    return address, kind if address else HIDDEN, end


def encode_address(number):
    """Return the field of a number: digits, `*`, `#`, `a` to `c`, with `+` if international."""
    digits = number[1:] if number.startswith("+") else number
    size = len(digits)
    if not 1 <= size <= _LONGEST_ADDRESS:
        raise PduError("number")
    out = bytearray((size, 0x81 if digits is number else 0x91))
    for i in range(size):
        value = _DIGITS.find(digits[i])
        if value < 0:
            raise PduError("number")
        if i & 1:
            out[-1] = out[-1] & 15 | value << 4
        else:
            out.append(0xF0 | value)
    return out


def decode_time(octets, at):
    """Return (year, month, day, hour, minute, second, quarter hours from GMT), or None.

    None: not a valid time. A semi-octet that is not a digit counts as 0 (9.2.3.11).
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
    if minute > 59 or second > 59 or zone > 56:  # 14 h
        return None
    return 2000 + year, month, day, hour, minute, second, -zone if octets[at + 6] & 8 else zone


def decode_header(octets, at, end):
    """Return (concat, ports) of the user data header elements in octets[at:end] (9.2.3.24).

    concat: (reference, number of parts, number of this one from 1), with WIDE added to a 16-bit
    reference; ports: (destination, source) of the application addressed. Each is None if absent.
    Of elements that exclude each other the last one counts. An invalid element is ignored; if the
    last element does not end where the header ends, the whole header is.
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


def decode(line, report=None):
    """Return the Deliver of a PDU in hex, service centre first, as in +CMGR.

    report: function that reads an SMS-STATUS-REPORT, see reports.decode. Raises PduError if the
    line is not a PDU, or an inconsistent one.
    """
    octets = b""
    try:
        if len(line) <= _LONGEST_LINE:
            octets = bytes.fromhex(line)
    except ValueError:
        pass
    if not octets or len(octets) * 2 != len(line):  # fromhex skips blanks
        raise PduError("not hex")
    at = octets[0] + 1
    if at > 12:
        raise PduError("centre")
    try:
        kind = octets[at] & 3
        if kind == 2 and report is not None:  # SMS-STATUS-REPORT
            return report(octets, at)
        if kind in (1, 2):  # SMS-SUBMIT
            raise PduError("direction")
        return _deliver(octets, at)  # SMS-DELIVER, or the reserved type, read alike (9.2.3.1)
    except IndexError:
        raise PduError("cut off")


def _deliver(octets, at):
    """Read an SMS-DELIVER (9.2.2.1). Octets after the user data are ignored."""
    first = octets[at]
    sender, kind, at = decode_address(octets, at + 1)
    scts = decode_time(octets, at + 2)
    coding = alphabet(octets[at + 1])
    count = octets[at + 9]
    at += 10
    end = at + ((count * 7 + 7) // 8 if coding == GSM7 else count)
    body = at  # where the text begins
    if first & 0x40:
        body += octets[at] + 1
    lead = ((body - at) * 8 + 6) // 7  # septets of the header with its fill bits
    if end - at > _ROOM or end > len(octets) or body > end or (coding == GSM7 and lead > count):
        raise PduError("user data")
    concat, ports = decode_header(octets, at + 1, body)
    text, data = None, b""
    if coding == GSM7:
        text = decode_gsm7(octets, at * 8 + lead * 7, count - lead)
    elif coding == UCS2:
        text = decode_ucs2(octets, body, end)
    else:
        data = octets[body:end]
    return Deliver(sender, kind, text, data, scts, concat, ports)


def encode_submit(number, text, reference, status_report=False):
    """Return a text as a list of (length for AT+CMGS, PDU in hex), one entry for each part.

    The SIM gives the service centre and the validity, the modem the message reference. The coding
    is GSM 7-bit if that alphabet has every character, else UCS2.

    number: digits, with `+` if international. reference: of the parts of a long text, 0..255.
    status_report: ask the centre for a status report of each part.
    Raises PduError for an invalid number, or more than 255 parts.
    """
    address = encode_address(number)
    dcs, bits = 0x00, 7
    codes = encode_gsm7(text)
    if codes is None:
        dcs, bits = 0x08, 8
        codes = encode_ucs2(text)
    # Where each part ends; no escape sequence and no surrogate pair is split.
    size = len(codes)
    lead = 6 if size > _ROOM * 8 // bits else 0  # octets of the header
    ends: list[int] = []
    end = 0
    while end < size or not ends:
        end += (_ROOM - lead) * 8 // bits
        if end >= size:
            end = size
        elif bits == 7:
            end -= codes[end - 1] == ESCAPE
        elif codes[end - 2] & 0xFC == 0xD8:
            end -= 2
        ends.append(end)
    if len(ends) > 255:
        raise PduError("too long")
    out: list[tuple[int, str]] = []
    start = 0
    fill = -lead * 8 % bits
    first = 0x01 | (0x40 if lead else 0) | (0x20 if status_report else 0)
    for end in ends:
        tpdu = bytearray((first, 0))
        tpdu += address
        tpdu += bytes((0, dcs, (lead * 8 + fill) // bits + end - start))  # in septets or octets
        if lead:  # 9.2.3.24.1
            tpdu += bytes((5, 0, 3, reference & 255, len(ends), len(out) + 1))
        tpdu += pack(codes, start, end, fill) if bits == 7 else codes[start:end]
        out.append((len(tpdu), "00" + bytes(tpdu).hex().upper()))
        start = end
    return out
