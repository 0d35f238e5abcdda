"""SMS PDUs: SMS-DELIVER and SMS-STATUS-REPORT decoded, SMS-SUBMIT encoded (3GPP 23.040, 9.2).

Sans-I/O. Whatever bytes come, `decode` returns a value or raises PduError.
"""

from collections import namedtuple

from sim800 import gsm7

NUMBER = "number"  # kinds of an originating address
ALPHA = "alpha"
HIDDEN = "hidden"

# Alphabets of user data.
GSM7 = 0
OCTETS = 1
UCS2 = 2

# sender: "+358..", national or short digits, letters, or ""; kind: NUMBER, ALPHA, HIDDEN;
# text: str, or None if the user data is none (8-bit, compressed, reserved alphabet), then data
# holds its octets; scts: (year, month, day, hour, minute, second, quarter hours from GMT) or None;
# concat: (reference, total, number from 1) or None, where a 16-bit reference is 65536 and more;
# ports: True if it is addressed to an application, as MMS and WAP push are.
Deliver = namedtuple(
    "Deliver", ("sender", "kind", "text", "data", "scts", "concat", "pid", "ports")
)
# mr: message reference of the SMS-SUBMIT; scts, discharge: time stamps; status: TP-Status.
StatusReport = namedtuple("StatusReport", ("mr", "recipient", "scts", "discharge", "status"))

_DIGITS = "0123456789*#abc"
_PART7, _WHOLE7 = 153, 160  # septets a message holds, with and without a concatenation header
_PART16, _WHOLE16 = 67, 70  # UCS2 units
_MOST_PARTS = 255
_LONGEST = 20  # digits of an address


class PduError(ValueError):
    """Not a PDU, or one that cannot be sent; the text says why."""


def decode(line):
    """Return the Deliver or StatusReport of a PDU line (hex, with the SMSC). Raises PduError."""
    try:
        octets = bytes.fromhex(line)
    except (ValueError, UnicodeError):
        raise PduError("not hexadecimal") from None
    if " " in line or "\t" in line or not octets:
        raise PduError("not hexadecimal")
    try:
        return _tpdu(octets[octets[0] + 1 :])
    except IndexError:
        raise PduError("truncated") from None


def _tpdu(t):
    kind = t[0] & 3
    if kind == 0:
        return _deliver(t)
    if kind == 2:
        return _status_report(t)
    raise PduError("neither SMS-DELIVER nor SMS-STATUS-REPORT")


def _deliver(t):
    sender, sender_kind, at = _address(t, 1)
    pid, dcs = t[at], t[at + 1]
    scts = _timestamp(t, at + 2)
    count = t[at + 9]
    data = t[at + 10 :]
    header = data[1 : data[0] + 1] if t[0] & 0x40 else b""
    skip = data[0] + 1 if t[0] & 0x40 else 0
    if skip and data[0] >= len(data):
        raise PduError("truncated header")
    concat, ports = _header(header)
    alphabet = _alphabet(dcs)
    length = (count * 7 + 7) // 8 if alphabet == GSM7 else count
    if len(data) < length or skip > length:
        raise PduError("truncated user data")
    text = None
    if alphabet == GSM7:
        fill = (7 - skip * 8 % 7) % 7
        lead = (skip * 8 + fill) // 7
        if lead > count:
            raise PduError("header longer than the user data")
        text = gsm7.text(gsm7.unpack(data[skip:length], count - lead, fill))
    elif alphabet == UCS2:
        text = _ucs2_text(data[skip:count])
    return Deliver(sender, sender_kind, text, data[skip:length], scts, concat, pid, ports)


def _status_report(t):
    recipient, _, at = _address(t, 2)
    return StatusReport(t[1], recipient, _timestamp(t, at), _timestamp(t, at + 7), t[at + 14])


