"""Text built as octets.

`chr()` and a list of characters would cost a MicroPython heap twice: eight octets of list for
each letter, and an entry in the table of interned strings, never freed, for each letter that was
not seen before. A bytearray costs one to four octets, once.
"""


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
