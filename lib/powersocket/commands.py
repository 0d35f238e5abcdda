"""What a command is, and how the text of a message is matched to one.

A feature declares its commands once, as tuples `(form, name, kind, handler, ..flags)`; the table
that is looked up here, the documentation and the check of the table's rows follow from them.
"""

from powersocket.texts import BLANKS, is_digits, upper

# Three types of commands (manual chapter 4.1).
CONF = "Conf"  # configures; limited by the configuration window
INF = "Inf"  # tells
CTRL = "Ctrl"  # acts

# Forms: how the text after the name looks.
PLAIN = ""  # STATUS
QUERY = "?"  # RESTARTTIME?
ASSIGN = "="  # RESTARTTIME=5
ADD = "+"  # SECNUMBER+358401
REMOVE = "-"  # SECNUMBER-358401
DIGITS = "#"  # ON30: the name and digits at once
STAR = "*"  # SIMCARD*100#: the star is part of the argument

# Flags of a command.
ANSWERED = "answered"  # the reply is sent also with SMSCONFIRM=OFF
SIGNAL = "signal"  # the reply tells the signal: it is asked for anew before


class Command:
    """One command of a model: what it is called and who carries it out."""

    def __init__(self, form, name, kind, handler, flags=()):
        self.form = form
        self.name = name
        self.kind = kind
        self.handler = handler
        self.answered = kind == INF or ANSWERED in flags
        self.signal = SIGNAL in flags


class CommandTable:
    """All commands of a model, found by the text of a message."""

    def __init__(self):
        self._by_key = {}
        self._with_digits = []

    def add(self, command):
        """Take a command; two of the same key are a mistake of the model."""
        key = command.name + command.form
        if key in self._by_key:
            raise ValueError("command declared twice: " + key)
        self._by_key[key] = command
        if command.form == DIGITS:
            self._with_digits.append(command)

    def find(self, text):
        """Return (command, argument) for a trimmed text, or (None, "").

        Names are not case sensitive; the argument keeps its letters. Blanks around the `=` and
        after `+` and `-` are dropped.
        """
        word = upper(text)
        command = self._by_key.get(word)
        if command is not None and command.form in (PLAIN, QUERY):
            return command, ""
        for i in range(len(word)):
            if word[i] in "=+-*":
                command = self._by_key.get(word[:i].rstrip(BLANKS) + word[i])
                if command is None or command.form == PLAIN:
                    break
                return command, text[i + (command.form != STAR) :].strip(BLANKS)
        for command in self._with_digits:
            size = len(command.name)
            if word.startswith(command.name) and is_digits(word[size:]):
                return command, text[size:]
        return None, ""

    def all(self):
        """Return every command, sorted by key: for the documentation."""
        return [self._by_key[key] for key in sorted(self._by_key)]