def _address(t, at):
    """Return (address, kind, where it ends) of an address field (9.1.2.5)."""
    size = t[at]
    octets = (size + 1) // 2
    if octets > 10:
        raise PduError("address too long")
    raw = t[at + 2 : at + 2 + octets]
    if len(raw) < octets:
        raise PduError("truncated address")
    end = at + 2 + octets
    if size == 0:
        return "", HIDDEN, end
    ton = (t[at + 1] >> 4) & 7
    if ton == 5:
        return gsm7.text(gsm7.unpack(raw, size * 4 // 7)), ALPHA, end
    digits = []
    for i in range(size):
        digit = (raw[i >> 1] >> (4 if i & 1 else 0)) & 15
        if digit == 15:
            raise PduError("odd address")
        digits.append(_DIGITS[digit])
    return ("+" if ton == 1 else "") + "".join(digits), NUMBER, end


def _timestamp(t, at):
    """Return a time stamp (9.2.3.11), or None if it is no date."""
    if len(t) < at + 7:
        raise PduError("truncated time stamp")
    v = []
    for i in range(6):
        octet = t[at + i]
        if octet & 15 > 9 or octet >> 4 > 9:
            return None
        v.append((octet & 15) * 10 + (octet >> 4))
    zone = t[at + 6]
    if zone >> 4 > 9:
        return None
    quarters = (zone & 7) * 10 + (zone >> 4)
    if not (1 <= v[1] <= 12 and 1 <= v[2] <= 31 and v[3] < 24 and v[4] < 60 and v[5] < 60):
        return None
    if quarters > 56:
        return None
    return (2000 + v[0], v[1], v[2], v[3], v[4], v[5], -quarters if zone & 8 else quarters)


def _alphabet(dcs):
    """Return the alphabet of a data coding scheme (3GPP 23.038, 4), OCTETS if it is no text."""
    group = dcs >> 4
    if group < 8:  # general data coding, automatic deletion
        if dcs & 0x20:
            return OCTETS  # compressed
        return (GSM7, OCTETS, UCS2, OCTETS)[(dcs >> 2) & 3]
    if group < 12:
        return GSM7  # reserved: "shall be assumed to be the GSM 7 bit default alphabet"
    if group == 14:
        return UCS2  # message waiting, stored
    if group == 15:
        return OCTETS if dcs & 4 else GSM7
    return GSM7  # 12, 13: message waiting, default alphabet


def _header(header):
    """Return (concat, ports) of a user data header (9.2.3.24)."""
    concat, ports = None, False
    at = 0
    while at + 2 <= len(header):
        kind, size = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + size]
        if len(value) < size:
            raise PduError("truncated header element")
        if kind == 0 and size == 3:
            concat = (value[0], value[1], value[2])
        elif kind == 8 and size == 4:
            concat = (65536 + value[0] * 256 + value[1], value[2], value[3])
        elif kind in (4, 5):
            ports = True
        at += 2 + size
    # A part that cannot be: the element is to be ignored (9.2.3.24.1).
    if concat is not None and not 1 <= concat[2] <= concat[1]:
        concat = None
    return concat, ports


def _ucs2_text(octets):
    chars = []
    high = 0
    for i in range(0, len(octets) - 1, 2):
        unit = octets[i] << 8 | octets[i + 1]
        if high and 0xDC00 <= unit < 0xE000:
            chars.append(chr(0x10000 + ((high - 0xD800) << 10) + unit - 0xDC00))
            high = 0
            continue
        if high:
            chars.append("\ufffd")
        high = unit if 0xD800 <= unit < 0xDC00 else 0
        if not high:
            chars.append("\ufffd" if 0xDC00 <= unit < 0xE000 else chr(unit))
    if high:
        chars.append("\ufffd")
    return "".join(chars)


# --- SMS-SUBMIT ---


def encode_submit(number, text, reference, status_report=False):
    """Return a text as SMS-SUBMITs: a list of (length of the TPDU in octets, PDU in hex).

    number: digits, with `+` if it is international; reference: 0..255, of the parts of a long
    text. GSM 7-bit where the alphabet has every character, else UCS2. Raises PduError.
    """
    address = _encode_address(number)
    units = _septet_units(text)
    whole, part = _WHOLE7, _PART7
    if units is None:
        units = _ucs2_units(text)
        whole, part = _WHOLE16, _PART16
    parts = _split(units, whole, part)
    if len(parts) > _MOST_PARTS:
        raise PduError("text too long")
    dcs = 0 if whole == _WHOLE7 else 8
    out = []
    for i in range(len(parts)):
        header = b""
        if len(parts) > 1:
            header = bytes((5, 0, 3, reference & 255, len(parts), i + 1))
        first = 0x01 | (0x40 if header else 0) | (0x20 if status_report else 0)
        tpdu = bytes((first, 0)) + address + bytes((0, dcs)) + _user_data(parts[i], header, dcs)
        out.append((len(tpdu), "00" + _hex(tpdu)))
    return out


def _hex(octets):
    digits = "0123456789ABCDEF"
    return "".join([digits[o >> 4] + digits[o & 15] for o in octets])


def _encode_address(number):
    international = number.startswith("+")
    digits = number[1:] if international else number
    if not 1 <= len(digits) <= _LONGEST:
        raise PduError("not a number: wrong length")
    out = bytearray((len(digits), 0x91 if international else 0x81))
    values = [_DIGITS.find(d) for d in digits]
    if min(values) < 0:
        raise PduError("not a number: no digit")
    if len(values) % 2:
        values.append(15)
    for i in range(0, len(values), 2):
        out.append(values[i] | values[i + 1] << 4)
    return bytes(out)


def _septet_units(text):
    """Return each character's septets, or None if the alphabet lacks one."""
    units = []
    for char in text:
        codes = gsm7.septets(char)
        if codes is None:
            return None
        units.append(codes)
    return units


def _ucs2_units(text):
    units: list[tuple] = []
    for char in text:
        code = ord(char)
        if code >= 0x10000:
            code -= 0x10000
            units.append((0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF)))
        elif 0xD800 <= code < 0xE000:
            units.append((0xFFFD,))
        else:
            units.append((code,))
    return units


def _split(units, whole, part):
    """Split characters into messages; what belongs to one character stays together."""
    flat = [code for unit in units for code in unit]
    if len(flat) <= whole:
        return [flat]
    parts: list[list] = []
    current: list[int] = []
    for unit in units:
        if len(current) + len(unit) > part:
            parts.append(current)
            current = []
        current.extend(unit)
    parts.append(current)
    return parts


def _user_data(codes, header, dcs):
    if dcs == 8:
        body = bytearray()
        for code in codes:
            body.append(code >> 8)
            body.append(code & 255)
        return bytes((len(header) + len(body),)) + header + bytes(body)
    fill = (7 - len(header) * 8 % 7) % 7
    lead = (len(header) * 8 + fill) // 7
    return bytes((lead + len(codes),)) + header + gsm7.pack(codes, fill)
