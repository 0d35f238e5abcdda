# SPDX-License-Identifier: MIT
"""The world that the page shows: started, replaced, listened to, and what is ordered of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import secrets
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tools.bench.scenario.files import ScenarioError
from tools.bench.scenario.observations import DeviceCrashed, DeviceFault, Observation, from_world
from tools.bench.scenario.player import Setting, make_world
from tools.bench.scenario.session import Session
from tools.bench.scenario.view import tell
from tools.bench.web import commands, gauges
from tools.bench.web.chronicle import Chronicle
from tools.bench.web.recording import Recording, head
from tools.bench.web.room import Room
from tools.bench.web.story import Story, first_minute
from tools.bench.web.watch import Watch
from tools.bench.world.world import DeviceError, World

Json = dict[str, Any]
WorldMaker = Callable[[Setting, str], World]

STUCK_S = 2.0  # the world has not let go for so long: it is said
ENDING_S = 1.0  # that an old world may take to end before it is left to itself
NEXT_EVENT_MS = 86_400_000  # "to the next event" looks no further
# What somebody who waits for the next event waits for.
EVENTS = {"sms_to", "call", "relay", "microrelay", "crash", "restart"}
EVENTS |= {"power", "mains", "sleep", "led", "ussd"}


class OrderError(Exception):
    """An order that cannot be carried out; the text says why."""


@dataclass(frozen=True)
class Choice:
    """What is to run."""

    vm: str
    setting: Setting = field(default_factory=Setting)


class Bench:
    """One world at a time.

    Args:
        choice: the first world; its modem's family is that of all which name none.
        make: makes a world.
        speed: at which it begins.

    Attributes:
        generation: counts the worlds; with a new one everything has to be shown again.
        problem: why the device stands still, empty while it runs.
        fault: the newest crash or hang, {"at", "kind", "text"}; None if there was none.
        story: the scenario that was played last in this world, if any.
        run: differs from that of every other bench: pages see that the server was restarted.
    """

    session: Session
    chronicle: Chronicle
    recording: Recording

    def __init__(self, choice: Choice, make: WorldMaker = make_world, speed: float = 1.0) -> None:
        self.choice = choice
        self._family = choice.setting.family
        self.generation = 0
        self.problem = ""
        self.fault: Json | None = None
        self.story: Story | None = None
        self.run = secrets.token_hex(8)
        self._make = make
        self._speed = speed
        self._events = 0
        self._found: str | None = None  # the next event that was asked for; empty: not yet
        self._telling: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.abandoned = 0

    # -- life -----------------------------------------------------------------------------------

    async def start(self, choice: Choice | None = None) -> None:
        """End the world that there is, if any, and begin a new one."""
        await self.stop()
        if choice is not None:
            family = choice.setting.family or self._family
            self.choice = Choice(choice.vm, replace(choice.setting, family=family))
        world = self._make(self.choice.setting, self.choice.vm)
        self._world = world
        self._watch = Watch(world)
        self._room = Room(world)
        self.chronicle = Chronicle(world.thermometer.celsius, self._watch.set_point)
        self.recording = Recording(head(self.choice.setting))
        self.problem, self.fault, self.story, self._found = "", None, None, None
        self.generation += 1
        world.observe(self._count)
        session = self.session = Session(world, self._speed)
        stream = session.subscribe()
        if self.choice.setting.powered:
            session.switch_on()
        self._tasks = [
            asyncio.create_task(self._run(session, self.generation)),
            asyncio.create_task(self._listen(stream, self.chronicle, self.recording)),
        ]

    async def stop(self) -> None:
        """End the world. One that hangs is left to itself: its thread ends when it lets go."""
        self.end_story()
        tasks, self._tasks = self._tasks, []
        if not tasks:
            return
        self.session.stop()
        _, pending = await asyncio.wait(tasks, timeout=ENDING_S)
        self.abandoned += bool(pending)

    async def _run(self, session: Session, generation: int) -> None:
        try:
            await session.run()
        except DeviceError as error:
            reason = f"The device cannot be run: it failed again and again.\n{error}"
        except Exception:
            reason = "The bench failed.\n" + traceback.format_exc().rstrip()
        else:
            return
        if generation == self.generation:
            self.problem = reason

    async def _listen(self, stream: Any, chronicle: Chronicle, recording: Recording) -> None:
        async for observation in stream:
            chronicle.notice(observation)
            recording.notice(observation)
            self._see_fault(observation)
            if stream.lost:
                recording.complete = False

    def _see_fault(self, seen: Observation) -> None:
        if isinstance(seen, DeviceCrashed):
            self.fault = {"at": seen.at, "kind": "crash", "text": seen.traceback}
        elif isinstance(seen, DeviceFault):
            self.fault = {"at": seen.at, "kind": "fault", "text": seen.text}

    def _count(self, kind: str, text: str) -> None:
        if kind in EVENTS:
            self._events += 1
            if self._found == "":
                told = tell(from_world(0, kind, text), False)
                self._found = told[0] if told else kind

    # -- scenarios ------------------------------------------------------------------------------

    async def play(self, story: Story) -> None:
        """Start a new world for a scenario, and play it there. Raises OrderError."""
        if story.setting.model not in commands.models():
            raise OrderError(f"the firmware has no model {story.setting.model}")
        await self.start(Choice(self.choice.vm, story.setting))
        self.story = story
        self._telling = asyncio.create_task(self._tell(story))

    async def _tell(self, story: Story) -> None:
        await story.play(self.session)
        if story.failed or story.next:
            self._speed = 0.0  # to be looked at as it stands
        self.session.speed = self._speed

    def end_story(self) -> None:
        """Stop playing: the world goes on from where it is."""
        if self._telling is None or self._telling.done():
            return
        self._telling.cancel()
        if self.story is not None:
            self.story.over = True
        self.session.speed = self._speed

    # -- what is shown --------------------------------------------------------------------------

    def snapshot(self) -> Json:
        """Return everything a page needs that knows nothing yet."""
        setting = self.choice.setting
        return {
            "type": "snapshot",
            **self.state(),
            **self.chronicle.past(),
            "model": setting.model,
            "us": setting.us,
            "vm": self.choice.vm,
            "models": commands.models(),
            "vms": commands.vms(),
            "commands": commands.ready(setting.model),
            "stories": [
                {"name": name, "title": story["title"], "about": story["about"]}
                for name, story in first_minute().items()
            ],
        }

    def news(self) -> Json:
        """Return what has changed since the last call."""
        return {"type": "news", **self.state(), **self.chronicle.take_new()}

    def state(self) -> Json:
        """Return how everything stands now."""
        session = self.session
        stuck = session.busy_s
        return {
            "run": self.run,
            "generation": self.generation,
            "sent": time.time() * 1000,
            "now": session.now,
            "speed": "max" if math.isinf(session.speed) else session.speed,
            "problem": self.problem,
            "fault": self.fault,
            "stuck": round(stuck) if stuck > STUCK_S else 0,
            "recorded": len(self.recording),
            "story": self.story.state() if self.story else None,
            "next": self._next_event(),
            "gauges": gauges.read(
                self._world, self._watch, self._room, session.now, session.online
            ),
        }

    # -- what is ordered ------------------------------------------------------------------------

    async def do(self, step: str) -> None:
        """Do a scenario step. Raises OrderError if it is none or could not be done."""
        if self.problem:
            raise OrderError("the device stands still; start it again")
        try:
            done = await self.session.do(step)
        except ScenarioError as error:
            raise OrderError(error.reason) from error
        if not done.held and not done.expectation:
            raise OrderError(done.reason)

    def set_speed(self, speed: float) -> None:
        """Set the pace; it is kept for the worlds to come."""
        if not speed >= 0:
            raise OrderError("a speed is not negative")
        self._speed = self.session.speed = speed

    def _next_event(self) -> Json | None:
        """Return what has become of the search for the next event, None if there was none."""
        if self._found is None:
            return None
        return {"seeking": self.session.skipping and not self._found, "found": self._found}

    def skip(self) -> None:
        """Go on at full speed until something happens that a person would notice."""
        before, self._found = self._events, ""
        self.session.skip(lambda: self._events != before, NEXT_EVENT_MS)

    def set_room(self, appliance: str, outside: float) -> None:
        """Plug an appliance in. Raises OrderError."""
        try:
            self._room.set(appliance, outside)
        except ValueError as error:
            raise OrderError(str(error)) from error

    async def restart(self, model: str, vm: str, us: bool) -> None:
        """Start a new world with a factory-new device. Raises OrderError."""
        if model not in commands.models() or vm not in commands.vms():
            raise OrderError(f"there is no {model} on {vm}")
        await self.start(Choice(vm, Setting(model=model, us=us)))

    async def load(self, settings: str) -> None:
        """Start a new world with a device that has saved settings. Raises OrderError."""
        try:
            saved = json.loads(settings)
            model, us, kept = saved["model"], saved["us"], saved["record"]
        except (ValueError, TypeError, KeyError) as error:
            raise OrderError("this file holds no settings of a device") from error
        if not isinstance(kept, dict):
            raise OrderError("this file holds no settings of a device")
        if model not in commands.models():
            raise OrderError(f"the firmware has no model {model}")
        setting = Setting(model=model, us=us is True, record=json.dumps(kept))
        await self.start(Choice(self.choice.vm, setting))

    def saved(self) -> str:
        """Return the settings as the device has them on its flash, passwords too."""
        setting = self.choice.setting
        kept = {"model": setting.model, "us": setting.us, "record": self._watch.record}
        return json.dumps(kept, indent=1) + "\n"

    def recorded(self) -> str:
        """Return what was done so far as a scenario."""
        return self.recording.text(self.session.now)

    async def show(self, name: str) -> None:
        """Play one of the first minute's scenarios, to be watched. Raises OrderError."""
        story = first_minute().get(name)
        if story is None:
            raise OrderError(f"there is no story {name}")
        self._speed = self._speed or 1.0  # what is watched goes on afterwards
        await self.play(Story(story["title"], story["text"], watched=True))

    async def play_text(self, name: str, text: str) -> None:
        """Play a scenario that somebody has opened or pasted. Raises OrderError."""
        try:
            story = Story(name, text)
        except ScenarioError as error:
            raise OrderError(str(error)) from error
        await self.play(story)

    async def close(self) -> None:
        """End everything."""
        with contextlib.suppress(Exception):
            await self.stop()
