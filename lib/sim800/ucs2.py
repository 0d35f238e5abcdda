"""UCS2 as phones mean it: UTF-16, high octet first (3GPP 23.038, 6.2.3)."""

from sim800 import utf8

_REPLACEMENT = 0xFFFD  # stands for half of a surrogate pair


def decode(octets, start, end):
    """Return the text of octets[start:end]. Half a pair shows U+FFFD, an odd octet is dropped."""
    out = bytearray()
    high = 0
    for at in range(start, end - 1, 2):
        unit = octets[at] << 8 | octets[at + 1]
        low = unit & 0xFC00 == 0xDC00
        if high and low:
            utf8.append(out, 0x10000 + ((high & 0x3FF) << 10) + (unit & 0x3FF))
            high = 0
            continue
        if high:
            utf8.append(out, _REPLACEMENT)
        high = unit if unit & 0xFC00 == 0xD800 else 0
        if not high:
            utf8.append(out, _REPLACEMENT if low else unit)
    if high:
        utf8.append(out, _REPLACEMENT)
    return str(out, "utf-8")


def encode(text):
    """Return the octets of a text as a bytearray; half a pair becomes U+FFFD."""
    out = bytearray()
    for char in text:
        code = ord(char)
        if code >= 0x10000:
            code -= 0x10000
            _append(out, 0xD800 | code >> 10)
            code = 0xDC00 | code & 0x3FF
        elif code & 0xF800 == 0xD800:
            code = _REPLACEMENT
        _append(out, code)
    return out


def _append(out, unit):
    out.append(unit >> 8)
    out.append(unit & 0xFF)


def splits_pair(octets, at):
    """Return True if a cut before octets[at] would part the two halves of a pair."""
    return octets[at - 2] & 0xFC == 0xD8
