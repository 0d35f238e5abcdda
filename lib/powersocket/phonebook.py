"""Lists of phone numbers as parameters: `NAME+n`, `NAME-n`, `NAME-ALL`, `NAME?`."""

from powersocket.commands import ADD, CONF, INF, QUERY, REMOVE
from powersocket.parameters import Incorrect, Parameter, Refusal
from powersocket.texts import BLANKS, is_digits, plain_number, upper

_MOST = 10  # numbers in a list
_LONGEST = 15  # digits, E.164
FULL = "List is full!"


class NumberList(Parameter):
    """Up to ten phone numbers in the order in which they were added."""

    def __init__(self, name):
        super().__init__(name, [])

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


def list_commands(feature, parameter):
    """Return the commands of a list; the feature hears `parameter_changed` of each change."""
    device = feature.device
    name = parameter.name

    def store(value, now):
        device.set(name, value)
        feature.parameter_changed(name, now)

    def add(request):
        number = parameter.parse(request.argument)
        store(parameter.add(device.get(name), number), request.now)
        return name + "+" + number + " - OK"

    def remove(request):
        if upper(request.argument) == "ALL":
            store([], request.now)
            return name + "-ALL - OK"
        number = parameter.parse(request.argument)
        value = device.get(name)
        if number not in value:
            raise Incorrect
        store([n for n in value if n != number], request.now)
        return name + "-" + number + " - OK"

    def query(request):
        return parameter.answer(device.get(name))

    return (
        (ADD, name, CONF, add),
        (REMOVE, name, CONF, remove),
        (QUERY, name, INF, query),
    )
