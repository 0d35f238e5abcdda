"""SMSCONFIRM, ERROR: which replies are sent, and how many errors (manual chapters 6.1, 6.3)."""

from powersocket import const
from powersocket.features import Feature
from powersocket.settings import Choice

_TO_ONE = const(5)
_SPAN_ONE = const(600)  # error replies to one number, in so many seconds
_TO_ALL = const(20)
_SPAN_ALL = const(3600)


class Confirmation(Feature):
    """Two switches; the interpreter follows them when it has an answer.

    Chapters: SMSCONFIRM 6.1; ERROR 6.3.
    """

    parameters = (Choice("SMSCONFIRM", ("ON", "OFF")), Choice("ERROR", ("ON", "OFF")))

    def assign(self, parameter, request):
        if parameter.name == "SMSCONFIRM":
            request.always = True  # the last reply for now says that there will be no more
        return super().assign(parameter, request)


class ErrorLimits:
    """Counts error replies in a sliding window: nobody drains the SIM's credit with them."""

    def __init__(self):
        self._sent = []  # (uptime in seconds, number), oldest first

    def take(self, number, now):
        """Return how many may go to a number now, this one included, and count it: 0 for none."""
        self._sent = [s for s in self._sent if now - s[0] < _SPAN_ALL]
        recent = [s for s in self._sent if s[1] == number and now - s[0] < _SPAN_ONE]
        left = min(_TO_ONE - len(recent), _TO_ALL - len(self._sent))
        if left > 0:
            self._sent.append((now, number))
        return left
