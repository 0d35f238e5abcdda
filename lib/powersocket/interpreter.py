"""From a message to a reply: who is it, is it in time, which command (spec chapters 2 and 9.3).

The order of the checks is the order of the functions here. Nothing of a message reaches a feature
before `_admitted` and `_password` have let it through.
"""

from powersocket.commands import CONF
from powersocket.message import Request
from powersocket.parameters import Incorrect, Refusal
from powersocket.texts import BLANKS, upper

LONGEST = 30  # characters of a command, password not counted

INCORRECT = "Incorrect value!"
FAULT = "Execute error!"
DENIED = "Access deny!"
WRONG_PASSWORD = "Invalid access password!"
# What follows these names and a `=` is never repeated.
_SECRETS = ("PASSWORD", "RENEWINTERVALPW")


class Answer:
    """What is to be said to a message: a text, and whether it is an error."""

    def __init__(self, text, error=False, always=False):
        self.text = text
        self.error = error
        self.always = always


class Interpreter:
    """Finds, checks and carries out the command of a message."""

    def __init__(self, device, table, dialect):
        self._device = device
        self._table = table
        self._dialect = dialect

    def carry_out(self, message, now):
        """Carry out a message; return an Answer, or None if nothing is to be said."""
        guard = self._device.guard
        if guard is not None and not guard.admits(message):
            return Answer(DENIED, True) if guard.denies_aloud() else None
        text = message.text.strip(BLANKS)
        password = True
        if guard is not None:
            password, text = guard.take_password(message, text, now)
        if password is None or len(text) > LONGEST or not text:
            return None
        command, argument = self._table.find(text)
        if not password:
            return self._without_password(text, command)
        if command is None:
            return Answer(mask(text) + self._dialect.unknown, True)
        if guard is not None and command.kind == CONF:
            if not guard.configurable(now):
                return Answer(mask(text) + self._dialect.expired, True)
            guard.renew(now)
        return self._execute(command, Request(message, command, argument, now))

    def _without_password(self, text, command):
        """The password is missing or wrong: tell only that, and only if a command was meant."""
        if command is None:
            command = self._table.find(text[5:].strip(BLANKS))[0]
        if command is None:
            return Answer(mask(text) + self._dialect.unknown, True)
        return Answer(WRONG_PASSWORD, True)

    def _execute(self, command, request):
        try:
            text = command.carry_out(request)
        except Incorrect:
            return Answer(INCORRECT, True)
        except Refusal as refusal:
            return Answer(refusal.args[0], True)
        except Exception as error:
            self._device.fault(command.name, error)
            return Answer(FAULT, True)
        if text is None:
            return None
        return Answer(text, False, request.answered)


def mask(text):
    """Return a text with what follows the first `PASSWORD=` or `RENEWINTERVALPW=` as stars."""
    word = upper(text)
    for i in range(len(text)):
        if text[i] == "=" and _ends_secret(word[:i].rstrip(BLANKS)):
            return text[: i + 1] + "*" * (len(text) - i - 1)
    return text


def _ends_secret(word):
    return any([word.endswith(name) for name in _SECRETS])
