"""Parameters that declare themselves.

From one declaration follow the Conf command `NAME=value` with its limits and its `- OK`, the Inf
command `NAME?`, the factory default and the storage (spec chapters 2.7, 2.8 and 7).
"""

from powersocket.commands import ASSIGN, QUERY
from powersocket.texts import BLANKS, is_digits, upper


class Incorrect(Exception):
    """The value is not acceptable: answered by `Incorrect value!`."""


class Refusal(Exception):
    """The command is known but cannot be done now; the argument is the reply."""


class Parameter:
    """A setting with one value.

    name: as in the command; default: the factory's; aliases: other spellings that are accepted;
    forms: of its commands; broken: the value if what is stored cannot be used, the default unless
    that opened a door.
    """

    aliases: tuple = ()
    forms = ASSIGN + QUERY

    def __init__(self, name, default):
        self.name = name
        self.default = default

    @property
    def broken(self):
        return self.default

    def parse(self, text):
        """Return the value of what was typed. Raises Incorrect."""
        raise NotImplementedError

    def take(self, form, text, old):
        """Return (new value, how the reply shows it) of a command's text. Raises Incorrect."""
        value = self.parse(text)
        return value, self.show(value)

    def valid(self, value):
        """True if a stored value can be used: a record may be damaged, or from another version."""
        try:
            return type(value) is type(self.default) and (
                value == self.default or self.parse(str(value)) == value
            )
        except Incorrect:
            return False

    def show(self, value):
        """Return the value's normal form, as replies echo it."""
        return str(value)

    def answer(self, value):
        """Return the answer to `NAME?`."""
        return self.name + "=" + self.show(value)


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
        text = self.name + "=" + str(value)
        return text + " " + self.unit if self.unit else text


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


def whole(text, low, high):
    """Return the whole number that `text` is, from `low` to `high`. Raises Incorrect."""
    text = text.strip(BLANKS)
    if not is_digits(text) or len(text) > 9:
        raise Incorrect
    value = int(text)
    if not low <= value <= high:
        raise Incorrect
    return value
