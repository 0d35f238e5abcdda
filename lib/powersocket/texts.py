"""Small text helpers that behave alike on CPython and MicroPython, whatever a message holds."""

BLANKS = " \t\r\n"
_DIGITS = "0123456789"
_ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def upper(text):
    """Upper case of a to z alone: a letter of another script never becomes part of a command."""
    return "".join([chr(ord(c) - 32) if "a" <= c <= "z" else c for c in text])


def is_digits(text):
    """True for one or more of 0 to 9; digits of other scripts are none."""
    for c in text:
        if c not in _DIGITS:
            return False
    return len(text) > 0


def is_alnum(text):
    """True for one or more ASCII letters or digits."""
    for c in text:
        if c not in _ALNUM:
            return False
    return len(text) > 0


def plain_number(number):
    """A phone number as it is kept and compared: `+` and a leading `00` dropped."""
    if number.startswith("+"):
        return number[1:]
    if number.startswith("00"):
        return number[2:]
    return number


def same(a, b):
    """Compare two secrets; the time taken tells nothing of where they differ."""
    a, b = a.encode(), b.encode()
    wrong = len(a) ^ len(b)
    for i in range(len(b)):
        wrong |= b[i] ^ (a[i] if i < len(a) else 0)
    return wrong == 0
