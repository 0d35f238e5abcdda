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
_TEXTS = "REJECT:21,BUSY:17,NO ANSWER:19,NO USER:18,NORMAL:16"


def cause_number(line):
    """Return the cause that `+CEER: ..` tells, 0 if it is none that is known here."""
    rest = line[line.find(":") + 1 :].strip().upper()
    digits = rest.split(",")[0]
    if digits.isdigit():
        return int(digits)
    for entry in _TEXTS.split(","):
        text, _, number = entry.partition(":")
        if text in rest:
            return int(number)
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
    busy = result == "BUSY" or cause == _BUSY
    if alerted and (busy or cause in (0, _NORMAL)):
        return REJECTED
    return BUSY if busy else UNREACHABLE
