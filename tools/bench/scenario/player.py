# SPDX-License-Identifier: MIT
"""Plays scenario files in virtual time against the whole firmware."""

from __future__ import annotations

import json
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from tools.bench.network.operator import DEFAULT_CLOCK
from tools.bench.scenario.execution import perform
from tools.bench.scenario.expected import Expectation
from tools.bench.scenario.files import read
from tools.bench.scenario.ledger import Ledger, StepFailed
from tools.bench.scenario.report import Failure, Result, clock, quoted
from tools.bench.scenario.steps import (
    BeginOff,
    BoardModem,
    ChooseModel,
    Fahrenheit,
    KeepRecord,
    ModemFamily,
    ModemHabits,
    SetClock,
    Setup,
    Step,
    Where,
)
from tools.bench.world.flash import Flash
from tools.bench.world.record import write
from tools.bench.world.world import DeviceError, NotBuilt, World

START_MS = 45_000  # the device is on line by then
LOG_LINES = 12


@dataclass(frozen=True)
class Setting:
    """How the world begins: what the steps that set up say.

    `record`: what the device finds on its flash, as JSON; empty: it is factory-new. `habits`: of
    the modem. `family`: of the modem, in small letters; empty: any. `board_modem`: what the board
    configuration says of it; empty: the truth.
    """

    model: str = "EP"
    us: bool = False
    clock: datetime | None = DEFAULT_CLOCK
    powered: bool = True
    record: str = ""
    habits: tuple[str, ...] = ()
    family: str = ""
    board_modem: str = ""

    @classmethod
    def of(cls, steps: list[Step]) -> Setting:
        """Collect the steps that set up."""
        given: dict[str, Any] = {}
        for step in steps:
            if isinstance(step, ChooseModel):
                given["model"] = step.model
            elif isinstance(step, Fahrenheit):
                given["us"] = True
            elif isinstance(step, SetClock):
                given["clock"] = step.at
            elif isinstance(step, KeepRecord):
                given["record"] = step.json
            elif isinstance(step, ModemHabits):
                given["habits"] = step.names
            elif isinstance(step, ModemFamily):
                given["family"] = step.name.lower()
            elif isinstance(step, BoardModem):
                given["board_modem"] = step.name
            elif isinstance(step, BeginOff):
                given["powered"] = False
        return cls(**given)


WorldFactory = Callable[[Setting], World]


def make_world(setting: Setting, vm: str = "cpython", family: str = "sim800l") -> World:
    """Return a world as a scenario's beginning asks for, still without power.

    Args:
        family: of the modem, for a setting that wants none.
    """
    flash = Flash()
    if setting.record:
        write(flash, json.loads(setting.record))
    battery = not setting.model.startswith("GSM706")
    return World(
        vm=vm,
        model=setting.model,
        us=setting.us,
        clock=setting.clock,
        flash=flash,
        battery=battery,
        habits=setting.habits,
        family=setting.family or family,
        config={"MODEM": setting.board_modem} if setting.board_modem else None,
    )


class Player:
    """Plays scenarios, each in a world of its own.

    Args:
        factory: makes a world without power.
        on_world: called with each new world, to observe it.
        on_step: called with each step before it is done, and the world.
    """

    def __init__(
        self,
        factory: WorldFactory = make_world,
        *,
        on_world: Callable[[World], None] | None = None,
        on_step: Callable[[World, Step], None] | None = None,
    ) -> None:
        self._factory = factory
        self._on_world = on_world
        self._on_step = on_step

    def play(self, path: Path) -> Result:
        """Play a file up to its first step that does not hold.

        Raises:
            ScenarioError: the file cannot be read.
        """
        return self.play_steps(path, read(path))

    def play_steps(self, path: Path, steps: list[Step]) -> Result:
        """Play steps that were read already."""
        result = Result(path, len(steps))
        began = time.perf_counter()
        world = self._factory(Setting.of(steps))
        try:
            _Run(world, steps, result, self._on_world, self._on_step).play()
        finally:
            result.simulated_ms = world.now
            world.close()
            result.seconds = time.perf_counter() - began
        return result


