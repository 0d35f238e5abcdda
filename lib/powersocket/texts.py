"""Text helpers that behave alike on CPython and MicroPython, whatever a message holds."""

BLANKS = " \t\r\n"
DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def upper(text):
    """Upper case of a to z alone: a letter of another script never becomes part of a command."""
    return "".join([chr(ord(c) - 32) if "a" <= c <= "z" else c for c in text])


def consists_of(text, characters):
    """True for one or more of these characters; the digits of other scripts are not DIGITS."""
    for c in text:
        if c not in characters:
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
    """Compare two secrets; the time it takes does not show where they differ."""
    a, b = a.encode(), b.encode()
    wrong = len(a) ^ len(b)
    for i in range(len(b)):
        wrong |= b[i] ^ (a[i] if i < len(a) else 0)
    return wrong == 0
