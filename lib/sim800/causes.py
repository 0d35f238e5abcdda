"""How a call ended: from its result code, whether it rang there, and the cause of AT+CEER.

Causes are those of 3GPP 24.008, annex H. A telephone whose owner rejects a call answers with
"user busy" (17) as one in use does; that it rang before tells them apart.
"""

ANSWERED = "answered"
REJECTED = "rejected"
BUSY = "busy"
NO_ANSWER = "no answer"
UNREACHABLE = "unreachable"
FAILED = "failed"

_NORMAL, _BUSY, _NO_RESPONSE, _NO_ANSWER, _REJECTED = 16, 17, 18, 19, 21
# Some firmware prints the text, some the number. What is looked for first comes first.
_TEXTS = (
    ("REJECT", _REJECTED),
    ("BUSY", _BUSY),
    ("NO ANSWER", _NO_ANSWER),
    ("NO USER", _NO_RESPONSE),
    ("NORMAL", _NORMAL),
    ("OUT OF ORDER", 27),
    ("UNASSIGNED", 1),
    ("UNALLOCATED", 1),
)


def cause_number(line):
    """Return the cause that `+CEER: ..` tells, 0 if it is none that is known here."""
    rest = line[line.find(":") + 1 :].strip().upper()
    digits = ""
    for c in rest:
        if c in "0123456789":
            digits += c
        elif digits:
            break
    if digits:
        return int(digits)
    for text, number in _TEXTS:
        if text in rest:
            return number
    return 0


def outcome(result, alerted, cause):
    """Return how a call from here ended.

    result: BUSY, NO ANSWER, NO CARRIER, NO DIALTONE, or "" if the call just was not there any
    more; alerted: it rang before; cause: of AT+CEER, 0 if unknown.
    """
    if result == "NO DIALTONE":
        return FAILED
    if result == "NO ANSWER" or cause in (_NO_RESPONSE, _NO_ANSWER):
        return NO_ANSWER
    if cause == _REJECTED:
        return REJECTED
    if result == "BUSY" or cause == _BUSY:
        return REJECTED if alerted else BUSY
    if alerted and cause in (0, _NORMAL):
        return REJECTED
    return UNREACHABLE
