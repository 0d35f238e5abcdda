"""What a command is, and how the text of a message is matched to one.

A feature declares its commands once, as tuples `(form, name, kind, handler, ..flags)`; the table
that is looked up here, the documentation and the check of the table's rows follow from them.
"""

from powersocket.texts import BLANKS, is_alnum, is_digits, upper

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
WORD = "@"  # RENEWINTERVALabc123456: the name and letters or digits at once
STAR = "*"  # SIMCARD*100#: the star is part of the argument

# Flags of a command.
ANSWERED = "answered"  # the reply is sent also with SMSCONFIRM=OFF
SIGNAL = "signal"  # the reply tells the signal: it is asked for anew before


class Command:
    """One command of a model: what it is called and who carries it out.

    what: the name of the feature's method that does it, or the parameter that it is about.
    """

    def __init__(self, feature, form, name, kind, what, flags=()):
        self._feature = feature
        self.form = form
        self.name = name
        self.kind = kind
        self.what = what
        self.answered = kind == INF or ANSWERED in flags
        self.signal = SIGNAL in flags

    def carry_out(self, request):
        """Do it; return the reply, or None. Raises Refusal."""
        feature, what = self._feature, self.what
        if type(what) is str:
            return getattr(feature, what)(request)
        if self.form == QUERY:
            return feature.query(what, request)
        return feature.assign(what, request)


class CommandTable:
    """All commands of a model, found by the text of a message.

    features: what has `rows()`. The commands are made when they are looked for: they would be a
    tenth of the memory, and a message is rare.
    """

    def __init__(self, features):
        self._features = features

    def find(self, text):
        """Return (command, argument) for a trimmed text, or (None, "").

        Names are not case sensitive; the argument keeps its letters. Blanks around the `=` and
        after `+` and `-` are dropped.
        """
        word = upper(text)
        mark = 0  # where the first of these stands
        while mark < len(word) and word[mark] not in "=+-*":
            mark += 1
        head = word[:mark].rstrip(BLANKS) + word[mark : mark + 1]
        for feature in self._features:
            for row in feature.rows():
                form, name = row[0], row[1]
                if form == DIGITS or form == WORD:
                    fits = is_digits if form == DIGITS else is_alnum
                    if word.startswith(name) and fits(word[len(name) :]):
                        return Command(feature, *row), text[len(name) :]
                elif form == PLAIN or form == QUERY:
                    if word == name + form:
                        return Command(feature, *row), ""
                elif head == name + form:
                    return Command(feature, *row), text[mark + (form != STAR) :].strip(BLANKS)
        return None, ""
