"""What can go wrong with a command, and what that says about a message that was being sent.

Codes: 3GPP 27.005, 3.2.5 (CMS) and 27.007, 9.2 (CME). Which of them are worth another try is
judgement.
"""

from sim800 import const

# What became of a message.
SENT = "sent"
TRANSIENT = "transient"  # it has not left, and the same may well get through later
FINAL = "final"  # it has not left, and never will
UNKNOWN = "unknown"  # it may have left

_DUPLICATE = const(197)  # the service centre has it already
# Protocol errors between modem and centre, no answer from the network, unknown error: they may
# come after the message has left.
_PERHAPS_SENT = const((224, 225, 226, 332, 500))
# Network out of order, temporary failure, congestion, no resources, centre busy, centre's error.
_TRANSIENT = const((38, 41, 42, 47, 192, 194))
# From here on modem, SIM or line refuse. 304 (no valid PDU) too: ours are valid, bytes have been
# lost on the way.
_OF_THE_MODEM = const(300)


class ModemError(Exception):
    """A command failed, or the modem restarted during it.

    given: of a sending, whether the body had been handed to the modem; kind: "CME" or "CMS" of a
    refusal with a code, else ""; code: -1 if there is none.
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
        # A refusal without a reason, or no answer. A CME is of the modem, not of the message.
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
    """No final result within the command's maximum time: what it did is not known."""
