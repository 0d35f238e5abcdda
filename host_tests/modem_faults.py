# SPDX-License-Identifier: MIT
"""The faults of modem, SIM and network: how each is caused, noticed and dealt with, and how soon.

The one table of them: test_faults.py causes them, and modem_doc.py writes it into docs/modem.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from host_tests import fault_causes as cause
from host_tests.fault_causes import Act
from tools.bench.modem.line import garble
from tools.bench.modem.table import AtError

MINUTE = 60_000
STRANGER = "+31699999999"
CLASS_0_PUSH = bytes.fromhex(  # a WAP push with a port header, 8 bits
    "07911326040000F0440B911346610089F600F4621150211200000B0605040B8423F0010601AE02"
)
PIN = "1234"


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes:
        noticed, done: what the firmware sees of it, and does: for the table.
        back: minutes after its end within which the device is on line and answers.
        start, stop: cause it, end it.
        lasting: minutes between the two; 0: `start` is all.
        chip: it restarts the ESP32.
    """

    noticed: str
    done: str
    back: float
    start: Act
    stop: Act = lambda world: None
    lasting: float = 0
    chip: bool = False


_STEPS = "AT x4, other rates, AT+CFUN=1,1, RST, PWRKEY, with growing pauses"
_AGAIN = "found, configured and swept again"
_RDY = "`RDY`, `*ATREADY: 1`"
_SWEEP = "the sweep each minute"
_ONCE = "the error"
_SIM_LOOK = "+CPIN, asked each 45 s"
_LOST = AtError("CME", 100)

