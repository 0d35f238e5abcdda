"""The faults of modem, SIM and network: how each is caused, noticed and dealt with, and how soon.

The one table of them: test_faults.py causes them, and modem_doc.py writes it into docs/modem.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tools.bench.line import garble
from tools.bench.sim800_table import AtError
from tools.bench.world import World

MINUTE = 60_000
STRANGER = "+31699999999"
CLASS_0_PUSH = bytes.fromhex(  # a WAP push with a port header, 8 bits
    "07911326040000F0440B911346610089F600F4621150211200000B0605040B8423F0010601AE02"
)
PIN = "1234"

Act = Callable[[World], Any]


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


# -- causes that need more than a word ----------------------------------------------------------


def _until_boot(world: World, undo: Callable[[], None], when: str = "boot") -> None:
    """Call `undo` once, when the modem starts next (or is switched off)."""
    pending = [True]

    def observe(kind: str, text: str) -> None:
        if kind == "modem" and text == when and pending:
            pending.clear()
            undo()

    world.observe(observe)


def _hang_deaf_to_reset(world: World) -> None:
    modem = world.modem
    modem.hang()
    modem.reset = lambda: None  # type: ignore[method-assign]
    _until_boot(world, lambda: modem.__dict__.pop("reset", None))


def _mute(world: World) -> None:
    """It hears, and does what it hears, but says nothing until it is restarted."""
    line = world.line.to_device
    line.hook = lambda data: []
    _until_boot(world, lambda: setattr(line, "hook", None))


def _unheard(world: World) -> None:
    line = world.line.to_device
    line.hook = lambda data: []
    world.modem.restart()
    world.kernel.after(12_000, lambda: setattr(line, "hook", None))


def _dead(world: World) -> None:
    """No supply: whatever the ESP32 does at the modem's pins is in vain."""
    modem = world.modem
    modem.power(False)
    for name in ("power", "reset", "pwrkey"):
        setattr(modem, name, lambda *arguments: None)


def _alive(world: World) -> None:
    for name in ("power", "reset", "pwrkey"):
        world.modem.__dict__.pop(name, None)
    world.modem.power(True)


def _restart_at(rate: int) -> Act:
    def start(world: World) -> None:
        world.modem.memory.save_ipr(rate)
        world.modem.restart()

    return start


def _set(save: bool = False, **values: Any) -> Act:
    """The modem's settings are others, without a word."""

    def start(world: World) -> None:
        for name, value in values.items():
            setattr(world.modem.settings, name, value)
        if save:
            world.modem.memory.save(world.modem.settings)
        if "cfun" in values:
            world.modem.memory.auto_save(world.modem.settings)
            if values["cfun"] == 0:
                world.modem.service.shut_sim()
            world.modem.service.update()

    return start


def _quietly(act: Act) -> Act:
    """Between two exchanges: in the middle of one a modem loses settings only by a restart."""

    def start(world: World) -> None:
        sent = world.line.to_modem.sent

        def look() -> None:
            if world.line.to_modem.sent == sent and world.modem.terminal.running is None:
                act(world)
            else:
                start(world)

        world.kernel.after(500, look)

    return start


def _loses_the_way(world: World) -> None:
    """It loses the network and never finds one again until it is restarted (firmware B04)."""
    network = world.network
    usual, network.registration_ms = min(network.registration_ms, 10_000), 10**9
    network.lose()
    world.kernel.after(5000, network.restore)
    _until_boot(world, lambda: setattr(network, "registration_ms", usual))


def _network(**values: Any) -> Act:
    def start(world: World) -> None:
        for name, value in values.items():
            setattr(world.network, name, value)

    return start


def _denied(world: World) -> None:
    world.network.denied = True
    world.modem.service.reselect()


def _allowed(world: World) -> None:
    world.network.denied = False
    if world.modem.started:
        world.modem.service.reselect()


def _fails(*names: str, error: AtError | str, times: int = 1) -> Act:
    def start(world: World) -> None:
        for name in names:
            world.modem.fault(name, *[error] * times)

    return start


def _line(hook: Callable[[bytes], list[bytes]], ms: int) -> Act:
    """Do something to all that goes over the line for so many ms."""

    def start(world: World) -> None:
        for direction in (world.line.to_device, world.line.to_modem):
            direction.hook = hook
            world.kernel.after(ms, lambda d=direction: setattr(d, "hook", None))

    return start


def _noise(world: World) -> None:
    world.line.to_device.inject(bytes(range(128, 256)) + b"\0\r\nO\xffK\r\n\x00AT")
    world.line.to_modem.inject(bytes(range(128, 256)))


