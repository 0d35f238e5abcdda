# SPDX-License-Identifier: MIT
"""`python -m tools.bench run`: the device in real time, and a conversation with it."""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import signal
import sys
from collections.abc import Callable, Sequence

from tools.bench.modem.families import FAMILY
from tools.bench.prompts import Lines, Prompt, StandardInput
from tools.bench.runners.cpython import DeviceError
from tools.bench.runners.names import VM_HELP, vm_name
from tools.bench.scenario.files import ScenarioError, is_comment
from tools.bench.scenario.hints import MODELS
from tools.bench.scenario.observations import Observation, StepDone
from tools.bench.scenario.player import Setting, make_world
from tools.bench.scenario.real_modem import RealModemWorld
from tools.bench.scenario.session import Session
from tools.bench.scenario.settling import Settling
from tools.bench.scenario.view import HELP, WELCOME, Line, describe
from tools.bench.world.world import World

ONLINE_S = 30.0  # a piped conversation begins when the device is on line, or after so long


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the command its arguments."""
    parser.add_argument("--vm", type=vm_name, default="micropython", help=VM_HELP)
    parser.add_argument("--model", choices=MODELS, default="EP")
    parser.add_argument("--family", **FAMILY)
    parser.add_argument("--trace", action="store_true", help="show AT traffic and device log")
    parser.add_argument(
        "--speed", type=speed, default=1.0, help="simulated seconds in a real one, or `max`"
    )
    parser.add_argument(
        "--modem", metavar="URL", help="a real modem: /dev/ttyUSB0, socket://127.0.0.1:12345"
    )


def speed(text: str) -> float:
    """Return a speed: a figure that is not negative, or `max`."""
    try:
        value = math.inf if text == "max" else float(text)
    except ValueError:
        value = -1.0
    if not value >= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a speed, such as 1, 60 or max")
    return value


def run(args: argparse.Namespace) -> int:
    """Hold the conversation; return the exit status."""
    try:
        return asyncio.run(_converse(args))
    except KeyboardInterrupt:
        return 0


async def _converse(args: argparse.Namespace) -> int:
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    try:
        session = Session(_world(args), args.speed)
    except OSError as error:
        print(f"the modem's port cannot be opened: {error}", file=sys.stderr)
        return 1
    lines: Lines = Prompt() if interactive else StandardInput()
    coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    conversation = Conversation(session, lines, coloured, args.trace, interactive)
    lines.show(WELCOME.format(model=args.model, vm=args.vm, pace=_pace(args.speed)))
    return await conversation.hold()


def _world(args: argparse.Namespace) -> World:
    if args.modem:
        args.speed = 1.0  # a real modem knows no other time
        return RealModemWorld(args.modem, vm=args.vm, model=args.model, family=args.family)
    return make_world(Setting(model=args.model), args.vm, args.family)


def _pace(value: float) -> str:
    if value == 1:
        return "in real time"
    return "as fast as it goes" if math.isinf(value) else f"at {value:g} times real time"


class Conversation:
    """Typed lines in, what is noticed out."""

    def __init__(
        self, session: Session, lines: Lines, coloured: bool, trace: bool, interactive: bool
    ) -> None:
        self._session = session
        self._lines = lines
        self._coloured = coloured
        self._trace = trace
        self._interactive = interactive
        self._settling = Settling()
        self._online = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def hold(self) -> int:
        """Converse until the person ends it or the device cannot be run; return the status."""
        loop = asyncio.get_running_loop()
        observations = self._session.subscribe()
        world = asyncio.create_task(self._session.run())
        talk = asyncio.create_task(self._talk())
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, talk.cancel)
        show = asyncio.create_task(self._show_all(observations))
        self._session.switch_on()
        await asyncio.wait({world, talk}, return_when=asyncio.FIRST_COMPLETED)
        talk.cancel()
        self._session.stop()
        outcomes = await asyncio.gather(world, talk, show, return_exceptions=True)
        return self._conclude(outcomes)

    def _conclude(self, outcomes: Sequence[object]) -> int:
        for outcome in outcomes:
            if isinstance(outcome, DeviceError):
                self._say("the device cannot be run", "bad")
                return 1
            if isinstance(outcome, BrokenPipeError):
                raise outcome
            if isinstance(outcome, Exception):
                self._say(f"the bench failed: {type(outcome).__name__}: {outcome}", "bad")
                return 1
        return 0

    async def _show_all(self, observations) -> None:  # type: ignore[no-untyped-def]
        async for observation in observations:
            self._settling.notice(observation)
            if self._session.online:
                self._online.set()
            if not self._is_echo(observation):
                line = describe(observation, self._trace)
                if line is not None:
                    self._lines.show(line.render(self._coloured))

    def _is_echo(self, observation: Observation) -> bool:
        """True for what would only repeat what was typed: that an action was done."""
        return (
            isinstance(observation, StepDone) and observation.held and not observation.expectation
        )

    def _say(self, text: str, style: str = "") -> None:
        self._lines.show(Line(text, style).render(self._coloured))

    # -- what is typed --------------------------------------------------------------------------

    async def _talk(self) -> None:
        """Take lines until there are no more."""
        if not self._interactive:
            await self._wait_online()
        while (line := await self._lines.next()) is not None:
            word = line.strip()
            if word in ("quit", "exit"):
                return
            if not is_comment(word) and not self._command(word):
                await self._take_step(word)
        if not self._interactive:
            await self._settling.settled(lambda: self._session.now)

    async def _wait_online(self) -> None:
        try:
            # Not wait_for(): on Python 3.11 that may swallow a cancellation.
            async with asyncio.timeout(ONLINE_S):
                await self._online.wait()
        except TimeoutError:
            self._say("the device is not on line yet; going on", "bad")

    async def _take_step(self, text: str) -> None:
        """Do a step: at a prompt beside others, from a pipe one after the other."""
        task = asyncio.create_task(self._do(text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if not self._interactive:
            await task

    async def _do(self, text: str) -> None:
        try:
            await self._session.do(text)
        except ScenarioError as error:
            self._say(error.reason, "bad")

    def _command(self, text: str) -> bool:
        """Obey what is about the conversation itself; return False if it is something else."""
        commands: dict[str, Callable[[], None]] = {
            "help": lambda: self._say(HELP),
            "?": lambda: self._say(HELP),
            "trace on": lambda: self._set_trace(True),
            "trace off": lambda: self._set_trace(False),
        }
        words = " ".join(text.split())
        if words in commands:
            commands[words]()
        elif words == "speed" or words.startswith("speed "):
            self._set_speed(words[6:])
        else:
            return False
        return True

    def _set_trace(self, on: bool) -> None:
        self._trace = on

    def _set_speed(self, text: str) -> None:
        try:
            self._session.speed = speed(text)
        except argparse.ArgumentTypeError as error:
            self._say(str(error), "bad")
