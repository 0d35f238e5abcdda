# SPDX-License-Identifier: MIT
"""What differs between the modules and firmwares of the SIM800 family, each with a switch.

`Habits` is what the simulated modem looks at; its defaults are the modem as the manual has it. The
table `HABITS` gives names to what was met, with the source; docs/modem.md shows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Habits:
    """How this module behaves where modules differ.

    Attributes:
        cmgf_refused: what AT+CMGF=n answers until `SMS Ready`: "" it is taken, "CME" an error 3,
            but AT+CPMS is taken, "ERROR" a bare one, to AT+CPMS too.
        call_ready_ms, sms_ready_ms: when these URCs come, from the moment the SIM is there; None:
            as in its family.
        clip: which RINGs have a +CLIP: "each", only the "second", "none"; "before": each, and it
            comes before its RING.
        reports_calls: there is AT+CLCC=1, which makes it report each change of a call.
        again_ms: an answer comes a second time, so many ms later; None: it does not.
        gives_reference: `+CMGS: <mr>` stands before the OK of a message that was sent.
        keeps_creg: AT+CREG=n (and AT+CGREG=n) changes what is reported; else n stays 0.
        warning_ms: `UNDER-VOLTAGE WARNNING` comes as often; 0: only when the supply sags.
        memory: what +CMTI calls the memory in place of its name; `tail`: what follows the slot.
        power_up: the bytes that it sends as it powers up, before RDY; None: as in its family.
        idle_noise: the bytes that it sends each 3 s.
        ussd_blanks: blanks behind the commas of +CUSD. ussd_scheme: the coding scheme is given.
        ussd_state: <n> of +CUSD where the operator's answer ends the dialogue.
        ussd_hex: a text of the default alphabet comes as UCS2 in hex, whatever AT+CSCS says.
        ussd_before_ok: +CUSD comes before the OK of its AT+CUSD.
        data_only: LTE without calls and messages.
        sms_after_call: a message is sent when the present call is over.
        early_voice: of LTE: a call is reported as active as soon as it rings there.
    """

    cmgf_refused: str = ""
    call_ready_ms: int | None = None
    sms_ready_ms: int | None = None
    clip: str = "each"
    reports_calls: bool = True
    again_ms: int | None = None
    gives_reference: bool = True
    keeps_creg: bool = True
    warning_ms: int = 0
    memory: str = ""
    tail: str = ""
    power_up: bytes | None = None
    idle_noise: bytes = b""
    ussd_blanks: bool = True
    ussd_scheme: bool = True
    ussd_state: int = 0
    ussd_hex: bool = False
    ussd_before_ok: bool = False
    data_only: bool = False
    early_voice: bool = False
    sms_after_call: bool = False


@dataclass(frozen=True)
class Habit:
    """A habit that was met.

    Attributes:
        what: how the module differs, and `source`: where that stands, both for the table.
        fields: what it changes of Habits.
    """

    what: str
    source: str
    fields: dict[str, Any] = field(default_factory=dict)


# "Manual": SIM800 Series AT Command Manual V1.09. A name with # is an issue on GitHub.
HABITS: dict[str, Habit] = {
    "cmgf-waits": Habit(
        "until `SMS Ready` AT+CMGF is answered with `+CME ERROR: 3`, though AT+CPMS is taken",
        "jakhax/raspberry-pi-sim800l-gsm-module#4",
        {"cmgf_refused": "CME"},
    ),
    "cmgf-waits-error": Habit(
        "until `SMS Ready` AT+CMGF and AT+CPMS are answered with a bare `ERROR`",
        "esphome/issues#5497, Seeed-Studio/GPRS_SIM900#39",
        {"cmgf_refused": "ERROR"},
    ),
    "sms-ready-late": Habit(
        "`Call Ready` comes 20 s, `SMS Ready` 40 s after the SIM is there",
        "no time is given (Manual 19.3); forum.arduino.cc, topic 1060974 shows 4 s",
        {"call_ready_ms": 20_000, "sms_ready_ms": 40_000},
    ),
    "clip-second-ring": Habit(
        "`RING`, `RING`, and only then `+CLIP`; no `+CLCC` by itself",
        "faucamp/python-gsmmodem#83; against Manual 3.2.18, after every RING",
        {"clip": "second", "reports_calls": False},
    ),
    "clip-lost": Habit(
        "no `+CLIP`, and no `+CLCC` by itself; AT+CLCC has the number",
        "faucamp/python-gsmmodem#83, MineSunshineone/sms_forwarding#21",
        {"clip": "none", "reports_calls": False},
    ),
    "clip-before-ring": Habit(
        "`+CLIP` stands before its `RING`; no `+CLCC` by itself",
        "vshymanskyy/TinyGSM#721",
        {"clip": "before", "reports_calls": False},
    ),
    "no-clcc-reports": Habit(
        "AT+CLCC=1 is refused: no call is reported by itself",
        "SIM900 AT Commands Set V1.00, 3.2.16; in Manual 3.2.16 it is there",
        {"reports_calls": False},
    ),
    "answers-twice": Habit(
        "each answer comes twice, one right behind the other",
        "esphome/issues#1649",
        {"again_ms": 0},
    ),
    "answers-twice-late": Habit(
        "each answer comes again 300 ms later",
        "esphome/issues#3868 (an OK of which nobody knows, seconds later)",
        {"again_ms": 300},
    ),
    "no-reference": Habit(
        "a message that was sent is answered with OK, without `+CMGS:`",
        "vittorioexp/Sim800L-Arduino-Library-revised#20",
        {"gives_reference": False},
    ),
    "creg-stays-0": Habit(
        "AT+CREG=1 is answered with OK, and n stays 0: no `+CREG:` by itself",
        "no public report seen; against Manual 3.2.32",
        {"keeps_creg": False},
    ),
    "under-voltage": Habit(
        "`UNDER-VOLTAGE WARNNING` each second, as long as it runs",
        "SIM800L Hardware Design, 4.2.2.3: the supply is looked at all the time",
        {"warning_ms": 1000},
    ),
    "cmti-sl": Habit(
        'a message is announced as `+CMTI: "SL",1`, with blanks behind it',
        "esphome/issues#4425",
        {"memory": "SL", "tail": "     "},
    ),
    "power-up-noise": Habit(
        "a run of NULs and 0xFF at power-up, right before `RDY`",
        "forum.arduino.cc, topics 324818 and 391672",
        {"power_up": bytes(12) + b"\xff" * 24},
    ),
    "idle-noise": Habit(
        "a NUL or some 0xFF each 3 s",
        "esphome/issues#1326, esphome/issues#4425",
        {"idle_noise": b"\0\xff\xff\xff"},
    ),
    "ussd-tight": Habit(
        '`+CUSD: 0,"text",15` and `+CUSD:4`, without blanks',
        "Manual 3.2.53 for the latter",
        {"ussd_blanks": False},
    ),
    "ussd-no-scheme": Habit(
        '`+CUSD: 0, "text"`, without the coding scheme',
        "gammu/gammu#150; Manual 19.3 has it optional",
        {"ussd_scheme": False},
    ),
    "ussd-hex": Habit(
        "each text of an operator comes as UCS2 in hex, its scheme as for plain text",
        "gammu/gammu#358",
        {"ussd_hex": True},
    ),
    "ussd-ended": Habit(
        "n is 2, ended by the network, though there is a text",
        "gammu/gammu#358",
        {"ussd_state": 2},
    ),
    "ussd-asks": Habit(
        "n is 1: the operator wants an answer",
        "3GPP 27.007, 7.15",
        {"ussd_state": 1},
    ),
    "ussd-before-ok": Habit(
        "`+CUSD:` comes before the OK of AT+CUSD",
        "gammu/gammu#292",
        {"ussd_before_ok": True},
    ),
}

# .. and those that only the LTE families can have.
LTE_HABITS: dict[str, Habit] = {
    "data-only": Habit(
        "LTE: it has data alone: registration 11, no `SMS DONE`, `ERROR` to messages and calls",
        "A7670E-LNXY-UBL, Xinyuan-LilyGO/LilyGo-Modem-Series#247",
        {"data_only": True},
    ),
    "early-voice": Habit(
        "LTE: `VOICE CALL: BEGIN` and `+CLCC` 0 come as soon as it rings there",
        "a field report of an A7672SA-FASE; no public address is known",
        {"early_voice": True},
    ),
    "sms-after-call": Habit(
        "LTE: AT+CMGS is answered, and the message sent, when the present call is over",
        "Xinyuan-LilyGO/T-SIM7600X#65",
        {"sms_after_call": True},
    ),
}
ALL_HABITS = HABITS | LTE_HABITS


def habits(names: Iterable[str]) -> Habits:
    """Return what a module with these habits does. KeyError: there is none of that name."""
    made = Habits()
    for name in names:
        made = replace(made, **ALL_HABITS[name].fields)
    return made
