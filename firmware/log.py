"""The device's log: the last lines in memory, and every line to whoever listens."""

_KEPT = 40  # lines
_WIDTH = 160  # characters of a line


class Log:
    """A bounded log. It is called with one line; secrets and texts of messages never come here.

    out: called with each line, e.g. `print`; uptime: called for the seconds that lead the line.
    """

    def __init__(self, out, uptime):
        self._out = out
        self._uptime = uptime
        self.lines = []

    def __call__(self, line):
        line = str(self._uptime()) + " " + line[:_WIDTH]
        self.lines.append(line)
        if len(self.lines) > _KEPT:
            self.lines.pop(0)
        self._out(line)
