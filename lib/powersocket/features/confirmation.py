# SPDX-License-Identifier: MIT
"""SMSCONFIRM, ERROR, SMSLIMIT: which messages are sent, and how many (chapters 6.1 and 6.3)."""

from powersocket import const
from powersocket.features import Feature
from powersocket.settings import ON_OFF, Choice, Limit

_TO_ONE = const(5)  # error replies to one number,
_SPAN_ONE = const(600)  # in so many seconds
_TO_ALL = const(20)  # and to all numbers together
_SPAN_ALL = const(3600)


class Confirmation(Feature):
    """Two switches, which `Interpreter.answer` obeys, and the limits of messages.

    The limits keep anybody from using up the SIM's credit. That of all messages of a day is kept
    by the outbox (beyond the manuals; spec chapter 10.3).
    """

    _sent: list = []  # errors: (uptime in seconds, number), oldest first
    section = "budget"
    survives_reset = True  # what was sent has been paid for
    parameters = (
        Choice("SMSCONFIRM", ON_OFF),
        Choice("ERROR", ON_OFF),
        Limit("SMSLIMIT", 100, 10, 500),
    )

    def assign(self, parameter, request):
        if parameter.name == "SMSCONFIRM":
            request.always = True  # the reply to SMSCONFIRM=OFF is the last one
        return super().assign(parameter, request)

    def query(self, parameter, request):
        reply = super().query(parameter, request)
        if parameter.name == "SMSLIMIT":
            sent = self.device.outbox.today(request.now)["sent"]
            reply += "\nSent today: " + str(sent)
        return reply

    def errors_left(self, number, now):
        """Return how many errors may go to a number now, this one included, and count it."""
        self._sent = [(when, to) for when, to in self._sent if now - when < _SPAN_ALL]
        to_one = [when for when, to in self._sent if to == number and now - when < _SPAN_ONE]
        left = min(_TO_ONE - len(to_one), _TO_ALL - len(self._sent))
        if left > 0:
            self._sent = self._sent + [(now, number)]
        return left