def _urcs(*texts: str, every: int = 1000, times: int = 1) -> Act:
    def start(world: World) -> None:
        for i in range(times):
            for text in texts:
                world.kernel.after(i * every, lambda t=text: world.modem.urc(t))

    return start


def _prompt(world: World) -> None:
    """Somebody else's half-given command: the modem waits for the body of a message."""
    terminal = world.modem.terminal
    if terminal.running is None and world.modem.started and not world.modem.hung:
        terminal.receive(b"AT+CMGS=20\r")


def _no_final(world: World) -> None:
    """The message is sent, but what the modem says of it is lost."""
    line = world.line.to_device

    def hook(data: bytes) -> list[bytes] | None:
        if b"+CMGS:" not in data:
            return None
        line.hook = None
        return []

    line.hook = hook


def _stored(pdu: str) -> Act:
    return lambda world: world.network.deliver_pdu(bytes.fromhex(pdu))


def _smsc(number: str) -> Act:
    return lambda world: setattr(world.sim, "smsc", number)


def _slow(ms: int) -> Act:
    return lambda world: setattr(world.sim, "slow_ms", ms)


def _latency(name: str) -> Act:
    return lambda world: setattr(world.modem, "latency", name)


_STEPS = "AT x4, other rates, AT+CFUN=1,1, RST, PWRKEY, with growing pauses"
_ANEW = "found, configured, swept anew"
_RDY = "`RDY`"
_SWEEP = "the sweep each minute"
_ONCE = "the error"
_SIM_LOOK = "+CPIN, asked each 45 s"
_LOST = AtError("CME", 100)

