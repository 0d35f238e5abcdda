# SPDX-License-Identifier: MIT
"""The families of modules that can be simulated, each a table of what it does unlike the others.

Sources, by their short names:
- A76: SIMCom, A76XX Series AT Command Manual V1.09; A7670 HD: A7670 Series Hardware Design V1.06
- S76: SIMCom, SIM7500_SIM7600 Series AT Command Manual V3.00
- LG#n: github.com/Xinyuan-LilyGO/LilyGo-Modem-Series/issues/n; T76#n: .../T-SIM7600X/issues/n
What no source says is marked "chosen".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

RATES = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)

# AT commands by name. A family says which of all the names it lacks.
LTE_ONLY = frozenset(
    (
        *("+CEREG", "+CVHU", "+CTZU", "+CTZR", "+CMICGAIN", "+COUTGAIN", "+CSDVC", "+CNMP"),
        *("+CPSI", "+CNSMOD", "+CRESET", "+CPOF", "+IPREX", "+CGSMS", "+CICCID", "+SIMCOMATI"),
        "*IMSRCFG",
    )
)
# +CLTS, +CMIC and +CPOWD are in neither manual; of the others none is known to be: the strict
# choice is that they are not there.
SIM800_ONLY = frozenset(
    (
        *("+CLTS", "+CMIC", "+CPOWD", "+CIURC", "+EXUNSOL", "+CNETLIGHT", "+CSMINS"),
        *("+CBATCHK", "+GSMBUSY", "+DDET", "+CMGDA", "+CCID"),
    )
)


@dataclass(frozen=True)
class Family:
    """What the modules of a family have in common.

    Attributes:
        name: as MODEM in a board's configuration. lte: it registers with LTE where there is LTE.
        identity: what the commands that ask who it is answer.
        lacks: names of commands that it does not know.
        allowed: the values of a parameter, by command, where they differ.

        pwrkey_on_ms: PWRKEY starts it, pressed for so long. pwrkey_off_ms: it switches a running
            one off, pressed for so long. rest_ms: from off until PWRKEY can start it.
        held_off: PWRKEY held for pwrkey_off_ms, it starts and goes off again.
        reset_ms: RST resets it, pressed for so long. reset_starts: .. also when it was off.
        boot_ms: from its start until its UART works. sim_ms: .. until it has found the SIM.
        call_ready_ms, sms_ready_ms: from then until phone book and messages can be used.
        power_up: the bytes that it sends as it powers up.
        boot_words: what it says when its UART works; call_ready, sms_ready: and then.
        power_down, low_power_down: what it says as it goes off; "": nothing.
        no_sim, sim_gone: what it says at the start, and later, if there is no SIM.
        sim_early: the CME error to AT+CPIN? until it has found the SIM.

        defaults: settings that are other than in `Settings`; profile: those that AT&W stores;
            auto_save: those that are stored as they are set.
        memories: names of AT+CPMS; me_places: messages that its own memory has room for;
            first_slot: the number of a memory's first place.
        send_ms: AT+CMGS takes so long at most.
        sms_only: registered for messages alone, AT+CREG? says 6 or 7; else 1 or 5.
        ring_ms: from RING to RING. voiceless: what ATD is answered with where the network has no
            calls: "OK" and the call is over at once, or a result.
        chup_ms: from the OK of AT+CHUP to the end of the call. numbered_causes: AT+CEER gives
            number and text, in quotes.
        call_over: what says that a call that was set up is over; "": only +CLCC and AT+CEER.
        ussd: over LTE: "ERROR", or "4" in +CUSD.
        epoch: the clock that nobody has set.
        cgev: it tells of its packet connections by itself. zone: the time zone in +CTZV.
    """

    name: str
    lte: bool
    identity: Mapping[str, tuple[str, ...]]
    lacks: frozenset[str]
    pwrkey_on_ms: int
    pwrkey_off_ms: int
    reset_ms: int
    boot_ms: int
    sim_ms: int
    call_ready_ms: int
    sms_ready_ms: int
    boot_words: tuple[str, ...]
    call_ready: str
    sms_ready: str
    no_sim: str
    sim_gone: str
    sim_early: int
    profile: tuple[str, ...]
    auto_save: tuple[str, ...]
    memories: tuple[str, ...]
    me_places: int
    epoch: datetime
    low_power_down: str
    allowed: Mapping[str, range | tuple[int, ...]] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    power_down: str = ""
    power_up: bytes = b""
    rest_ms: int = 0
    held_off: bool = False
    reset_starts: bool = False
    first_slot: int = 1
    send_ms: int = 60_000
    sms_only: bool = False
    ring_ms: int = 6000
    voiceless: str = "OK"
    call_over: str = ""
    chup_ms: int = 0
    numbered_causes: bool = False
    ussd: str = "ERROR"
    cgev: bool = False
    zone: str = "{:+03d}"


SIM800L = Family(
    name="SIM800L",
    lte=False,
    identity={
        "I": ("SIM800 R14.18",),
        "+CGMI": ("SIMCOM_Ltd",),
        "+CGMM": ("SIMCOM_SIM800L",),
        "+CGMR": ("Revision:1418B05SIM800L24",),
        "+GCAP": ("+GCAP: +FCLASS,+CGSM",),
    },
    lacks=LTE_ONLY,
    pwrkey_on_ms=1000,
    pwrkey_off_ms=1500,
    reset_ms=105,
    reset_starts=True,
    # As a module with a usual SIM shows them.
    boot_ms=2700,
    sim_ms=3600,
    call_ready_ms=3400,
    sms_ready_ms=4400,
    power_up=bytes.fromhex("0049494949ffffffff"),
    boot_words=("RDY",),
    call_ready="Call Ready",
    sms_ready="SMS Ready",
    power_down="NORMAL POWER DOWN",
    low_power_down="UNDER-VOLTAGE POWER DOWN",
    no_sim="+CPIN: NOT INSERTED",
    sim_gone="+CPIN: NOT READY",
    sim_early=14,
    profile=(
        *("echo", "verbose", "quiet", "x", "s0", "cmee", "creg", "cgreg", "cmgf", "cnmi", "cscs"),
        *("clts", "ipr", "ifc", "csclk", "ciurc", "ddet", "moring", "csmins", "exunsol", "cfgri"),
        "cnetlight",
    ),
    auto_save=("clcc", "cmic", "clvl", "cops_mode", "cfun", "csca"),
    memories=("SM", "ME", "MT", "SM_P", "ME_P"),
    me_places=10,
    ring_ms=3000,
    epoch=datetime(2004, 1, 1),
)

_LTE_PROFILE = ("echo", "verbose", "quiet", "x", "s0", "ifc")  # A76 2.2.14, S76 2.2.26

A7670 = Family(
    name="A7670",
    lte=True,
    identity={  # LG#221, LG#240
        "I": (
            "Manufacturer: INCORPORATED",
            "Model: A7670E-FASE",
            "Revision: A7670M7_V1.11.1",
            "IMEI: 869170031234567",
            "+GCAP: +CGSM,+FCLASS,+DS",
        ),
        "+CGMI": ("INCORPORATED",),
        "+CGMM": ("A7670E-FASE",),
        "+CGMR": ("+CGMR: A011B07A7670M7_F",),
        "+GCAP": ("+GCAP: +CGSM,+FCLASS,+DS",),
    },
    lacks=SIM800_ONLY | {"+MORING"},  # A76 has no MORING
    allowed={
        "+IPR": RATES,  # A7670 HD 3.3: no autobauding
        "+CSCLK": range(3),  # A76 10.2.7
        "+CMICGAIN": range(8),  # A76 7.2.21
        "+COUTGAIN": range(8),  # A76 7.2.22
        "+CSDVC": (1, 3),  # A76 7.2.20
        "+CNMP": (2, 13, 14, 38),  # LG#330
    },
    pwrkey_on_ms=50,  # A7670 HD 3.2, this and the next four
    pwrkey_off_ms=2500,
    rest_ms=2000,
    held_off=True,
    reset_ms=2000,  # an off module is not started by it (3.2)
    boot_ms=11_100,
    sim_ms=11_900,  # chosen, as the next two: LG examples wait up to 100 s for SMS DONE
    sms_ready_ms=3000,
    call_ready_ms=4500,
    boot_words=("*ATREADY: 1",),  # LG#138, LG#79, LG#247, this and the order of what follows
    sms_ready="SMS DONE",
    call_ready="PB DONE",
    low_power_down="UNDER-VOLTAGE WARNNING POWER DOWN",  # A76 11.2.7; CPOF says nothing (3.2.5)
    no_sim="+CME ERROR: SIM not inserted",  # in no answer to anything: Zephyr's driver knows it
    sim_gone="+SIMCARD: NOT AVAILABLE",
    sim_early=13,  # LG#79
    profile=_LTE_PROFILE,
    auto_save=(  # A76, at each of them
        *("cmgf", "cpms", "cnmi", "clip", "colp", "ctzu", "cnmp", "cmicgain", "coutgain"),
        *("csca", "cfun", "cops_mode"),
    ),
    defaults={"cmee": 2, "cpms": ("ME", "ME", "ME"), "cmicgain": 4, "coutgain": 4},
    memories=("ME", "SM"),  # A76 9.2.2, and its places
    me_places=180,
    send_ms=40_000,  # A76 9.2.13
    sms_only=True,  # A76 4.2.1, LG#221
    call_over="",  # LG#240: +CLCC says 6, and nothing else comes
    chup_ms=200,
    numbered_causes=True,  # A76, CEER
    ussd="ERROR",  # A76 4.2.3, with IMS on
    epoch=datetime(1970, 1, 1),  # code for an A7680C has "70/01/01,00:14:01+00"
    cgev=True,  # esp-protocols#669
)

SIM7600 = Family(
    name="SIM7600",
    lte=True,
    identity={  # T76#85, LG#340
        "I": (
            "Manufacturer: SIMCOM INCORPORATED",
            "Model: SIMCOM_SIM7600E-H",
            "Revision: SIM7600M22_V2.0.1",
            "IMEI: 869170031234567",
            "+GCAP: +CGSM,+DS,+ES",
        ),
        "+CGMI": ("SIMCOM INCORPORATED",),
        "+CGMM": ("SIMCOM_SIM7600E-H",),
        "+CGMR": ("+CGMR: LE20B03SIM7600M22",),
        "+GCAP": ("+GCAP: +CGSM,+DS,+ES",),
    },
    lacks=SIM800_ONLY | {"*IMSRCFG"},
    allowed={
        "+IPR": RATES,  # S76 19.2.15: LE20 has no autobauding
        "+CSCLK": range(2),  # S76 19.2.17
        "+CMICGAIN": range(9),  # S76 5.2.26
        "+COUTGAIN": range(9),  # S76 5.2.27
        "+CSDVC": (0, 1, 3),  # S76 5.2.47
        "+CNMP": (2, 13, 14, 38, 39, 48, 51, 54),  # S76, CNMP
    },
    pwrkey_on_ms=500,  # LG, utilities.h: 500 ms on, 3 s off; the rest chosen as for the A7670
    pwrkey_off_ms=2500,
    rest_ms=2000,
    held_off=True,
    reset_ms=100,
    boot_ms=12_000,
    sim_ms=12_800,
    sms_ready_ms=3000,
    call_ready_ms=4500,
    boot_words=("RDY",),  # T76 PR#41, and the order of what follows
    sms_ready="SMS DONE",
    call_ready="PB DONE",
    low_power_down="UNDER-VOLTAGE WARNNING POWER DOWN",  # S76, CPMVT; CPOF says nothing (3.2.12)
    no_sim="+SIMCARD: NOT AVAILABLE",
    sim_gone="+SIMCARD: NOT AVAILABLE",
    sim_early=14,
    profile=_LTE_PROFILE,
    auto_save=("cpms", "ctzu", "cnmp", "csca", "cfun", "cops_mode"),
    defaults={"cmee": 2, "cpms": ("ME", "ME", "ME"), "ctzu": 1, "cmicgain": 3, "coutgain": 8},
    memories=("ME", "MT", "SM", "SR"),  # S76 9.2.2
    me_places=23,  # chosen
    first_slot=0,  # forum.arduino.cc, topic 915938
    send_ms=130_000,  # forum.arduino.cc, topic 1049241: two minutes, where it is refused
    sms_only=False,  # S76 4.2.1 knows 0 to 5
    voiceless="NO CARRIER",  # T76#104
    call_over="NO CARRIER",
    ussd="4",  # S76 4.2.6: not supported
    epoch=datetime(1980, 1, 6),  # a log of LE20B03SIM7600M22 has "80/01/06,07:09:04"
    zone="{:02d}",
)

FAMILIES = {family.name.lower(): family for family in (SIM800L, A7670, SIM7600)}
# How a command line takes one.
FAMILY: dict[str, Any] = {
    "choices": tuple(FAMILIES),
    "default": "sim800l",
    "help": "the family of the simulated modem; default: %(default)s",
}
