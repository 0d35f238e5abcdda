"""SMS-SUBMIT: texts to send (3GPP 23.040, 9.2.2.2)."""

from sim800 import gsm7, ucs2
from sim800.tpdu import PduError, encode_address

_MOST_PARTS = 255
_GSM7, _OCTETS, _UCS2 = 0x00, 0x04, 0x08  # TP-DCS
_ROOM = 140  # octets of user data, with the header


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
    dcs, bits = _OCTETS, 8
    codes = text
    if isinstance(text, str):
        dcs, bits = _GSM7, 7
        codes = gsm7.encode(text)
        if codes is None:
            dcs, bits = _UCS2, 8
            codes = ucs2.encode(text)
    # Where each part ends; no escape sequence and no surrogate pair is split.
    size = len(codes)
    lead = 0  # octets of the header
    if size > _ROOM * 8 // bits:
        lead = 7 if wide else 6
    room = (_ROOM - lead) * 8 // bits
    if dcs == _UCS2:
        room &= -2
    ends: list[int] = []
    end = 0
    while end < size or not ends:
        end += room
        if end >= size:
            end = size
        elif dcs == _GSM7:
            end -= codes[end - 1] == gsm7.ESCAPE
        elif dcs == _UCS2 and codes[end - 2] & 0xFC == 0xD8:
            end -= 2
        ends.append(end)
    if len(ends) > _MOST_PARTS:
        raise PduError("text of %d parts" % len(ends))
    out: list[tuple[int, str]] = []
    start = 0
    fill = -lead * 8 % bits
    first = 0x01 | (0x40 if lead else 0) | (0x20 if status_report else 0)
    for end in ends:
        tpdu = bytearray((first, 0))
        tpdu += address
        tpdu += bytes((0, dcs, (lead * 8 + fill) // bits + end - start))  # in septets or octets
        if lead:  # 9.2.3.24.1, 9.2.3.24.8
            tpdu += bytes((6, 8, 4, reference >> 8 & 255)) if wide else b"\x05\x00\x03"
            tpdu += bytes((reference & 255, len(ends), len(out) + 1))
        tpdu += gsm7.pack(codes, start, end, fill) if bits == 7 else codes[start:end]
        out.append((len(tpdu), "00" + bytes(tpdu).hex().upper()))
        start = end
    return out
