# SPDX-License-Identifier: MIT
"""The alphabets of SMS and USSD (3GPP 23.038): GSM 7-bit with its extension table, and UCS2.

UCS2 is what phones send as UCS2: UTF-16, high octet first (6.2.3). National language tables (A.2
and A.3) are not supported. The header element that selects one is ignored, like any unsupported
element (23.040, 9.2.3.24), and the text is read with the default alphabet, whose digits and plain
letters most of them share.

Text is built as octets and read in slices. `chr()`, an index or a loop over the letters would
make MicroPython intern every new letter, and interned strings are never freed: messages in
Chinese would fill the memory for good. Besides, a list of letters takes four octets for each.
"""

from sim800 import const

# Alphabets of user data.
GSM7 = 0
OCTETS = 1  # no text: 8-bit data, or compressed
UCS2 = 2

ESCAPE = 0x1B

# A space stands in place of the escape: so it is shown if nothing follows (6.2.1.1, note 1).
_BASIC = (
    "@\u00a3$\u00a5\u00e8\u00e9\u00f9\u00ec\u00f2\u00c7\n\u00d8\u00f8\r\u00c5\u00e5"
    "\u0394_\u03a6\u0393\u039b\u03a9\u03a0\u03a8\u03a3\u0398\u039e \u00c6\u00e6\u00df\u00c9"
    " !\"#\u00a4%&'()*+,-./0123456789:;<=>?"
    "\u00a1ABCDEFGHIJKLMNOPQRSTUVWXYZ\u00c4\u00d6\u00d1\u00dc\u00a7"
    "\u00bfabcdefghijklmnopqrstuvwxyz\u00e4\u00f6\u00f1\u00fc\u00e0"
)
# The extension table: characters, and at the same index their codes (6.2.1.1).
_EXTENSION = "\f^{}\\[~]|\u20ac"
_EXTENSION_CODES = b"\x0a\x14\x28\x29\x2f\x3c\x3d\x3e\x40\x65"
_REPLACEMENT = const(0xFFFD)  # stands for half of a surrogate pair
_PAIRS = const(0x10000 - (0xD800 << 10) - 0xDC00)


def alphabet(dcs):
    """Return the alphabet of a data coding scheme: GSM7, OCTETS or UCS2 (23.038, 4).

    Reserved codings count as the GSM 7-bit default alphabet, as that clause demands.
    """
    group = dcs >> 4
    if group < 8:  # general data coding, and the same with automatic deletion
        if dcs & 0x20:
            return OCTETS  # compressed (23.042), in octets (23.040, 9.2.3.16)
        return dcs >> 2 & 3 if dcs & 12 < 12 else GSM7
    if group == 14:  # message waiting, stored; groups 12 and 13 use the default alphabet
        return UCS2
    return OCTETS if group == 15 and dcs & 4 else GSM7


def append_utf8(out, code):
    """Append the UTF-8 of a code point to a bytearray."""
    if code < 0x80:
        out.append(code)
        return
    more = 1 if code < 0x800 else 2 if code < 0x10000 else 3  # octets after the first one
    out.append(0xFF00 >> more + 1 & 0xFF | code >> 6 * more)
    while more:
        more -= 1
        out.append(0x80 | code >> 6 * more & 0x3F)


def decode_latin1(octets):
    """Return the text of octets that are one character each."""
    out = bytearray()
    for octet in octets:
        append_utf8(out, octet)
    return str(out, "utf-8")


def decode_ucs2(octets, start, end):
    """Return the text of octets[start:end]. Half a pair gives U+FFFD; an odd octet is dropped."""
    out = bytearray()
    high = 0
    for at in range(start, end - 1, 2):
        unit = octets[at] << 8 | octets[at + 1]
        low = unit & 0xFC00 == 0xDC00
        if high:
            append_utf8(out, (high << 10) + unit + _PAIRS if low else _REPLACEMENT)
        elif low:
            append_utf8(out, _REPLACEMENT)
        high = 0
        if unit & 0xFC00 == 0xD800:
            high = unit
        elif not low:
            append_utf8(out, unit)
    if high:
        append_utf8(out, _REPLACEMENT)
    return str(out, "utf-8")


def encode_ucs2(text):
    """Return the octets of a text as a bytearray; half a pair becomes U+FFFD."""
    out = bytearray()
    for at in range(len(text)):
        code = ord(text[at : at + 1])
        if code >= 0x10000:
            code -= 0x10000
            out += bytes((0xD8 | code >> 18, code >> 10 & 0xFF))
            code = 0xDC00 | code & 0x3FF
        elif code & 0xF800 == 0xD800:
            code = _REPLACEMENT
        out += bytes((code >> 8, code & 0xFF))
    return out


def encode_gsm7(text):
    """Return the septets of a text as a bytearray, or None if the alphabet lacks a character."""
    out = bytearray()
    for at in range(len(text)):
        char = text[at : at + 1]
        code = _BASIC.rfind(char)
        if code < 0:
            code = _EXTENSION.find(char)
            if code < 0:
                return None
            out.append(ESCAPE)
            code = _EXTENSION_CODES[code]
        out.append(code)
    return out


def decode_gsm7(octets, bit, count):
    """Return the text of `count` septets, packed into the octets from bit number `bit` on.

    After an escape, a code that the extension table lacks stands for its character in the basic
    table (6.2.1.1). A second escape, or one at the very end, is a space (6.2.1, 6.2.1.1, note 1).
    Raises IndexError if there are too few octets.
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
        append_utf8(
            out, ord(_BASIC[code : code + 1] if place < 0 else _EXTENSION[place : place + 1])
        )
        escaped = False
    if escaped:
        out.append(0x20)
    return str(out, "utf-8")


def pack(codes, start, end, fill=0):
    """Return the octets of the septets codes[start:end], after `fill` fill bits.

    Fill bits move a text that follows a header to a septet boundary (3GPP 23.040, 9.2.3.24).
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
