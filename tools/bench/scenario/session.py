# SPDX-License-Identifier: MIT
"""The running world, paced in real time, for whoever shows it: a terminal, a page.

The world lives in a thread of its own (a lock-step with a child process blocks, and the firmware
on CPython needs an event loop to itself); everything here that touches it runs in that thread, in
short slices. What was noticed is handed out on the event loop.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tools.bench.scenario.actions import CYCLE_MS
from tools.bench.scenario.execution import perform
from tools.bench.scenario.expected import Expectation
from tools.bench.scenario.feed import Feed, Subscription
from tools.bench.scenario.files import parse_step
from tools.bench.scenario.ledger import Ledger, Pause, Script, StepFailed
from tools.bench.scenario.observations import (
    DeviceFault,
    Observation,
    OnlineChanged,
    StepBegun,
    StepDone,
    from_world,
)
from tools.bench.scenario.steps import PressButton, SetPower, Step, WaitFor
from tools.bench.world import record
from tools.bench.world.world import DeviceError, NotBuilt, World

SLICE_S = 0.02  # real time that the world may have before the event loop looks round
LARGEST_LAG_S = 2.0  # a lag beyond this (a suspended computer) is forgotten, not caught up
AT_FULL_SPEED_MS = 60_000  # how far ahead a slice may look without pacing
FAULTS = 3  # so many within FAULTS_S: the device cannot be run
FAULTS_S = 10.0


@dataclass
class _Running:
    """A step under way; `fast`: its time passes at full speed, and no more than that."""

    step: Step
    script: Script
    done: asyncio.Future[StepDone]
    fast: bool = False
    pause: Pause | None = None


class Session:
    """A world that runs by itself, and to which steps can be done.

    Args:
        world: powered or not; the session owns it from now on and closes it.
        speed: world seconds in a real one; `math.inf`: as fast as it goes; 0: paused.
    """

    def __init__(self, world: World, speed: float = 1.0) -> None:
        self._world = world
        self._ledger = Ledger(world)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="world")
        self._feed = Feed()
        self._noticed: list[Observation] = []
        self._finished: list[tuple[_Running, StepDone]] = []
        self._inbox: deque[_Running] = deque()
        self._running: list[_Running] = []
        self._stopping = False
        self._woken = asyncio.Event()
        self._online = False
        self._skip_to = 0
        self._owed_to = 0  # .. and to here for the steps that take time, although it is paused
        self._arrived = False  # a step that had its time pass at full speed has just ended
        self._skip_until: Callable[[], bool] | None = None
        self._slice_began: float | None = None
        self._speed = speed
        self._base_real = time.monotonic()
        self._base_world = world.now
        self._faults: deque[float] = deque(maxlen=FAULTS)
        world.observe(self._notice)

    # -- for whoever shows the world ------------------------------------------------------------

    @property
    def now(self) -> int:
        """World time in ms: where the world is, or would be if something had happened since."""
        if math.isinf(self._speed) or self.skipping:
            return self._world.now
        return max(self._world.now, self._paced())

    @property
    def online(self) -> bool:
        """True while the device is on line."""
        return self._online

    @property
    def speed(self) -> float:
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        if not speed >= 0:
            raise ValueError("a speed is not negative")
        self._speed = speed
        self._rebase()
        self._woken.set()

    @property
    def skipping(self) -> bool:
        """True while time passes at full speed whatever the speed is."""
        return self._world.now < self._goal()

    @property
    def busy_s(self) -> float:
        """Real time for which the world has not let go: the firmware hangs, or much happens."""
        began = self._slice_began
        return 0.0 if began is None else time.monotonic() - began

    def skip(self, until: Callable[[], bool], at_most_ms: int) -> None:
        """Let time pass at full speed, also while it is paused.

        Args:
            until: asked in the world's thread after each instant; True ends it there.
            at_most_ms: world time after which it ends in any case.
        """
        self._skip_until = until
        self._skip_to = self._world.now + at_most_ms
        self._woken.set()

    def subscribe(self) -> Subscription:
        """Return a stream of everything noticed from now on: `async for observation in ..`."""
        return self._feed.subscribe()

    async def do(self, text: str) -> StepDone:
        """Do a scenario step; return when it is over. The world goes on meanwhile.

        `wait` lets its time pass at full speed.

        Raises:
            ScenarioError: this is no step. Nothing was done.
        """
        step = parse_step(text)
        return await self.do_step(step, fast=isinstance(step, WaitFor))

    async def do_step(self, step: Step, fast: bool = False) -> StepDone:
        """Do a step that was parsed already.

        Args:
            fast: what time it takes passes at full speed, also while the world is paused; while it
                is, no more time passes than that.
        """
        done: asyncio.Future[StepDone] = asyncio.get_running_loop().create_future()
        if self._stopping:
            return StepDone(self.now, step.render(), False, "the session is over")
        script = perform(self._world, self._ledger, step)
        self._inbox.append(_Running(step, script, done, fast))
        self._woken.set()
        return await done

    def switch_on(self) -> None:
        """Give the device power, as a scenario does before its first step."""
        self._thread.submit(self._world.power_on)
        self._woken.set()

    async def run(self) -> None:
        """Run the world until `stop()`; close it at the end, however that comes.

        Raises:
            DeviceError: the device cannot be run: it fails again and again.
        """
        loop = asyncio.get_running_loop()
        self._rebase()
        try:
            while not self._stopping:
                self._woken.clear()
                next_time = await loop.run_in_executor(self._thread, self._slice)
                self._hand_out()
                await self._sleep(next_time)
        finally:
            self._stopping = True
            self._thread.submit(self._world.close)
            self._thread.shutdown(wait=True)
            self._end_steps("the session is over")
            self._feed.close()

    def stop(self) -> None:
        """Let `run()` come to its end."""
        self._stopping = True
        self._woken.set()

    # -- pacing ---------------------------------------------------------------------------------

    def _rebase(self) -> None:
        self._base_real, self._base_world = time.monotonic(), self._world.now

    def _target(self) -> int:
        """Return up to when the world should have come by now."""
        now, goal = self._world.now, self._goal()
        if now < goal:
            return goal
        if math.isinf(self._speed):
            return now + AT_FULL_SPEED_MS
        paced = self._paced()
        due = self._world.next_time()
        if due is not None and paced - due > LARGEST_LAG_S * 1000 * max(self._speed, 1):
            # What was due long ago happens now, and time goes on from there.
            self._base_real, self._base_world = time.monotonic(), max(now, due)
            paced = self._base_world
        return max(now, paced)

    def _goal(self) -> int:
        """Return up to when time passes at full speed."""
        pauses = [running.pause for running in list(self._running) if running.fast]
        goals = [self._skip_to, self._owed_to]
        return max([*goals, *(pause.deadline for pause in pauses if pause is not None)])

    def _paced(self) -> int:
        elapsed = time.monotonic() - self._base_real
        return self._base_world + int(elapsed * 1000 * self._speed)

    async def _sleep(self, next_time: int | None) -> None:
        """Wait for the next thing to do."""
        delay: float | None = None
        if self._inbox or self.skipping:
            delay = 0.0
        elif next_time is not None and self._speed > 0:
            if math.isinf(self._speed):
                delay = 0.0
            else:
                delay = (next_time - self._paced()) / 1000 / self._speed
        if delay is not None and delay <= 0:
            await asyncio.sleep(0)
            return
        try:
            async with asyncio.timeout(delay):
                await self._woken.wait()
        except TimeoutError:
            pass

    # -- in the world's thread ------------------------------------------------------------------

    def _slice(self) -> int | None:
        """Bring the world to where it should be, as far as a slice goes; return what is next."""
        self._slice_began = time.monotonic()
        try:
            return self._live()
        finally:
            self._slice_began = None

    def _live(self) -> int | None:
        until = time.monotonic() + SLICE_S
        skipping = self.skipping
        self._advance(self._target(), until)
        while self._inbox and not self._stopping:
            # A step meets an instant that is over, as in a scenario: a recording replays.
            self._advance(self._world.now, math.inf)
            self._begin(self._inbox.popleft())
        self._advance(self._world.now, until)
        if skipping and not self.skipping:
            self._skip_until = None
            self._rebase()
        times = [r.pause.deadline for r in self._running if r.pause is not None]
        next_time = self._world.next_time()
        if next_time is not None:
            times.append(next_time)
        return min(times, default=None)

    def _advance(self, target: int, until: float) -> None:
        self._arrived = False
        while not self._stopping:
            deadlines = [r.pause.deadline for r in self._running if r.pause is not None]
            limit = max(self._world.now, min([target, *deadlines]))
            try:
                happened = self._world.step(limit)
            except DeviceError as error:
                self._device_failed(error)
                happened = True
            self._look()
            if self._skip_until is not None and self._skip_until():
                self._skip_until = None
                self._skip_to = self._world.now
                return
            if self._arrived:
                return
            if not happened and self._world.now >= target:
                return
            if time.monotonic() > until:
                return

    def _look(self) -> None:
        """See what has become of the steps under way, and whether the device is on line."""
        if self._world.online != self._online:
            self._online = self._world.online
            self._noticed.append(OnlineChanged(self._world.now, self._online))
        for running in list(self._running):
            while (pause := running.pause) is not None:
                if pause.until():
                    self._go_on(running, True)
                elif self._world.now >= pause.deadline:
                    self._go_on(running, False)
                else:
                    break

    def _begin(self, running: _Running) -> None:
        self._noticed.append(StepBegun(self._world.now, running.step))
        self._running.append(running)
        self._go_on(running, None)
        if self._speed == 0:
            self._owed_to = max(self._owed_to, self._own_time(running.step))
        self._look()

    def _own_time(self, step: Step) -> int:
        """Return up to when time passes for a step that takes some, although it is paused."""
        if isinstance(step, PressButton):
            return self._ledger.button_free_at
        if isinstance(step, SetPower) and step.what == "cycle":
            return self._world.now + CYCLE_MS
        return 0

    def _go_on(self, running: _Running, held: bool | None) -> None:
        """Let a script run to its next pause."""
        reason = ""
        try:
            running.pause = (
                next(running.script) if held is None else running.script.send(bool(held))
            )
            return
        except StopIteration:
            pass
        except StepFailed as failure:
            reason = str(failure)
        except NotBuilt as error:
            reason = f"this is not built yet: {error}"
        running.pause = None
        self._running.remove(running)
        self._arrived = self._arrived or running.fast
        step = running.step
        expects = isinstance(step, Expectation)
        done = StepDone(self._world.now, step.render(), not reason, reason, expects)
        self._noticed.append(done)
        self._finished.append((running, done))

    def _device_failed(self, error: DeviceError) -> None:
        """The runner gave up: say so and restart the chip, unless that is no use."""
        self._noticed.append(DeviceFault(self._world.now, str(error)))
        self._faults.append(time.monotonic())
        if len(self._faults) == FAULTS and self._faults[-1] - self._faults[0] < FAULTS_S:
            raise error
        self._world.restart_chip("fault")

    def _notice(self, kind: str, text: str) -> None:
        relay = {"relay": "socket", "microrelay": "micro"}.get(kind, "")
        cause = record.cause(record.read(self._world.flash), relay, text == "1") if relay else ""
        self._noticed.append(from_world(self._world.now, kind, text, cause))

    # -- back on the event loop -----------------------------------------------------------------

    def _hand_out(self) -> None:
        noticed, self._noticed = self._noticed, []
        finished, self._finished = self._finished, []
        for observation in noticed:
            self._feed.publish(observation)
        for running, done in finished:
            if not running.done.done():
                running.done.set_result(done)

    def _end_steps(self, reason: str) -> None:
        self._hand_out()
        for running in [*self._running, *self._inbox]:
            running.script.close()
            if not running.done.done():
                step = running.step.render()
                running.done.set_result(StepDone(self._world.now, step, False, reason))
        self._running.clear()
        self._inbox.clear()
