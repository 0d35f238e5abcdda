"""Lists of phone numbers as parameters: `NAME+n`, `NAME-n`, `NAME-ALL`, `NAME?`."""

from powersocket.commands import ADD, QUERY, REMOVE
from powersocket.parameters import Incorrect, Parameter, Refusal
from powersocket.texts import BLANKS, is_digits, plain_number, upper

_MOST = 10  # numbers in a list
_LONGEST = 15  # digits, E.164
FULL = "List is full!"


class NumberList(Parameter):
    """Up to ten phone numbers in the order in which they were added."""

    forms = ADD + REMOVE + QUERY

    def __init__(self, name):
        super().__init__(name, [])

    def take(self, form, text, old):
        if form == REMOVE and upper(text) == "ALL":
            return [], "ALL"
        number = self.parse(text)
        if form == ADD:
            return self.add(old, number), number
        if number not in old:
            raise Incorrect
        return [n for n in old if n != number], number

    def parse(self, text):
        """Return the digits of one number. Raises Incorrect."""
        number = plain_number(text.strip(BLANKS))
        if not _listable(number):
            raise Incorrect
        return number

    def valid(self, value):
        if type(value) is not list or len(value) > _MOST:
            return False
        return all([type(n) is str and _listable(n) for n in value])

    def answer(self, value):
        return self.name + "s: " + ", ".join(value) if value else "No " + self.name + "s!"

    def add(self, value, number):
        """Return the list with a number in it; one that is there already stays.

        Raises Refusal if the list is full, Incorrect if no list can hold that number.
        """
        if not _listable(number):
            raise Incorrect
        if number in value:
            return value
        if len(value) >= _MOST:
            raise Refusal(FULL)
        return value + [number]


def _listable(number):
    return is_digits(number) and len(number) <= _LONGEST