FAULTS: dict[str, Fault] = {
    # the modem's life
    "hangs": Fault("no answer in the maximum time", _STEPS, 3, lambda w: w.modem.hang()),
    "hangs, deaf to RST": Fault("no answer", _STEPS, 3, cause.hang_deaf_to_reset),
    "hears but says nothing": Fault("no answer", "AT+CFUN=1,1, sent blindly", 3, cause.mute),
    "restarts": Fault(_RDY, _AGAIN, 1, lambda w: w.modem.restart()),
    "restarts unheard": Fault("`+CREG: 0,` at the next look", _AGAIN, 2, cause.unheard),
    "browns out": Fault(
        "`UNDER-VOLTAGE`, " + _RDY, "counted, " + _AGAIN, 1, lambda w: w.modem.brown_out()
    ),
    "powers down by itself": Fault(
        "`NORMAL POWER DOWN`, or no answer", _STEPS, 3, lambda w: w.modem.shut_down()
    ),
    "powers down, low supply": Fault(
        "`UNDER-VOLTAGE POWER DOWN`",
        _STEPS,
        3,
        lambda w: w.modem.shut_down(w.modem.family.low_power_down),
    ),
    "no supply for 10 minutes": Fault("no answer", _STEPS, 3, cause.dead, cause.alive, lasting=10),
    "under-voltage warning": Fault(
        "`UNDER-VOLTAGE WARNNING`",
        "counted, AT+CBC into the log",
        1,
        cause.urcs("UNDER-VOLTAGE WARNNING"),
    ),
    "the chip restarts alone": Fault(
        "-", "the modem is found at its rate", 1, lambda w: w.restart_chip(), chip=True
    ),
    # its settings
    "restarts at 9600 baud": Fault("no answer", "other rates, AT+IPR", 3, cause.restart_at(9600)),
    "restarts autobauding": Fault("no answer", "AT, AT+IPR, AT&W", 3, cause.restart_at(0)),
    "ATQ1 is saved": Fault(
        "no answer", "ATQ0V1&W, AT+CFUN=1,1, sent blindly", 3, cause.settings(True, quiet=1)
    ),
    "echo comes on": Fault("-", "ignored; ATE0 each 5 min", 1, cause.settings(echo=1)),
    "loses settings": Fault(
        "`+CREG: 0,`",
        _AGAIN,
        2,
        cause.quietly(cause.settings(cmgf=1, creg=0, clip=0, cnmi=(0, 0, 0, 0, 0), cmee=0)),
    ),
    "falls back to text mode": Fault(
        "unreadable lists",
        "AT+CMGF=0, at once; before an alert; each 5 min",
        2,
        cause.quietly(cause.settings(cmgf=1)),
    ),
    "tells of no message": Fault(
        _SWEEP, "-; AT+CNMI each 5 min", 2, cause.settings(cnmi=(0, 0, 0, 0, 0))
    ),
    "left in CFUN=4": Fault("registration 0", "AT+CFUN=1", 2, cause.settings(cfun=4)),
    "left in CFUN=0": Fault("+CPIN: NOT READY", "AT+CFUN=1", 3, cause.settings(cfun=0)),
    "left asleep": Fault(
        "first AT lost", "AT again; AT+CSCLK=0 each 5 min", 2, cause.settings(csclk=2)
    ),
    "refuses to leave text mode": Fault(
        "the error",
        "AT+CMGF=0 each 20 s; AT+COPS=0, CFUN=4/1, CFUN=1,1, PWRKEY as without a network",
        14,
        cause.quietly(cause.keep_text_mode),
    ),
    # the network
    "deaf, though registered": Fault(
        "-", "ATH each 5 min, the radio off and on each day", 8, lambda w: w.modem.go_deaf()
    ),
    "network away for 30 minutes": Fault(
        "+CREG, asked each 20 s",
        "AT+COPS=0, CFUN=4/1, CFUN=1,1, PWRKEY, less and less often",
        2,
        lambda w: w.network.lose(),
        lambda w: w.network.restore(),
        lasting=30,
    ),
    "network denies for 30 minutes": Fault(
        "+CREG: 3", "as above", 2, cause.denied, cause.allowed, lasting=30
    ),
    "no signal for 3 minutes": Fault(
        "+CREG: 2", "as above", 2, cause.network(signal=None), cause.network(signal=-67), lasting=3
    ),
    "never registers again": Fault("+CREG: 2", "as above, to CFUN=1,1", 20, cause.loses_the_way),
    # the SIM
    "SIM out for 10 minutes": Fault(
        _SIM_LOOK,
        "LEDs; CFUN=0/1 each minute",
        3,
        lambda w: w.sim.remove(),
        lambda w: w.sim.insert(),
        lasting=10,
    ),
    "SIM with our PIN": Fault(
        "+CPIN: SIM PIN", "AT+CPIN, if AT+SPIC says that it is safe", 3, lambda w: w.sim.lock_pin()
    ),
    "SIM with another PIN for 10 minutes": Fault(
        "+CPIN: SIM PIN",
        "one try of the PIN, LEDs",
        3,
        lambda w: w.sim.lock_pin("9999"),
        lambda w: w.sim.insert(),
        lasting=10,
    ),
    "SIM with PUK for 10 minutes": Fault(
        "+CPIN: SIM PUK",
        "LEDs; CFUN=0/1 each minute",
        3,
        lambda w: w.sim.lock_puk(),
        lambda w: w.sim.insert(),
        lasting=10,
    ),
    "SIM busy": Fault(
        "+CME ERROR: 14",
        "asked again after 3 s",
        2,
        cause.fails("+CPIN", error=AtError("CME", 14), times=8),
    ),
    "SIM slow for 10 minutes": Fault(
        "-", "its maximum time", 2, cause.slow(4000), cause.slow(0), lasting=10
    ),
    "SIM full": Fault(_SWEEP, "everything is read, acted on, deleted", 6, lambda w: w.sim.fill()),
    "no message centre for 10 minutes": Fault(
        "AT+CSCA?, each 5 min",
        "log, LEDs; what is owed rests",
        6,
        cause.smsc(""),
        cause.smsc("+31600000000"),
        lasting=10,
    ),
    # messages
    "MMS push": Fault(
        '`"MMS PUSH"` in `+CMTI`',
        "swept, deleted",
        2,
        lambda w: w.network.deliver_pdu(CLASS_0_PUSH, ',"MMS PUSH"'),
    ),
    "unreadable entry": Fault("the PDU", "deleted", 2, cause.stored("07911326040000F004FF")),
    "status report in the SIM": Fault(
        "the PDU",
        "deleted",
        2,
        cause.stored("07911326040000F006010B911346610089F6" + "62501221100000" * 2 + "00"),
    ),
    "hint without a message": Fault(
        "an empty slot", "the whole SIM is listed", 2, cause.urcs('+CMTI: "SM",19')
    ),
    "+CMGL refused": Fault(
        _ONCE,
        "again after 5 s; from the fourth time on eight slots a minute",
        2,
        cause.fails("+CMGL", error=AtError("CMS", 320), times=3),
    ),
    "+CMGR refused": Fault(
        _ONCE,
        "the whole SIM is listed",
        2,
        cause.fails("+CMGR", error=AtError("CMS", 500), times=2),
    ),
    "+CMGD refused": Fault(
        _ONCE,
        "swept again; the message is known by its id",
        3,
        cause.fails("+CMGD", error=AtError("CMS", 320), times=2),
    ),
    "+CMGD without answer": Fault(
        "5 s", "ESC, AT; swept again", 3, cause.fails("+CMGD", error="silent")
    ),
    # sending
    "no prompt": Fault("10 s", "ESC; sent again", 3, cause.fails("+CMGS", error="silent")),
    "no result of a sending": Fault(
        "60 s", "an alert is sent again, a reply is not", 3, cause.no_final
    ),
    "centre refuses: 41": Fault("+CMS ERROR", "sent again", 2, cause.network(refusals=[41])),
    "centre refuses: 500": Fault(
        "+CMS ERROR", "an alert is sent again, a reply is not", 2, cause.network(refusals=[500])
    ),
    # the line
    "bytes swallowed for 3 s": Fault(
        "no answer", "ESC, AT", 2, cause.line_for(lambda data: [], 3000)
    ),
    "bytes garbled for 3 s": Fault(
        "no answer", "ESC, AT", 2, cause.line_for(lambda data: [garble(data)], 3000)
    ),
    "noise": Fault("unknown lines", "dropped, counted", 2, cause.noise),
    "a prompt is left": Fault("no answer", "ESC, AT", 2, cause.prompt),
    "every command refused three times": Fault(
        "the errors",
        "what is needed is tried again",
        3,
        cause.fails(
            "+CPIN", "+CREG", "+CMGL", "+CMGR", "+CMGD", "+CMGS", "+CSQ", error=_LOST, times=3
        ),
    ),
    "garbage for 10 minutes": Fault(
        "no answer", _STEPS, 3, cause.garbage, cause.clean_line, lasting=10
    ),
    "ERROR to everything for 10 minutes": Fault(
        "AT is refused", _STEPS, 3, cause.refuse_all, cause.clean_line, lasting=10
    ),
    "only echoes for 10 minutes": Fault(
        "no answer", _STEPS, 3, cause.echo_only, cause.clean_line, lasting=10
    ),
    "RDY each 20 s for 10 minutes": Fault(
        _RDY, _AGAIN + ", with rests", 3, cause.RDY.start, cause.RDY.stop, lasting=10
    ),
    "URC storm": Fault(
        "-",
        "each is cut out of the answers",
        2,
        cause.urcs(
            "+CREG: 1",
            '+CTZV: "+4"',
            "+FOO: 1,2",
            "*PSUTTZ: 26,x,1",
            "+CMTE: 1",
            "DST: 0",
            every=250,
            times=60,
        ),
    ),
    "a call from a stranger": Fault(
        "`RING`", "it rings on; sending waits", 2, lambda w: w.network.call(STRANGER)
    ),
    "maximum response times for 10 minutes": Fault(
        "-",
        "every command has its own maximum",
        3,
        cause.latency("maximum"),
        cause.latency("typical"),
        lasting=10,
    ),
}
