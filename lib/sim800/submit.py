"""SMS-SUBMIT: texts to send (3GPP 23.040, 9.2.2.2)."""

from sim800 import gsm7, ucs2
from sim800.tpdu import PduError, encode_address

_MOST_PARTS = 255
# By TP-DCS: room for user data in septets or octets: of one message, of a part with a header of 6
# octets (8-bit reference), and with one of 7 (16-bit reference).
_GSM7, _OCTETS, _UCS2 = 0x00, 0x04, 0x08
_ROOM = {_GSM7: (160, 153, 152), _OCTETS: (140, 134, 133), _UCS2: (140, 134, 132)}


def encode_submit(number, text, reference, status_report=False, wide=False):
    """Return a text as a list of (length for AT+CMGS, PDU in hex), one entry a part.

    The service centre is the SIM's own, the validity its default, the message reference the
    modem's. GSM 7-bit if its alphabet has every character, else UCS2; bytes are sent as 8-bit
    data.

    number: digits, with `+` if international. reference: of the parts of a long text, 0..255, or
    0..65535 if `wide`. status_report: the centre is asked to tell the fate of each part.
    PduError: no number, or more than 255 parts.
    """
    address = encode_address(number)
    dcs, codes = _codes(text)
    ends = _ends(codes, dcs, wide)
    total = len(ends)
    if total > _MOST_PARTS:
        raise PduError("text of %d parts" % total)
    out = []
    start = 0
    for i in range(total):
        header = b""
        if total > 1:
            header = _header(reference, total, i + 1, wide)
        first = 0x01 | (0x40 if header else 0) | (0x20 if status_report else 0)
        tpdu = bytearray((first, 0))
        tpdu += address
        tpdu += bytes((0, dcs))
        _append_user_data(tpdu, header, codes, start, ends[i], dcs)
        out.append((len(tpdu), "00" + bytes(tpdu).hex().upper()))
        start = ends[i]
    return out


def _codes(text):
    """Return the coding of a text, and its septets or octets."""
    if isinstance(text, (bytes, bytearray)):
        return _OCTETS, text
    codes = gsm7.encode(text)
    if codes is None:
        return _UCS2, ucs2.encode(text)
    return _GSM7, codes


def _header(reference, total, number, wide):
    """Return the user data header of a part (9.2.3.24.1, 9.2.3.24.8)."""
    if wide:
        return bytes((6, 8, 4, reference >> 8 & 255, reference & 255, total, number))
    return bytes((5, 0, 3, reference & 255, total, number))


def _ends(codes, dcs, wide):
    """Return where each part ends; no escape sequence and no surrogate pair is split."""
    whole, room, wide_room = _ROOM[dcs]
    if wide:
        room = wide_room
    size = len(codes)
    ends = []
    end = 0
    if size > whole:
        while size - end > room:
            end += room
            if dcs == _GSM7:
                if codes[end - 1] == gsm7.ESCAPE:
                    end -= 1
            elif dcs == _UCS2 and ucs2.splits_pair(codes, end):
                end -= 2
            ends.append(end)
    ends.append(size)
    return ends


def _append_user_data(tpdu, header, codes, start, end, dcs):
    """Append the length, counted in septets or octets (9.2.3.16), the header and the text."""
    size = end - start
    if dcs != _GSM7:
        tpdu.append(len(header) + size)
        tpdu += header
        tpdu += codes[start:end]
        return
    fill = -len(header) * 8 % 7
    tpdu.append((len(header) * 8 + fill) // 7 + size)
    tpdu += header
    tpdu += gsm7.pack(codes, start, end, fill)
