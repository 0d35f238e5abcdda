# SPDX-License-Identifier: MIT
"""Settings, each declared once; and functions for typed text.

One declaration gives the Conf command `NAME=value` with its limits and its `- OK`, the Inf command
`NAME?`, the factory default and the storage (spec chapters 2.7, 2.8 and 7). Stored values are
checked once, when the record is loaded (record.py).
"""

from powersocket import const

MOST_NUMBERS = const(10)  # in a list
_LONGEST_NUMBER = const(15)  # digits, E.164
FULL = "List is full!"
BLANKS = " \t\r\n"
DIGITS = b"0123456789"
LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Incorrect(Exception):
    """The value is not acceptable; the reply is `Incorrect value!`."""


class Refusal(Exception):
    """The command is known but cannot be done now; the argument is the reply."""


class Parameter:
    """A setting with one value.

    name: as in the command; default: the factory default; forms: last characters of its commands,
    see `Feature`; suffix: what is appended to the typed text to store it.
    """

    forms = "=?"
    suffix = ""

    def __init__(self, name, default):
        self.name = name
        self.default = default

    def parse(self, text):
        """Return the value of the typed text. Raises Incorrect."""
        raise NotImplementedError

    def take(self, form, text, old):
        """Return (new value, how the reply shows it) of a command's text. Raises Incorrect."""
        value = self.parse(text)
        return value, self.show(value)

    def show(self, value):
        """Return the value as replies show it."""
        return str(value)

    def typed(self, value):
        """Return what has to be typed for a value."""
        return self.show(value)

    def answer(self, value):
        """Return the answer to `NAME?`."""
        return self.name + "=" + self.show(value)


ON_OFF = ("ON", "OFF")  # of a Choice whose factory default is ON
OFF_ON = ("OFF", "ON")


class Number(Parameter):
    """A whole number from `low` to `high`; `unit` follows it in the answer to `NAME?`."""

    def __init__(self, name, default, low, high, unit=""):
        super().__init__(name, default)
        self.low = low
        self.high = high
        self.unit = unit

    def parse(self, text):
        return whole(text, self.low, self.high)

    def answer(self, value):
        return (self.name + "=" + self.show(value) + " " + self.unit).rstrip()


class Limit(Number):
    """A Number, or OFF, which is stored as 0."""

    def parse(self, text):
        return 0 if upper(text) == "OFF" else super().parse(text)

    def show(self, value):
        return str(value) if value else "OFF"


class Choice(Parameter):
    """One of a fixed set of words; the first is the factory default."""

    def __init__(self, name, choices):
        super().__init__(name, choices[0])
        self.choices = choices

    def parse(self, text):
        word = upper(text)
        if word not in self.choices:
            raise Incorrect
        return word

    def answer(self, value):
        words = ["(" + c + ")" if c == value else c for c in self.choices]
        return self.name + "=" + ",".join(words)


class Secret(Parameter):
    """`size` letters or digits, or NO. Never shown: stars stand for it."""

    def __init__(self, name, size):
        super().__init__(name, "")
        self.size = size

    def parse(self, text):
        if upper(text) == "NO":
            return ""
        if len(text) != self.size or not consists_of(text, DIGITS + LETTERS):
            raise Incorrect
        return text

    def show(self, value):
        return "*" * self.size if value else "NO"

    def typed(self, value):
        return value or "NO"


class NumberList(Parameter):
    """Up to ten phone numbers in the order in which they were added."""

    forms = "+-?"

    def take(self, form, text, old):
        if form == "-" and upper(text) == "ALL":
            return [], "ALL"
        number = self.parse(text)
        if form == "+":
            return self.add(old, number), number
        if number not in old:
            raise Incorrect
        return [n for n in old if n != number], number

    def parse(self, text):
        """Return the digits of one number. Raises Incorrect."""
        number = plain_number(text)
        if not consists_of(number, DIGITS) or len(number) > _LONGEST_NUMBER:
            raise Incorrect
        return number

    def answer(self, value):
        return "%ss: %s" % (self.name, ", ".join(value)) if value else "No %ss!" % self.name

    def add(self, value, number):
        """Return the list with a number in it; one that is there already stays.

        Raises Refusal if the list is full, Incorrect if no list can hold that number.
        """
        number = self.parse(number)
        if number in value:
            return value
        if len(value) >= MOST_NUMBERS:
            raise Refusal(FULL)
        return value + [number]


def whole(text, low, high):
    """Return the whole number that `text` is, from `low` to `high`. Raises Incorrect.

    Leading zeros are dropped, however many; there are no signs and no blanks (spec chapter 9.4).
    """
    digits = text.lstrip("0")
    if not consists_of(text, DIGITS) or len(digits) > 9:
        raise Incorrect
    value = int(digits or "0")
    if not low <= value <= high:
        raise Incorrect
    return value


# MicroPython interns each letter that a loop or an index takes out of a str, and never frees it: a
# stranger's messages could fill the memory. So typed texts are read as bytes.


def upper(text):
    """Change a to z alone to upper case: no letter of another script becomes part of a command."""
    return str(text.encode().upper(), "utf-8")


def consists_of(text, characters):
    """True if a text has one or more characters, all of these (bytes). DIGITS are ASCII digits."""
    for octet in text.encode():
        if octet not in characters:
            return False
    return len(text) > 0


def plain_number(number):
    """Return a phone number as it is stored and compared: without `+` and leading `00`.

    The result of a result is the same: what is stored is checked again when it is loaded.
    """
    if number.startswith("+"):
        number = number[1:]
    while number.startswith("00"):
        number = number[2:]
    return number


def same(a, b):
    """Return True if two secrets are equal; the time taken does not show where they differ."""
    a, b = a.encode(), b.encode()
    wrong = len(a) ^ len(b)
    for i in range(len(b)):
        wrong |= b[i] ^ (a[i] if i < len(a) else 0)
    return wrong == 0
