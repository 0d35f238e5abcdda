# SPDX-License-Identifier: MIT
"""Random lives: a list of scenario steps from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from tools.bench.modem.habits import HABITS
from tools.bench.scenario import steps as s
from tools.bench.scenario.steps import Step

HOUR, DAY = 3_600_000, 86_400_000
OWNERS = ("+31600000001", "+31600000002", "+31600000003")
STRANGERS = ("+447700900001", "0401234567", "Vodafone", "hidden", "1234", "+12025550123")
CODE = "*100#"
PASSWORDS = ("12abc", "Ab0Zz")
CONF = (
    *(f"RESTARTTIME={n}" for n in (1, 5, 600, 0, 601)),
    *(f"RINGCONFIRM={v}" for v in ("SMS", "CALL", "OFF")),
    *(f"RING={v}" for v in ("SWITCH", "RESTART", "NOACTION", "MIC")),
    *(f"POWERSTATE={v}" for v in ("REMEMBER", "ON", "OFF")),
    *(f"THERMOSTAT={v}" for v in ("HEATING", "COOLING")),
    *(f"SWITCHOFFTEMP={v}" for v in ("20C", "22C", "54F", "69F", "21", "121C", "-55C")),
    *(f"TRISEALERT={v}" for v in ("24C", "75F", "OFF")),
    *(f"TFALLALERT={v}" for v in ("17C", "64F", "OFF", "-56C")),
    *(f"ALERT={v}" for v in ("SMS", "SMS", "CALL", "SMSCHANGE", "OFF")),
    *(f"RELAYTIME={v}" for v in ("0", "ON", "ON60", "OFF30", "OFF", "ON65001")),
    *(f"{n}={v}" for n in ("SWITCHOFFALERT", "TSENSFAILALERT") for v in ("ON", "OFF")),
    *(f"SENSORTYPE={v}" for v in ("NO", "NO", "NC")),
    *("POWERALERT=ON", "POWERALERT=ON", "POWERALERT=OFF", "ERROR=OFF", "ERROR=ON", "ERROR=ON"),
    *("SMSCONFIRM=OFF", "SMSCONFIRM=ON", "SMSCONFIRM=ON", "SMSCONFIRMUNAUTH=ON"),
    *("SMSCONFIRMUNAUTH=OFF", f"CREDITUMS={CODE}", "CREDITUMS=NO", "CREDITUMS=100"),
    *("SECNUMBER+31600000002", "SECNUMBER-31600000002", "SECNUMBER+ 0031600000003"),
    *("ALERTNUMBER+31600000002", "ALERTNUMBER-31600000002", "ALERTNUMBER+31600000003"),
    *("SECLIST=ON", "ALERTME", "MAKEMEBOSS", "ALERTNUMBER-ALL", "SECNUMBER++31600000003"),
)
ASK = (
    *("STATUS", "STATUS", "status", "RUNTIME", "TEMPERATURE", "DATE", "HARDWARE", "SERIALNUM"),
    *("FIRMWARE", "SHOWALARMLOG", "ALARM?", "SECNUMBER?", "ALERTNUMBER?", "SCHEDULER?"),
    *("THERMOSTAT?", "RESTARTTIME?", "RELAYTIME?", "ring?", "POWERSTATE?", "TRISEALERT?"),
    *("SWITCHOFFTEMP?", "PASSWORD?", "CREDITUMS?", "ALERT?", "SENSORTYPE?", "CREDIT"),
    *("SMSCONFIRM?", "ERROR?", "SECLIST?", f"SIMCARD{CODE}", "SIMCARD*101#"),
)
ACT = (
    *("ON", "OFF", "on ", "OFF", "RESTART", "ON30", "OFF5", "ON0600", "ON65001", "OFF3600"),
    *("THERMOSTATON", "THERMOSTATOFF", "ALARMON", "ALARMOFF", "THERMOSTATON", "ALARMON"),
)
RUBBISH = (
    "Hello there",
    "ON please",
    "ONN",
    "",
    "STATUS!",
    "x" * 31,
    "y" * 170,
    "RESTARTTIME = 7",
)


@dataclass
class Story:
    """A life that is being written."""

    rng: random.Random
    days: float
    steps: list[Step] = field(default_factory=list)
    ms: int = 0
    password: str = ""
    celsius: float = 20.0
    closed: bool = False
    last: tuple[str, str] = ("", "")
    seconds: int = 0

    def wait(self, ms: int) -> None:
        self.steps.append(s.WaitFor(ms))
        self.ms += ms

    def pause(self) -> None:
        """Some time: often a moment, mostly minutes, now and then hours."""
        kind = self.rng.random()
        if kind < 0.2:
            self.wait(self.rng.randrange(0, 6_000))
        elif kind < 0.5:
            self.wait(self.rng.randrange(6_000, 120_000))
        else:
            self.wait(int(min(10 * HOUR, self.rng.expovariate(1 / (1.6 * HOUR)))) + 60_000)

    def do(self, *steps: Step) -> None:
        self.steps += steps

    def say(self, sender: str, text: str) -> None:
        self.steps.append(s.SendMessage(sender, text))
        self.last = (sender, text)

    def order(self, owner: str, text: str) -> None:
        self.say(owner, self.password + text)

    def owner(self) -> str:
        return self.rng.choices(OWNERS, (8, 3, 1))[0]

    # -- what may happen ------------------------------------------------------------------------

    def event(self) -> None:
        kinds = {
            self._conf: 22, self._ask: 14, self._act: 26, self._stranger: 10, self._again: 4,
            self._secure: 3, self._call: 8, self._weather: 16, self._sensor_fault: 2,
            self._contact: 12, self._button: 5, self._mains: 4, self._rule: 3, self._phone: 3,
            self._signal: 1, self._jump: 1, self._fault: 12, self._reset: 0.3,
        }  # fmt: skip
        self.rng.choices(list(kinds), list(kinds.values()))[0]()

    def _conf(self) -> None:
        self.order(self.owner(), self.rng.choice(CONF))

    def _ask(self) -> None:
        self.order(self.owner(), self.rng.choice(ASK))

    def _act(self) -> None:
        self.order(self.owner(), self.rng.choice(ACT))

    def _stranger(self) -> None:
        sender = self.rng.choice(STRANGERS)
        text = self.rng.choice((*RUBBISH, *ACT, "12345ON", "MAKEMEBOSS"))
        for _ in range(self.rng.choice((1, 1, 1, 2, 7))):
            self.say(sender, text)
            self.wait(self.rng.randrange(1_000, 20_000))

    def _again(self) -> None:
        if self.last[0]:
            self.do(s.SendMessage(*self.last, again=True))

    def _secure(self) -> None:
        if self.password or self.rng.random() < 0.3:
            self.order(OWNERS[0], "PASSWORD=NO")
            self.password = ""
        else:
            word = self.rng.choice(PASSWORDS)
            self.order(OWNERS[0], f"PASSWORD={word}")
            self.password = word
        self.wait(240_000)

    def _call(self) -> None:
        caller = self.rng.choice((*OWNERS, OWNERS[0], STRANGERS[0], "hidden"))
        self.do(s.Call(caller))
        self.wait(self.rng.choice((3_000, 40_000)))
        self.do(s.HangUp(caller))

    def _weather(self) -> None:
        self.celsius = min(40, max(-20, self.celsius + self.rng.uniform(-4, 4)))
        self.celsius += (20 - self.celsius) * 0.1
        self.do(s.SetTemperature(round(self.celsius, 2)))

    def _sensor_fault(self) -> None:
        self.do(s.FailThermometer(self.rng.choice(("missing", "corrupt", "poweron"))))
        self.wait(self.rng.choice((50_000, 90_000, 600_000, HOUR)))
        self.do(s.SetTemperature(round(self.celsius, 2)))

    def _contact(self) -> None:
        for _ in range(self.rng.choice((1, 2, 2, 2, 2, 6))):
            self.closed = not self.closed
            self.do(s.SetContact(self.closed))
            self.wait(self.rng.choice((30, 400, 20_000, 45_000, 45_000, 300_000)))

    def _button(self) -> None:
        self.do(s.PressButton() if self.rng.random() < 0.8 else s.PressButton(4_000))

    def _reset(self) -> None:
        self.do(s.PressButton(11_000))
        self.wait(120_000)
        self.password = ""
        self.say(OWNERS[0], "MAKEMEBOSS")

    def _mains(self) -> None:
        self.do(s.SetMains(False))
        self.wait(self.rng.choice((800, 1_200, 5_000, 30_000, 600_000, 3 * HOUR)))
        self.do(s.SetMains(True))

    def _rule(self) -> None:
        if self.rng.random() < 0.3:
            self.order(OWNERS[0], "SCHEDULER-ALL")
            return
        hour, minute = self.rng.randrange(24), self.rng.randrange(60)
        day = self.rng.choice("***1234567")
        action = self.rng.choice(("ON", "OFF", "INF", "AON", "AOF"))
        self.order(OWNERS[0], f"SCHEDULER+{hour:02}:{minute:02},{day},{action}")

    def _phone(self) -> None:
        how = self.rng.choice(("answer", "reject", "ignore", "ignore"))
        self.do(s.TreatCalls(self.rng.choice(OWNERS), how))

    def _signal(self) -> None:
        self.do(s.SetSignal(self.rng.choice((-55, -67, -83, -85, -97, -99, -107))))

    def _jump(self) -> None:
        at = datetime(2026, 1, 1) + timedelta(minutes=self.rng.randrange(800_000), seconds=31)
        zone = self.rng.choice((0, 1, 2, -5, 14, -12))
        self.order(OWNERS[0], f"DATE={at:%y/%m/%d,%H:%M:%S}{zone:+03}")

    def _fault(self) -> None:
        """Something breaks, life goes on, and later it works again."""
        short = (2_000, 20_000, 70_000, 200_000, 900_000, 2 * HOUR)
        kinds = {
            "chip": 3, "net": 2, "sim": 1, "pin": 1, "full": 1, "hang": 2, "modem": 1, "brown": 1,
            "power": 1, "cut": 4,
        }  # fmt: skip
        kind = self.rng.choices(list(kinds), list(kinds.values()))[0]
        mend: tuple[Step, ...] = ()
        if kind == "chip":
            self.do(s.RestartChip())
        elif kind == "net":
            self.do(s.SetNetwork("lost"))
            mend = (s.SetNetwork("back"),)
        elif kind in ("sim", "pin"):
            self.do(s.SetSim("missing" if kind == "sim" else "pin"))
            mend = (s.SetSim("back"),)
        elif kind == "full":
            self.do(s.SetSim("full"))
        elif kind in ("hang", "modem", "brown"):
            what = {"hang": "hangs", "modem": "restarts", "brown": "browns out"}[kind]
            self.do(s.DisturbModem(what))
        elif kind == "power":
            self.do(s.SetPower("off"))
            mend = (s.SetPower("on"),)
        else:
            place = self.rng.choice(("before", "within", "after"))
            self.do(s.CutFlash(self.rng.randrange(0, 14), place))
            self._something()
            mend = (s.SetPower("on"),)
        for _ in range(self.rng.choice((0, 0, 1, 2))):
            self.wait(self.rng.randrange(0, 9_000))
            self._something()
        if mend:
            self.wait(self.rng.choice(short))
        self.do(*mend)
        if self.rng.random() < 0.7:
            self.wait(300_000)

    def _something(self) -> None:
        self.rng.choice(
            (self._act, self._conf, self._act, self._contact, self._button, self._ask)
        )()


def write(seed: int, days: float) -> list[Step]:
    """Return the life of a seed: steps for about so many days."""
    rng = random.Random(seed)
    story = Story(rng, days)
    clock: datetime | None = datetime(
        2026, rng.randrange(1, 13), rng.randrange(1, 29), rng.randrange(24), rng.randrange(60), 7,
        tzinfo=timezone(timedelta(hours=rng.choice((0, 1, 2, -5)))),
    )  # fmt: skip
    if rng.random() < 0.1:
        clock = None
    story.do(s.SetClock(clock))
    if habits := habits_of(seed):
        story.do(s.ModemHabits(habits))
    story.do(s.SetOperator(CODE, "Your balance is 5.00"))
    story.do(s.SetTemperature(20.0), s.TreatCalls(OWNERS[1], rng.choice(("answer", "reject"))))
    story.wait(300_000)
    for text in _beginning(rng):
        story.say(OWNERS[0], text)
        story.wait(rng.randrange(20_000, 60_000))
    while story.ms < days * DAY:
        story.event()
        story.pause()
    story.wait(HOUR)
    return story.steps


def habits_of(seed: int) -> tuple[str, ...]:
    """Return what the modem of a life is like; half of them are as the manual says.

    They are drawn apart from the steps: so a habit more or less changes nothing else in a life.
    """
    rng = random.Random(seed + 2_000_003)
    return tuple(rng.sample(list(HABITS), rng.choice((0, 0, 1, 2))))


def _beginning(rng: random.Random) -> Iterator[str]:
    kind = rng.random()
    if kind < 0.7:
        yield "MAKEMEBOSS"
    elif kind < 0.9:
        yield "ALERTME"
    yield from rng.sample(CONF, 6)
    yield from rng.sample(ACT, 3)
