"""The limits of error replies: nobody drains the SIM's credit or starts an answering loop."""

_TO_ONE = (5, 600)  # replies to one number, in so many seconds
_TO_ALL = (20, 3600)


class Limiter:
    """Counts error replies in a sliding window; told the time in seconds of uptime."""

    def __init__(self):
        self._sent = []  # (when, number), oldest first

    def allows(self, number, now):
        """Tell whether one more may go to a number now, and count it if so."""
        self._sent = [s for s in self._sent if now - s[0] < _TO_ALL[1]]
        if len(self._sent) >= _TO_ALL[0]:
            return False
        recent = [s for s in self._sent if s[1] == number and now - s[0] < _TO_ONE[1]]
        if len(recent) >= _TO_ONE[0]:
            return False
        self._sent.append((now, number))
        return True