FAULTS: dict[str, Fault] = {
    # the modem's life
    "hangs": Fault("no answer in the maximum time", _STEPS, 3, lambda w: w.modem.hang()),
    "hangs, deaf to RST": Fault("no answer", _STEPS, 3, _hang_deaf_to_reset),
    "hears but says nothing": Fault("no answer", "AT+CFUN=1,1, sent blindly", 3, _mute),
    "restarts": Fault(_RDY, _ANEW, 1, lambda w: w.modem.restart()),
    "restarts unheard": Fault("`+CREG: 0,..` at the next look", _ANEW, 2, _unheard),
    "browns out": Fault(
        "`UNDER-VOLTAGE ..`, `RDY`", "counted, " + _ANEW, 1, lambda w: w.modem.brown_out()
    ),
    "powers down by itself": Fault(
        "`NORMAL POWER DOWN`", _STEPS, 3, lambda w: w.modem.shut_down()
    ),
    "powers down, low supply": Fault(
        "`UNDER-VOLTAGE POWER DOWN`",
        _STEPS,
        3,
        lambda w: w.modem.shut_down("UNDER-VOLTAGE POWER DOWN"),
    ),
    "no supply for 10 minutes": Fault("no answer", _STEPS, 3, _dead, _alive, lasting=10),
    "under-voltage warning": Fault(
        "`UNDER-VOLTAGE WARNNING`",
        "counted, AT+CBC into the log",
        1,
        _urcs("UNDER-VOLTAGE WARNNING"),
    ),
    "the chip restarts alone": Fault(
        "-", "the modem is found at its rate", 1, lambda w: w.restart_chip(), chip=True
    ),
    # its settings
    "restarts at 9600 baud": Fault("no answer", "other rates, AT+IPR", 3, _restart_at(9600)),
    "restarts autobauding": Fault("no answer", "AT, AT+IPR, AT&W", 3, _restart_at(0)),
    "ATQ1 is saved": Fault(
        "no answer", "ATQ0V1&W, AT+CFUN=1,1, sent blindly", 3, _set(True, quiet=1)
    ),
    "echo comes on": Fault("-", "ignored; ATE0 each 5 min", 1, _set(echo=1)),
    "loses settings": Fault(
        "`+CREG: 0,..`",
        _ANEW,
        2,
        _quietly(_set(cmgf=1, creg=0, clip=0, cnmi=(0, 0, 0, 0, 0), cmee=0)),
    ),
    "falls back to text mode": Fault(
        "unreadable lists",
        "AT+CMGF=0, at once; before an alert; each 5 min",
        2,
        _quietly(_set(cmgf=1)),
    ),
    "tells of no message": Fault(_SWEEP, "-; AT+CNMI each 5 min", 2, _set(cnmi=(0, 0, 0, 0, 0))),
    "left in CFUN=4": Fault("registration 0", "AT+CFUN=1", 2, _set(cfun=4)),
    "left in CFUN=0": Fault("+CPIN: NOT READY", "AT+CFUN=1", 3, _set(cfun=0)),
    "left asleep": Fault("first AT lost", "AT again; AT+CSCLK=0 each 5 min", 2, _set(csclk=2)),
    # the network
    "deaf, though registered": Fault(
        "-", "ATH each 5 min, the radio off and on each day", 8, lambda w: w.modem.go_deaf()
    ),
    "network away for 30 minutes": Fault(
        "+CREG, asked each 20 s",
        "AT+COPS=0, CFUN=4/1, CFUN=1,1, PWRKEY, ever more seldom",
        2,
        lambda w: w.network.lose(),
        lambda w: w.network.restore(),
        lasting=30,
    ),
    "network denies for 30 minutes": Fault(
        "+CREG: 3", "as above", 2, _denied, _allowed, lasting=30
    ),
    "no signal for 3 minutes": Fault(
        "+CREG: 2", "as above", 2, _network(signal=None), _network(signal=-67), lasting=3
    ),
    "never registers again": Fault("+CREG: 2", "as above, to CFUN=1,1", 20, _loses_the_way),
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
        _fails("+CPIN", error=AtError("CME", 14), times=8),
    ),
    "SIM slow for 10 minutes": Fault(
        "-", "its maximum time", 2, _slow(4000), _slow(0), lasting=10
    ),
    "SIM full": Fault(_SWEEP, "everything is read, acted on, deleted", 6, lambda w: w.sim.fill()),
    "no message centre for 10 minutes": Fault(
        "AT+CSCA?, each 5 min",
        "log, LEDs; what is owed rests",
        6,
        _smsc(""),
        _smsc("+31600000000"),
        lasting=10,
    ),
    # messages
    "MMS push": Fault(
        '`+CMTI: ..,"MMS PUSH"`',
        "swept, deleted",
        2,
        lambda w: w.network.deliver_pdu(CLASS_0_PUSH, ',"MMS PUSH"'),
    ),
    "unreadable entry": Fault("the PDU", "deleted", 2, _stored("07911326040000F004FF")),
    "status report in the SIM": Fault(
        "the PDU",
        "deleted",
        2,
        _stored("07911326040000F006010B911346610089F6" + "62501221100000" * 2 + "00"),
    ),
    "hint without a message": Fault(
        "an empty slot", "the whole SIM is listed", 2, _urcs('+CMTI: "SM",19')
    ),
    "+CMGL refused": Fault(
        _ONCE,
        "again after 5 s; from the fourth time on slot by slot",
        2,
        _fails("+CMGL", error=AtError("CMS", 320), times=3),
    ),
    "+CMGR refused": Fault(
        _ONCE, "the whole SIM is listed", 2, _fails("+CMGR", error=AtError("CMS", 500), times=2)
    ),
    "+CMGD refused": Fault(
        _ONCE,
        "swept again; the message is known by its id",
        3,
        _fails("+CMGD", error=AtError("CMS", 320), times=2),
    ),
    "+CMGD without answer": Fault(
        "5 s", "ESC, AT; swept again", 3, _fails("+CMGD", error="silent")
    ),
    # sending
    "no prompt": Fault("10 s", "ESC; sent again", 3, _fails("+CMGS", error="silent")),
    "no result of a sending": Fault(
        "60 s", "an alert is sent again, a reply is not", 3, _no_final
    ),
    "centre refuses: 41": Fault("+CMS ERROR", "sent again", 2, _network(refusals=[41])),
    "centre refuses: 500": Fault(
        "+CMS ERROR", "an alert is sent again, a reply is not", 2, _network(refusals=[500])
    ),
    # the line
    "bytes swallowed for 3 s": Fault("no answer", "ESC, AT", 2, _line(lambda data: [], 3000)),
    "bytes garbled for 3 s": Fault(
        "no answer", "ESC, AT", 2, _line(lambda data: [garble(data)], 3000)
    ),
    "noise": Fault("unknown lines", "dropped, counted", 2, _noise),
    "a prompt is left": Fault("no answer", "ESC, AT", 2, _prompt),
    "every command refused thrice": Fault(
        "the errors",
        "what is needed is tried again",
        3,
        _fails("+CPIN", "+CREG", "+CMGL", "+CMGR", "+CMGD", "+CMGS", "+CSQ", error=_LOST, times=3),
    ),
    "URC storm": Fault(
        "-",
        "each is cut out of the answers",
        2,
        _urcs(
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
        _latency("maximum"),
        _latency("typical"),
        lasting=10,
    ),
}