class DeviceCrashed(Exception):
    """The firmware ended by an exception; the argument is its traceback."""


class _Run:
    """One scenario in one world."""

    def __init__(
        self,
        world: World,
        steps: list[Step],
        result: Result,
        on_world: Callable[[World], None] | None,
        on_step: Callable[[World, Step], None] | None,
    ) -> None:
        self._world = world
        self._steps = steps
        self._result = result
        self._on_step = on_step
        self._ledger = Ledger(world)
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        self._crashes = world.crashes
        world.observe(self._observe)
        if on_world is not None:
            on_world(world)

    def _observe(self, kind: str, text: str) -> None:
        if kind == "log":
            self._log.append(f"{clock(self._world.now)}  {text}")

    def play(self) -> None:
        """Play until the end or the first failure."""
        todo = [step for step in self._steps if not isinstance(step, Setup)]
        self._result.played = len(self._steps) - len(todo)
        if Setting.of(self._steps).powered and not self._start():
            return
        for step in todo:
            self._result.played += 1
            if self._on_step is not None:
                self._on_step(self._world, step)
            if not self._attempt(step.where, step.render(), partial(self._do, step)):
                return
        self._attempt(self._end(), "the end of the file", self._nothing_unexpected)

    def _start(self) -> bool:
        """Power the device and wait until it is on line."""
        where = Where(str(self._result.path), self._steps[0].where.line if self._steps else 1)
        return self._attempt(where, "the start of the device", self._power_on)

    def _power_on(self) -> None:
        world = self._world
        world.power_on()
        if not self._let_pass(lambda: world.online, world.now + START_MS):
            raise StepFailed("it is not", f"the device on line within {START_MS // 1000}s")

    def _attempt(self, where: Where, what: str, do: Callable[[], None]) -> bool:
        """Do something; note a failure and return False if it does not hold."""
        try:
            do()
        except StepFailed as failure:
            self._fail(where, what, failure.came, failure.expected)
        except NotBuilt as error:
            self._fail(where, what, f"this is not built yet: {error}")
        except DeviceCrashed as error:
            self._fail(where, what, f"the firmware crashed:\n{error}")
        except DeviceError as error:
            self._fail(where, what, f"the firmware was stopped: {error}")
        except Exception:
            # A fault of the bench's own: this file has failed, others may still be played.
            self._fail(where, what, "the bench failed:\n" + traceback.format_exc().rstrip())
        else:
            return True
        return False

    def _fail(self, where: Where, what: str, came: str, expected: str = "") -> None:
        log = list(self._log)
        failure = Failure(where, what, expected, came, self._world.now, log)
        self._result.failures.append(failure)

    def _do(self, step: Step) -> None:
        script = perform(self._world, self._ledger, step)
        try:
            pause = next(script)
            while True:
                pause = script.send(self._let_pass(pause.until, pause.deadline))
        except StopIteration:
            pass
        if not isinstance(step, Expectation):
            self._check_crash()

    def _let_pass(self, until: Callable[[], bool], deadline: int) -> bool:
        world = self._world
        crashed = self._has_crashed
        held = world.run_until(lambda: crashed() or until(), deadline - world.now)
        self._check_crash()
        return held

    def _has_crashed(self) -> bool:
        return self._world.crashes > self._crashes

    def _check_crash(self) -> None:
        if self._has_crashed():
            self._crashes = self._world.crashes
            raise DeviceCrashed(self._world.crash_texts[-1])

    def _end(self) -> Where:
        last = self._steps[-1].where.line if self._steps else 1
        return Where(str(self._result.path), last)

    def _nothing_unexpected(self) -> None:
        messages = self._ledger.open_messages()
        if messages:
            came = "\n".join(f"{quoted(m.text)} to {m.to} at {clock(m.at)}" for m in messages)
            raise StepFailed(came, "no message that no step has expected")
