# SPDX-License-Identifier: MIT
"""How a command failed and what became of its message; how a call ended.

Codes: 3GPP 27.005, 3.2.5 (CMS) and 27.007, 9.2 (CME). The standards do not say which of them are
worth another try; that choice is ours.
"""

from sim800 import const

# What became of a message.
SENT = "sent"
TRANSIENT = "transient"  # it was not sent, but may well be accepted later
FINAL = "final"  # it was not sent, and never will be
UNKNOWN = "unknown"  # it may have been sent

_DUPLICATE = const(197)  # the service centre has it already
# Protocol errors between modem and centre, no answer from the network, unknown error, an expired
# timer: these may come after the message was sent.
_PERHAPS_SENT = const((224, 225, 226, 332, 500, 521))
# Network out of order, temporary failure, congestion, no resources, centre busy, centre's error.
_TRANSIENT = const((38, 41, 42, 47, 192, 194))
# Refusals by modem, SIM or line. So is 304 (invalid PDU): ours are valid, so bytes got lost on the
# line.
_OF_THE_MODEM = const(300)


class ModemError(Exception):
    """A command failed, or the modem restarted during it.

    given: the modem had been given the body of a message; kind: "CME" or "CMS" of an error with a
    code, else ""; code: -1 if there is none.
    """

    given = False
    kind = ""
    code = -1

    @property
    def fate(self):
        """What became of a message that was being sent: TRANSIENT, FINAL, UNKNOWN or SENT."""
        code = self.code
        if self.kind == "CMS" and code not in _PERHAPS_SENT:
            if code == _DUPLICATE:
                return SENT
            return TRANSIENT if code >= _OF_THE_MODEM or code in _TRANSIENT else FINAL
        # An error without a code, or no answer. CME errors concern the modem, not the message.
        if self.given and (self.kind != "CME" or code == 100):
            return UNKNOWN
        return TRANSIENT


class AtError(ModemError):
    """The modem refused a command.

    result: the final result; kind and code: "CME" or "CMS" and its number, "" and -1 for a bare
    ERROR and the results of a call.
    """

    def __init__(self, command, result):
        super().__init__(command + ": " + result)
        self.result = result
        code = result[11:].strip()  # behind "+CMS ERROR:"
        if code.isdigit():
            self.kind = result[1:4]
            self.code = int(code)


class AtTimeout(ModemError):
    """No final result within the command's maximum time: its effect is not known."""


# How an outgoing call ended.
ANSWERED = "answered"
REJECTED = "rejected"
BUSY = "busy"
NO_ANSWER = "no answer"
UNREACHABLE = "unreachable"
FAILED = "failed"
NO_VOICE = "no voice"  # messages only: the network, or the modem, carries no calls

# Causes of AT+CEER: 3GPP 24.008, annex H. Some firmware prints the number, some a text.
_NORMAL = const(16)
_BUSY = const(17)
_NO_RESPONSE = const(18)
_NO_ANSWER = const(19)
_REJECTED = const(21)
_CAUSES = {
    "REJECT": _REJECTED,
    "BUSY": _BUSY,
    "NO ANSWER": _NO_ANSWER,
    "NO USER": _NO_RESPONSE,
    "NORMAL": _NORMAL,
}


def cause_number(line):
    """Return the cause in a `+CEER:` line, 0 if it is unknown."""
    rest = line[line.find(":") + 1 :].strip(' "').upper()
    digits = rest.replace(",", " ").split(" ")[0]
    if digits.isdigit():
        return int(digits)
    for text in _CAUSES:
        if text in rest:
            return _CAUSES[text]
    return 0


def outcome(result, alerted, cause):
    """Return how an outgoing call ended.

    result: BUSY, NO ANSWER, NO CARRIER, NO DIALTONE, or "" if the call simply disappeared;
    alerted: the phone has rung; cause: of AT+CEER, 0 if unknown. A rejected call gives "user busy"
    (17), as a phone in use does, but only a rejected one has rung before.
    """
    if result == "NO DIALTONE":
        return FAILED
    if result == "NO ANSWER" or cause in (_NO_RESPONSE, _NO_ANSWER):
        return NO_ANSWER
    if cause == _REJECTED:
        return REJECTED
    busy = result == "BUSY" or cause == _BUSY
    if alerted and (busy or cause in (0, _NORMAL)):
        return REJECTED
    return BUSY if busy else UNREACHABLE
