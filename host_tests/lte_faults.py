# SPDX-License-Identifier: MIT
"""The faults of the LTE families, and those of modem_faults.py that they cannot have."""

from __future__ import annotations

from host_tests import fault_causes as cause
from host_tests.modem_faults import FAULTS, Fault

_AS_WITHOUT = "as without a network"

LTE_FAULTS: dict[str, Fault] = {
    "no LTE and no 2G for 10 minutes": Fault(
        "`+CREG: 2`, `+CEREG: 2`",
        _AS_WITHOUT,
        2,
        cause.offer(lte=False, gsm=False),
        cause.offer(lte=True, gsm=True),
        lasting=10,
    ),
    "2G in place of LTE for 10 minutes": Fault(
        "`+CREG: 2`, and 1 again",
        "goes on over 2G",
        2,
        cause.offer(lte=False),
        cause.offer(lte=True),
        lasting=10,
    ),
    "messages refused, no IMS, for 10 minutes": Fault(
        "`+CMS ERROR: 500`",
        "an alert is sent again, a reply is not",
        6,
        cause.offer(sms=False),
        cause.offer(sms=True),
        lasting=10,
    ),
    "registered for messages only, for 10 minutes": Fault(
        "`+CREG: 6`; of a SIM7600 the result of ATD",
        "an alert goes as a message at once",
        2,
        cause.offer(voice=False),
        cause.offer(voice=True),
        lasting=10,
    ),
    "errors in words": Fault(
        "`+CMS ERROR: Unknown error`",
        "an error is an error; AT+CMEE=1 each 5 min",
        2,
        cause.settings(cmee=2),
    ),
}
# The SIM800L alone finds the rate by itself; only some sleep until a byte comes.
NOT_LTE = {"restarts autobauding", "left asleep"}


def faults_of(family: str) -> dict[str, Fault]:
    """Return the faults that a modem of this family can have."""
    if family == "sim800l":
        return FAULTS
    return {name: f for name, f in FAULTS.items() if name not in NOT_LTE} | LTE_FAULTS
