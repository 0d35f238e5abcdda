"""The GSM 7-bit default alphabet and its extension table, packed and unpacked (3GPP 23.038)."""

_BASIC = (
    "@\u00a3$\u00a5\u00e8\u00e9\u00f9\u00ec\u00f2\u00c7\n\u00d8\u00f8\r\u00c5\u00e5"
    "\u0394_\u03a6\u0393\u039b\u03a9\u03a0\u03a8\u03a3\u0398\u039e\x1b\u00c6\u00e6\u00df\u00c9"
    " !\"#\u00a4%&'()*+,-./0123456789:;<=>?"
    "\u00a1ABCDEFGHIJKLMNOPQRSTUVWXYZ\u00c4\u00d6\u00d1\u00dc\u00a7"
    "\u00bfabcdefghijklmnopqrstuvwxyz\u00e4\u00f6\u00f1\u00fc\u00e0"
)
ESCAPE = 0x1B
_EXTENSION = (
    (0x0A, "\f"),
    (0x14, "^"),
    (0x28, "{"),
    (0x29, "}"),
    (0x2F, "\\"),
    (0x3C, "["),
    (0x3D, "~"),
    (0x3E, "]"),
    (0x40, "|"),
    (0x65, "\u20ac"),
)


def septets(char):
    """Return the septets of a character, (n,) or (ESCAPE, n), or None if it has none."""
    code = _BASIC.find(char)
    if code >= 0 and code != ESCAPE:
        return (code,)
    for code, extended in _EXTENSION:
        if extended == char:
            return (ESCAPE, code)
    return None


def text(codes):
    """Return the text of septets.

    An escape before what the extension table lacks shows the basic character; two escapes, or one
    at the end, show a blank (3GPP 23.038, 6.2.1 and its note 1).
    """
    chars = []
    escaped = False
    for code in codes:
        if not escaped and code == ESCAPE:
            escaped = True
        elif escaped:
            escaped = False
            chars.append(_extended(code))
        else:
            chars.append(_BASIC[code])
    if escaped:
        chars.append(" ")
    return "".join(chars)


def _extended(code):
    for known, char in _EXTENSION:
        if known == code:
            return char
    return " " if code == ESCAPE else _BASIC[code]


def pack(codes, fill=0):
    """Return the octets of septets, after `fill` bits that align them behind a header."""
    out = bytearray()
    bits, held = 0, fill
    for code in codes:
        bits |= code << held
        held += 7
        if held >= 8:
            out.append(bits & 0xFF)
            bits >>= 8
            held -= 8
    if held:
        out.append(bits & 0xFF)
    return bytes(out)


def unpack(octets, count, fill=0):
    """Return `count` septets of packed octets, the first `fill` bits skipped."""
    codes = []
    position = fill
    size = len(octets)
    for _ in range(count):
        at, shift = position >> 3, position & 7
        value = octets[at] >> shift
        if shift > 1 and at + 1 < size:
            value |= octets[at + 1] << (8 - shift)
        codes.append(value & 0x7F)
        position += 7
    return codes
