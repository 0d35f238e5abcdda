# SPDX-License-Identifier: MIT
"""Plays a life once, undisturbed or with its faults, and takes down what its owner would see."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tools.bench.runners.cpython import DeviceError
from tools.bench.scenario import steps as s
from tools.bench.scenario.execution import perform
from tools.bench.scenario.ledger import Ledger, StepFailed
from tools.bench.scenario.steps import Step
from tools.bench.world import record
from tools.bench.world.world import World
from tools.proof.soak.story import SECOND, Life, Scene

PIN = "1234"
# Sections of the record that say what an owner would ask for.
LASTING = ("settings", "scheduler", "thermostat", "temperature_alerts")


class Failed(Exception):
    """The device broke a rule; the argument says which."""


@dataclass
class Seen:
    """What was seen of a device in a scene, and at its end.

    Attributes:
        messages, calls, edges: (ms of the life, ..) in their order. commits: how many.
        kept: parts of the record. level, micro: the relays.
        mended: the device was on line when it had to be; leds: what each shows.
    """

    begin: int = 0
    messages: list[tuple[int, str, str]] = field(default_factory=list)
    calls: list[tuple[int, str]] = field(default_factory=list)
    edges: list[tuple[int, bool]] = field(default_factory=list)
    commits: int = 0
    level: bool = False
    micro: bool = False
    online: bool = True
    mended: bool = True
    powered: bool = True
    leds: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    waiting: int = 0


class Player:
    """One device on its way through a life."""

    def __init__(self, life: Life, disturbed: bool, vm: str = "cpython") -> None:
        self.life, self.disturbed = life, disturbed
        self.world = World(
            vm=vm,
            model=life.model,
            us=life.us,
            clock=life.clock,
            boot_ticks=life.ticks if disturbed else 0,
            habits=life.habits if disturbed else (),
            family=life.family,
            battery=not life.model.startswith("GSM706"),
            config={"PIN": PIN} if life.pin else None,
        )
        world, network = self.world, self.world.network
        world.flash.garbage = True
        if disturbed:
            network.delivery_ms, network.send_ms, network.registration_ms = life.pace
        if life.pin:
            world.sim.pin_enabled = True
            world.sim.power_cycled()
        self._ledger = Ledger(world)
        self._asked = False
        self._read = 0
        self._fault = ""
        self._scene = Scene("")
        self.seen = Seen()
        self.counts: Counter[str] = Counter()
        self.record = 0
        world.observe(self._notice)
        world.power_on()

    # -- what is seen -----------------------------------------------------------------------

    def _notice(self, kind: str, text: str) -> None:
        """Take down an event; a verdict must not fly through the device."""
        now = self.world.now
        if kind == "relay":
            self.seen.edges.append((now, text == "1"))
        elif kind == "commit":
            self.seen.commits += 1
            self.record = max(self.record, int(text.split()[1]))
        elif kind == "call" and text.startswith("out "):
            _, number, state = text.split(" ", 2)
            if state == "dialing":
                self.seen.calls.append((now, number))
        elif kind == "crash":
            self._fault = self._fault or "the firmware crashed: " + text.replace("|", "\n")
        elif kind == "restart":
            if not (self._asked or text == "wake" or self._scene.resets):
                self._fault = self._fault or f"the chip restarted by itself: {text}"
            self._asked = False

    def play(self, scene: Scene, begin: int) -> Seen:
        """Play a scene that begins at this time.

        Raises:
            Failed: the device crashed, restarted by itself, or broke a rule of its runner.
        """
        self._scene = scene
        self.seen = Seen(begin)
        events = [(at, 1, step) for at, step in self._order(scene)]
        if self.disturbed and scene.faults:
            events += [(at, 0, step) for at, step in scene.faults]
            self.counts[f"fault: {scene.fault}"] += 1
        events.sort(key=lambda event: event[:2])
        check = max((at for at, _ in scene.faults), default=-1)
        try:
            for at, _, step in events:
                if check >= 0 and at > check + self.life.mended:
                    self._look(begin + check + self.life.mended)
                    check = -1
                self._until(begin + at)
                self._perform(step)
            if check >= 0:
                self._look(begin + check + self.life.mended)
            self._until(begin + scene.length)
        except DeviceError as error:
            raise Failed(f"the device broke a rule of its runner: {error}") from error
        if self._fault:
            raise Failed(self._fault)
        return self._finish()

    def _look(self, at: int) -> None:
        self._until(at)
        self.seen.mended = self.world.online

    def _order(self, scene: Scene) -> list[tuple[int, Step]]:
        """Return the deeds; those of one moment in another order if a life may have that."""
        if not (scene.crowd and self.disturbed):
            return scene.deeds
        rng = random.Random(self.life.seed)
        return [(at + rng.randrange(1, SECOND), step) if isinstance(step, s.SendMessage)
                else (at, step) for at, step in scene.deeds]  # fmt: skip

    def _until(self, at: int) -> None:
        if at > self.world.now:
            self.world.run_for(at - self.world.now)

    def _perform(self, step: Step) -> None:
        world = self.world
        if isinstance(step, s.SetPower) and step.what == "on":
            world.flash.no_cut()
        self._asked = isinstance(step, s.RestartChip)
        script = perform(world, self._ledger, step)
        try:
            pause = next(script)
            while True:
                pause = script.send(world.run_until(lambda: False, pause.deadline - world.now))
        except (StopIteration, StepFailed):
            pass

    def _finish(self) -> Seen:
        world, seen = self.world, self.seen
        sent = world.network.messages
        seen.messages = [(m.at, m.to, m.text) for m in sent[self._read :]]
        self._read = len(sent)
        seen.level, seen.micro = world.relay_on, world.microrelay_on
        seen.online = world.online
        seen.leds = {name: led.pattern for name, led in world.leds.items()}
        seen.kept = record.read(world.flash)
        seen.waiting = world.network.waiting
        return seen

    def close(self) -> None:
        """End it, and add up what happened."""
        world = self.world
        self.counts["starts"] += world.boots
        self.counts["power cuts in flash operations"] += world.power_cuts
        self.counts["wake-ups"] += world.wakeups
        world.close()


def commands(scenes: Iterable[Scene]) -> int:
    """Return how many messages are sent to the device."""
    return sum(isinstance(step, s.SendMessage) for scene in scenes for _, step in scene.deeds)
