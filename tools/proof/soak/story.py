# SPDX-License-Identifier: MIT
"""What a life is made of: scenes, what the owner is promised in them, and the faults in them.

A scene is written so that it converges: whatever of its faults happens, and whenever, the device
owes the same in the end. `Writer` keeps what the writing of the next scene needs to know.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import datetime

from tools.bench.modem.families import FAMILIES, FAMILY
from tools.bench.scenario import steps as s
from tools.bench.scenario.steps import Step
from tools.proof.soak import words

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
OWNERS = ("+31600000001", "+31600000002", "+31600000003")
STRANGERS = ("+447700900001", "0401234567", "Vodafone", "hidden", "1234", "+12025550123")
FILLER = "+358400000000"  # whose old messages fill a SIM; the device may answer them
SETTLE = 3 * MINUTE
RECOVERED = 40 * MINUTE  # the longest rest of the outbox is half an hour
MENDED = 220 * SECOND  # on line again, so long after the last fault
MENDED_LTE = 340 * SECOND  # likewise, for a modem that starts in 12 s
CUT = 5 * SECOND  # a clean loss of power
CHIP = frozenset(("chip", "power", "cut"))
MODEM = frozenset(("hangs", "restarts", "browns out", "lost", "missing", "pin", "full", "bursts"))
ANY = CHIP | MODEM
LOSES_POWER = ("power", "cut")
NO_REFERENCE = "no-reference"  # the habit of a modem by which an alert may come twice


@dataclass(frozen=True)
class Promise:
    """Between `least` and `most` messages to a phone that match a pattern, in the calm life."""

    to: str
    pattern: str
    least: int = 1
    most: int = 1


@dataclass
class Fault:
    """What breaks in a scene: steps and their times after the scene's mark.

    Attributes:
        kind: of CHIP or MODEM; "" for none. span: ms until all is whole again.
    """

    kind: str = ""
    steps: list[tuple[int, Step]] = field(default_factory=list)
    span: int = 0


@dataclass
class Scene:
    """A piece of a life, in ms of its own.

    Attributes:
        deeds: what happens in both lives; faults: what happens in the disturbed one alone.
        promises: the messages of the calm life, all of them.
        calls: whom the device calls in the calm life, in that order; None: not judged.
        level: of the socket at the end. edges: how often it moves. None: not known.
        lasts: ms between the first of two moves and the second; (): not known.
        fault: the kind; crowd: deeds of one moment come in another order in the disturbed life.
        thermostat: it was at work: when it moves the socket depends on when it reads.
        alarm: the sensor was active; either: a call or a message, either tells of that.
        resets: the device restarts by itself. quiet: all is done, a loss of power apart.
    """

    name: str
    deeds: list[tuple[int, Step]] = field(default_factory=list)
    faults: list[tuple[int, Step]] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    calls: list[str] | None = field(default_factory=list)
    level: bool | None = None
    edges: int | None = None
    lasts: tuple[int, int] | tuple[()] = ()
    length: int = 0
    mark: int = 0
    quiet: int = 0
    fault: str = ""
    crowd: bool = False
    thermostat: bool = False
    alarm: bool = False
    either: bool = False
    resets: bool = False


@dataclass
class Life:
    """A life that was written.

    limit: SMSLIMIT, 0: OFF; features: what it uses, for the count of rare ones.
    """

    seed: int
    model: str
    us: bool = False
    clock: datetime | None = None
    pin: bool = False
    habits: tuple[str, ...] = ()
    family: str = FAMILY["default"]
    ticks: int = 0
    limit: int = 0
    pace: tuple[int, int, int] = (1_500, 3_000, 2_900)
    scenes: list[Scene] = field(default_factory=list)
    features: set[str] = field(default_factory=set)

    @property
    def mended(self) -> int:
        """How long after the last fault of a scene the device is on line again, ms."""
        return MENDED_LTE if FAMILIES[self.family].lte else MENDED

    @property
    def ms(self) -> int:
        """How long it is."""
        return sum(scene.length for scene in self.scenes)


class Writer:
    """Writes scenes one after the other.

    Attributes:
        ground: the settings as they are now. level, armed: of the socket and the ALARM function.
        owners: on the security list; alerted: on the alert list, in its order.
    """

    def __init__(self, rng: random.Random, life: Life) -> None:
        self.rng = rng
        self.life = life
        self.model, self.us = life.model, life.us
        self.ep, self.light = words.is_ep(life.model), words.is_light(life.model)
        self.parameters = words.parameters_of(life.model, life.us)
        self.ground = {name: values[0] for name, values in self.parameters.items()}
        self.level: bool | None = False
        self.armed = self.seclist = False
        self.password = ""
        self.owners: list[str] = []
        self.alerted: list[str] = []
        self.treat = dict.fromkeys(OWNERS, "ignore")
        self.began = self.now = self.powered_at = 0
        self.window = 30 * MINUTE
        self.fault = Fault()
        self.scene = Scene("")

    # -- a scene ----------------------------------------------------------------------------

    def begin(self, name: str, fault: Fault) -> None:
        """Begin a scene that will have this fault."""
        self.scene = Scene(name, fault=fault.kind, level=self.level, edges=0)
        self.fault = fault
        self.began, self.now = self.began + self.now, 0

    def end(self) -> Scene:
        """End it: until all is quiet again."""
        scene = self.scene
        if self.fault.kind:
            # `mark` is where the fault hurts most; if none was given, it is the first deed.
            scene.faults = [(max(0, scene.mark + at), step) for at, step in self.fault.steps]
            self.now = max(self.now, scene.mark + self.fault.span) + RECOVERED
            scene.quiet = self.now - SECOND
            if self.fault.kind in LOSES_POWER or self.rng.random() < 0.3:
                self.cycle_power()
        self.wait(SETTLE)
        scene.length, scene.level = self.now, self.level
        self.life.scenes.append(scene)
        self.life.features.add(scene.name)
        return scene

    def wait(self, ms: int) -> None:
        self.now += ms

    def do(self, step: Step) -> None:
        self.scene.deeds.append((self.now, step))

    def mark(self) -> None:
        """The fault is to come about now."""
        self.scene.mark = self.now

    def promise(self, to: str, pattern: str, least: int = 1, most: int = 1) -> None:
        self.scene.promises.append(Promise(to, pattern, least, most))

    def alert(self, pattern: str, least: int = 1, most: int = 1) -> None:
        """Promise an alert to everybody on the list."""
        for number in self.alerted:
            self.promise("+" + number, pattern, least, most)

    # -- messages ---------------------------------------------------------------------------

    def say(self, text: str, reply: str, kind: str = "ctrl", sender: str = OWNERS[0]) -> None:
        """Send a command; `reply`: the pattern that it has, if it is of a kind that is sent now.

        kind: ctrl or conf (SMSCONFIRM), tells (always), error (ERROR).
        """
        self.do(s.SendMessage(sender, self.password + text))
        silent = {"tells": False, "error": self.ground["ERROR"] == "OFF"}
        if reply and not silent.get(kind, self.ground["SMSCONFIRM"] == "OFF"):
            self.promise(sender, reply)
        if kind == "conf":
            self.window = max(self.window, self.began + self.now + 30 * MINUTE)

    def notice(self, text: str, who: str = OWNERS[0]) -> None:
        """Promise what the first alert number hears of an order that changes who may command.

        It comes before the order; text: with its secrets as stars.
        """
        first = "+" + self.alerted[0] if self.alerted else who
        if self.ground["NOTICE"] == "ON" and first != who:
            self.promise(first, "Changed by " + re.escape(f"{who}: {text}"))
            self.life.features.add("NOTICE")

    def configure(self, name: str, value: str) -> None:
        """Set a parameter."""
        if name == "RENEWINTERVALPW" and value != self.ground[name]:
            self.notice(f"{name}={'*' * len(value)}")
        if name == "NOTICE" and value != self.ground[name]:
            self.ground[name] = "ON"  # both when it begins and when it ends
            self.notice(f"{name}={value}")
        kind = "tells" if name == "SMSCONFIRM" else "conf"
        self.say(f"{name}={value}", words.acknowledged(name, value, self.model), kind)
        self.ground[name] = value
        if name == "SENSORTYPE":
            self.do(s.SetContact(self.rest))
        if name == "TEMPCAL":
            self.do(s.SetTemperature(self.room))
        if name == "POWERSTATE":
            self.life.features.add(f"POWERSTATE={value}")
        self.wait(20 * SECOND)

    def edge(self, *levels: bool | None) -> None:
        """The socket goes to these levels, one after the other; None: nobody knows."""
        for on in levels:
            if None in (on, self.level, self.scene.edges):
                self.scene.edges = None
            elif on != self.level and self.scene.edges is not None:
                self.scene.edges += 1
            self.level = on

    # -- what it stands on ------------------------------------------------------------------

    @property
    def secure(self) -> bool:
        return self.seclist or bool(self.password)

    @property
    def rest(self) -> bool:
        """How the contact is while the sensor is not active."""
        return self.ground.get("SENSORTYPE") == "NC"

    @property
    def room(self) -> float:
        """Degrees Celsius at the sensor at which no limit of any life is passed."""
        return 20.0 + int(self.ground.get("TEMPCAL", "0"))

    @property
    def clock_ms(self) -> int:
        return self.began + self.now

    def cycle_power(self) -> None:
        """All power goes and comes back: what was counted begins anew, the window is open."""
        self.do(s.SetPower("off"))
        self.wait(CUT)
        self.do(s.SetPower("on"))
        before = self.level
        if before:
            self.edge(False)
        self.edge({"ON": True, "OFF": False}.get(self.ground["POWERSTATE"], before))
        if self.ground.get("POWERALERT", "ON") == "ON":
            self.alert("Power restored!" + words.TIME)
        self.powered_at = self.clock_ms
        self.window = self.clock_ms + 30 * MINUTE
        self.wait(2 * MINUTE)

    def open_window(self) -> None:
        """Make sure that Conf commands are taken for the next ten minutes."""
        if not (self.ep and self.secure) and self.window < self.clock_ms + 15 * MINUTE:
            self.cycle_power()
