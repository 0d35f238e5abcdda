# SPDX-License-Identifier: MIT
"""SMSCONFIRM and ERROR: which replies are sent, and how many errors (chapters 6.1 and 6.3)."""

from powersocket import const
from powersocket.features import Feature
from powersocket.settings import ON_OFF, Choice

_TO_ONE = const(5)  # error replies to one number,
_SPAN_ONE = const(600)  # in so many seconds
_TO_ALL = const(20)  # and to all numbers together
_SPAN_ALL = const(3600)


class Confirmation(Feature):
    """Two switches, which `Interpreter.answer` obeys, and the limits of error replies.

    The limits keep anybody from using up the SIM's credit with errors.

    Chapters: SMSCONFIRM 6.1; ERROR 6.3.
    """

    _sent: list = []  # errors: (uptime in seconds, number), oldest first
    parameters = (Choice("SMSCONFIRM", ON_OFF), Choice("ERROR", ON_OFF))

    def assign(self, parameter, request):
        if parameter.name == "SMSCONFIRM":
            request.always = True  # the reply to SMSCONFIRM=OFF is the last one
        return super().assign(parameter, request)

    def errors_left(self, number, now):
        """Return how many errors may go to a number now, this one included, and count it."""
        self._sent = [(when, to) for when, to in self._sent if now - when < _SPAN_ALL]
        to_one = [when for when, to in self._sent if to == number and now - when < _SPAN_ONE]
        left = min(_TO_ONE - len(to_one), _TO_ALL - len(self._sent))
        if left > 0:
            self._sent = self._sent + [(now, number)]
        return left
