"""The GSM 7-bit default alphabet with its extension table, packed and unpacked (3GPP 23.038).

National language tables (23.038, A.2 and A.3) are not here: the header element that selects them
is ignored, as any that is not supported (23.040, 9.2.3.24), and the text read with the default
alphabet, whose digits and plain letters most of them share.
"""

from sim800.ucs2 import append

ESCAPE = 0x1B

# At the place of the escape a space, as which one is shown that nothing follows (6.2.1.1, note 1).
_BASIC = (
    "@\u00a3$\u00a5\u00e8\u00e9\u00f9\u00ec\u00f2\u00c7\n\u00d8\u00f8\r\u00c5\u00e5"
    "\u0394_\u03a6\u0393\u039b\u03a9\u03a0\u03a8\u03a3\u0398\u039e \u00c6\u00e6\u00df\u00c9"
    " !\"#\u00a4%&'()*+,-./0123456789:;<=>?"
    "\u00a1ABCDEFGHIJKLMNOPQRSTUVWXYZ\u00c4\u00d6\u00d1\u00dc\u00a7"
    "\u00bfabcdefghijklmnopqrstuvwxyz\u00e4\u00f6\u00f1\u00fc\u00e0"
)
# The extension table: a character, and at the same place its code (6.2.1.1).
_EXTENSION = "\f^{}\\[~]|\u20ac"
_EXTENSION_CODES = b"\x0a\x14\x28\x29\x2f\x3c\x3d\x3e\x40\x65"


def encode(text):
    """Return the septets of a text as a bytearray, or None if the alphabet lacks a character."""
    out = bytearray()
    for char in text:
        code = _BASIC.rfind(char)
        if code < 0:
            code = _EXTENSION.find(char)
            if code < 0:
                return None
            out.append(ESCAPE)
            code = _EXTENSION_CODES[code]
        out.append(code)
    return out


def decode(octets, bit, count):
    """Return the text of `count` septets, packed from that bit of the octets on.

    An escape before a code that the extension table lacks shows the character of the basic table
    (6.2.1.1); a second escape, or one at the very end, shows a space (6.2.1, 6.2.1.1, note 1).
    IndexError: there are not so many octets.
    """
    out = bytearray()
    escaped = False
    for at in range(bit, bit + count * 7, 7):
        shift = at & 7
        at >>= 3
        code = octets[at] >> shift
        if shift > 1:
            code |= octets[at + 1] << (8 - shift)
        code &= 0x7F
        if code == ESCAPE and not escaped:
            escaped = True
            continue
        place = _EXTENSION_CODES.find(bytes((code,))) if escaped else -1
        append(out, ord(_BASIC[code] if place < 0 else _EXTENSION[place]))
        escaped = False
    if escaped:
        out.append(0x20)
    return str(out, "utf-8")


def pack(codes, start, end, fill=0):
    """Return the octets of the septets codes[start:end], behind that many fill bits.

    The fill bits bring a text behind a header to a septet boundary (3GPP 23.040, 9.2.3.24).
    """
    out = bytearray()
    bits, held = 0, fill
    for i in range(start, end):
        bits |= codes[i] << held
        held += 7
        if held >= 8:
            out.append(bits & 0xFF)
            bits >>= 8
            held -= 8
    if held:
        out.append(bits)
    return out
