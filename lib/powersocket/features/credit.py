# SPDX-License-Identifier: MIT
"""The SIM's credit: CREDITUMS, CREDIT, SIMCARD (manual chapter 12); SALDO (70x, chapter 14).

A USSD code goes to the operator as an errand; the answer comes later and is passed on to whoever
asked. If a restart cuts the errand off, or the operator is silent, the reply is `Execute error!`:
nobody knows what the code has done, so it is not sent again.
"""

from powersocket.features import Feature
from powersocket.interpreter import FAULT, NUMBER, Message
from powersocket.outbox import USSD
from powersocket.settings import DIGITS, Incorrect, Parameter, Refusal, consists_of, upper


class UssdCode(Parameter):
    """A code `*X#`, or NO."""

    def parse(self, text):
        return "" if upper(text) == "NO" else code(text)

    def show(self, value):
        return value or "NO"

    def answer(self, value):
        return self.name + ": " + value if value else self.name + "=NO"


class Credit(Feature):
    """CREDIT sends the code that the parameter holds; SIMCARD sends any code."""

    parameters = (UssdCode("CREDITUMS", ""),)
    commands: tuple = (
        ("CREDIT", "credit", "always"),
        ("SIMCARD*", "sim_card", "Conf"),
    )

    def credit(self, request):
        """the operator's answer, or `CREDITUMS=NO`"""
        parameter = self.parameters[0]
        value = self.device.settings[parameter.name]
        return self._ask(value, request) if value else parameter.answer(value)

    def sim_card(self, request):
        """the operator's answer"""
        return self._ask(code(request.argument), request)

    def _ask(self, value, request):
        message = request.message
        note = message.sender if message.can_be_answered(False) else ""
        if not self.device.errands.add(USSD, value, note):
            raise Refusal(FAULT)

    def errand_done(self, kind, note, result, now):
        if kind == USSD and note:
            message = Message(note, NUMBER, "", "")
            self.device.interpreter.answer(message, result or FAULT, now, not result, True)


def code(text):
    """Return a USSD code without its blanks. Raises Incorrect."""
    value = "".join(text.split())
    # `*X#`, where X has digits, stars and hashes only: nothing that could end an AT string.
    digits = value.replace("*", "").replace("#", "")
    if not consists_of(digits, DIGITS) or value[0] != "*" or value[-1] != "#":
        raise Incorrect
    return value
