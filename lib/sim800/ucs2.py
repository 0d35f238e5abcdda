"""UCS2 as phones mean it: UTF-16, high octet first (3GPP 23.038, 6.2.3).

Text is built as octets: `chr()` and a list of characters would cost a MicroPython heap twice,
eight octets of list for each letter, and an entry in the table of interned strings, never freed,
for each letter that was not seen before. A bytearray costs one to four octets, once.
"""

_REPLACEMENT = 0xFFFD  # stands for half of a surrogate pair
_PAIRS = 0x10000 - (0xD800 << 10) - 0xDC00


def append(out, code):
    """Append the UTF-8 of a code point to a bytearray."""
    if code < 0x80:
        out.append(code)
        return
    if code < 0x800:
        out.append(0xC0 | code >> 6)
    else:
        if code < 0x10000:
            out.append(0xE0 | code >> 12)
        else:
            out.append(0xF0 | code >> 18)
            out.append(0x80 | code >> 12 & 0x3F)
        out.append(0x80 | code >> 6 & 0x3F)
    out.append(0x80 | code & 0x3F)


def decode(octets, start, end):
    """Return the text of octets[start:end]. Half a pair shows U+FFFD, an odd octet is dropped."""
    out = bytearray()
    high = 0
    for at in range(start, end - 1, 2):
        unit = octets[at] << 8 | octets[at + 1]
        low = unit & 0xFC00 == 0xDC00
        if high:
            append(out, (high << 10) + unit + _PAIRS if low else _REPLACEMENT)
        elif low:
            append(out, _REPLACEMENT)
        high = 0
        if unit & 0xFC00 == 0xD800:
            high = unit
        elif not low:
            append(out, unit)
    if high:
        append(out, _REPLACEMENT)
    return str(out, "utf-8")


def encode(text):
    """Return the octets of a text as a bytearray; half a pair becomes U+FFFD."""
    out = bytearray()
    for char in text:
        code = ord(char)
        if code >= 0x10000:
            code -= 0x10000
            out += bytes((0xD8 | code >> 18, code >> 10 & 0xFF))
            code = 0xDC00 | code & 0x3FF
        elif code & 0xF800 == 0xD800:
            code = _REPLACEMENT
        out += bytes((code >> 8, code & 0xFF))
    return out
