"""SMS-SUBMIT: texts to send (3GPP 23.040, 9.2.2.2)."""

from sim800 import gsm7, ucs2
from sim800.tpdu import PduError, encode_address

_MOST_PARTS = 255
# Room for user data in septets or octets: of one message, and of a part with its header.
_GSM7_WHOLE, _GSM7_PART = 160, 153
_UCS2_WHOLE, _UCS2_PART = 140, 134
_DCS_GSM7, _DCS_UCS2 = 0x00, 0x08


def encode_submit(number, text, reference, status_report=False):
    """Return a text as a list of (length for AT+CMGS, PDU in hex), one entry a part.

    The service centre is the SIM's own, the validity its default, the message reference the
    modem's. GSM 7-bit if its alphabet has every character, else UCS2.

    number: digits, with `+` if international. reference: 0..255, of the parts of a long text.
    status_report: the centre is asked to tell the fate of each part.
    PduError: no number, or more than 255 parts.
    """
    address = encode_address(number)
    codes = gsm7.encode(text)
    dcs = _DCS_GSM7
    if codes is None:
        codes = ucs2.encode(text)
        dcs = _DCS_UCS2
    ends = _ends(codes, dcs)
    total = len(ends)
    if total > _MOST_PARTS:
        raise PduError("text of %d parts" % total)
    out = []
    start = 0
    for i in range(total):
        header = b""
        if total > 1:
            header = bytes((5, 0, 3, reference & 255, total, i + 1))
        first = 0x01 | (0x40 if header else 0) | (0x20 if status_report else 0)
        tpdu = bytearray((first, 0))
        tpdu += address
        tpdu += bytes((0, dcs))
        _append_user_data(tpdu, header, codes, start, ends[i], dcs)
        out.append((len(tpdu), "00" + bytes(tpdu).hex().upper()))
        start = ends[i]
    return out


def _ends(codes, dcs):
    """Return where each part ends; no escape sequence and no surrogate pair is split."""
    whole, room = (_GSM7_WHOLE, _GSM7_PART) if dcs == _DCS_GSM7 else (_UCS2_WHOLE, _UCS2_PART)
    size = len(codes)
    ends = []
    end = 0
    if size > whole:
        while size - end > room:
            end += room
            if dcs == _DCS_GSM7:
                if codes[end - 1] == gsm7.ESCAPE:
                    end -= 1
            elif ucs2.splits_pair(codes, end):
                end -= 2
            ends.append(end)
    ends.append(size)
    return ends


def _append_user_data(tpdu, header, codes, start, end, dcs):
    """Append the length, counted in septets or octets (9.2.3.16), the header and the text."""
    size = end - start
    if dcs == _DCS_UCS2:
        tpdu.append(len(header) + size)
        tpdu += header
        tpdu += codes[start:end]
        return
    fill = -len(header) * 8 % 7
    tpdu.append((len(header) * 8 + fill) // 7 + size)
    tpdu += header
    tpdu += gsm7.pack(codes, start, end, fill)
