"""What can go wrong with a command, and what that says about a message that was being sent.

Codes: 3GPP 27.005, 3.2.5 (CMS) and 27.007, 9.2 (CME). Which of them are worth another try is
judgement; 197, 224 to 226, 332 and 500 may come after the message has left.
"""

SENT = "sent"
TRANSIENT = "transient"  # it has not left, and the same may well get through later
FINAL = "final"  # it has not left, and never will
UNKNOWN = "unknown"  # it may have left

_DUPLICATE = 197  # the service centre has it already
_UNKNOWN_CMS = (224, 225, 226, 332, 500)
# Network out of order, temporary failure, congestion, .. From 300 on it is modem, SIM or line, 304
# (no valid PDU) too: ours are valid, bytes have been lost on the way.
_TRANSIENT_CMS = (38, 41, 42, 47, 192, 194)


class ModemError(Exception):
    """Anything that keeps a command from its good end: the modem started anew meanwhile, ..

    given: of a sending, whether the body had been handed to the modem; kind: "CME" or "CMS" of a
    refusal that tells its code, else "".
    """

    given = False
    kind = ""
    code = -1

    @property
    def message(self):
        """What became of a message that was being sent: TRANSIENT, FINAL, UNKNOWN or SENT."""
        code = self.code
        if self.kind == "CMS" and code not in _UNKNOWN_CMS:
            if code == _DUPLICATE:
                return SENT
            return TRANSIENT if code >= 300 or code in _TRANSIENT_CMS else FINAL
        # One that does not say why, or no answer. A CME is of the modem, not of the message.
        if self.given and (self.kind != "CME" or code == 100):
            return UNKNOWN
        return TRANSIENT


class AtError(ModemError):
    """The modem refused a command.

    result: the final result; kind: "CME", "CMS" or "" for a bare ERROR and the results of a
    call; code: its number, -1 if it gave none.
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
