# SPDX-License-Identifier: MIT
"""Runs the firmware in this process, in virtual time: fast, with debugger and coverage.

An event loop for asyncio's tasks whose clock is the world's. It never waits: when it has nothing
left to do it returns, and reports to the world when it wants to be woken.
"""

from __future__ import annotations

import asyncio
import heapq
import io
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, cast

from tools.bench.runners.ports import BenchBoard

TICKS = 1 << 30  # MicroPython's ticks_ms() wraps here

# A forgotten await is silent on MicroPython; here it must not be.
warnings.filterwarnings("error", "coroutine .* was never awaited", RuntimeWarning)


class PowerCut(BaseException):
    """The device lost its power in the middle of an operation; nothing may catch this."""


class DeviceError(Exception):
    """The program on the device broke a rule that a test must not let pass."""


class Host(Protocol):
    """What a chip runner needs of the world around it."""

    def output(self, name: str, arg: str) -> None: ...

    def call(self, name: str, arg: str) -> str: ...

    def passed(self, now: int, turns: int) -> None: ...


class _Call:
    """Something that the loop is to call; `cancel()` it as asyncio does its handles."""

    __slots__ = ("args", "fn")

    def __init__(self, fn: Callable[..., object], args: tuple[Any, ...]) -> None:
        self.fn: Callable[..., object] | None = fn
        self.args = args

    def cancel(self) -> None:
        self.fn = None
        self.args = ()

    def cancelled(self) -> bool:
        return self.fn is None


class _VirtualLoop:
    """An event loop on world time: tasks, futures and timers, and no input or output.

    asyncio's own spends most of a turn on a selector, on contexts and on a debug mode that nothing
    here uses. Timers are whole milliseconds, as on the device, and those of one instant fire in
    the order in which they were made.

    Attributes:
        loop: the same object, for whoever wants a loop of asyncio's type.
    """

    def __init__(self, now: int) -> None:
        self.now = now
        self.loop = cast(asyncio.AbstractEventLoop, self)
        self._ready: deque[_Call] = deque()
        self._timers: list[tuple[int, int, _Call]] = []
        self._sequence = 0
        self._running = False
        self._on_fault: Callable[[asyncio.AbstractEventLoop, dict[str, Any]], object] | None = None

    def run_until_idle(self) -> int | None:
        """Run all that is due; return when something is next (ms), None if nothing is."""
        self._running = True
        asyncio._set_running_loop(self.loop)
        try:
            return self._run()
        finally:
            asyncio._set_running_loop(None)
            self._running = False

    def _run(self) -> int | None:
        ready, timers = self._ready, self._timers
        while True:
            while timers and (timers[0][0] <= self.now or timers[0][2].fn is None):
                ready.append(heapq.heappop(timers)[2])
            if not ready:
                return timers[0][0] if timers else None
            for _ in range(len(ready)):
                call = ready.popleft()
                if call.fn is not None:
                    try:
                        call.fn(*call.args)
                    except Exception as error:
                        self.call_exception_handler({"message": "callback", "exception": error})

    # -- what asyncio wants of a loop ---------------------------------------------------------

    def time(self) -> float:
        return self.now / 1000

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Any = None) -> Any:
        call = _Call(callback, args)
        self._ready.append(call)
        return call

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: Any, context: Any = None
    ) -> Any:
        # A microsecond less before it is rounded up: 0.2 s may be 200.00000000000017 ms.
        ms = -int(-(delay * 1000 - 1e-3) // 1)
        call = _Call(callback, args)
        self._sequence += 1
        heapq.heappush(self._timers, (self.now + max(0, ms), self._sequence, call))
        return call

    def call_at(
        self, when: float, callback: Callable[..., object], *args: Any, context: Any = None
    ) -> Any:
        return self.call_later(when - self.time(), callback, *args)

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self.loop)

    def create_task(self, coro: Any, *, name: str | None = None, context: Any = None) -> Any:
        return asyncio.Task(coro, loop=self.loop, name=name)

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return self._running

    def is_closed(self) -> bool:
        return False

    def set_exception_handler(self, handler: Any) -> None:
        self._on_fault = handler

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        if self._on_fault is not None:
            self._on_fault(self.loop, context)


class _Wire:
    """The device's end of the wire; deaf and dumb once the chip is dead."""

    def __init__(self, chip: CPythonChip) -> None:
        self._chip = chip
        self._given: list[str] = []

    def emit(self, name: str, arg: str) -> None:
        arg = self._whole(arg)
        if self._chip.alive:
            self._chip.host.output(name, arg)

    def call(self, name: str, arg: str) -> str:
        arg = self._whole(arg)
        if not self._chip.alive:
            raise PowerCut
        return self._chip.host.call(name, arg)

    def give(self, data: bytes) -> None:
        """Have bytes go after the next argument, in hex."""
        self._given.append(data.hex())

    def _whole(self, arg: str) -> str:
        given, self._given = self._given, []
        return arg + "".join(given)

    def load(self, name: str, arg: str) -> io.BytesIO | None:
        """Return what a call answers in hex as a file; None for `-`."""
        answer = self.call(name, arg)
        return None if answer == "-" else io.BytesIO(bytes.fromhex(answer))

    def ticks_ms(self) -> int:
        return self._chip.ticks()


def _application(board: BenchBoard) -> Coroutine[Any, Any, None]:
    from firmware.app import run_forever

    return run_forever(board)


class CPythonChip:
    """The ESP32 as an event loop in this process. See the `Chip` protocol in world.py."""

    def __init__(
        self,
        host: Host,
        application: Callable[[BenchBoard], Coroutine[Any, Any, None]] = _application,
    ) -> None:
        self.host = host
        self.alive = False
        self.until = 0  # this one never goes on by itself
        self._application = application
        self._loop: _VirtualLoop | None = None
        self._board: BenchBoard | None = None
        self._ticks_offset = 0
        self._faults: list[str] = []
        self._cut: PowerCut | None = None

    def ticks(self) -> int:
        assert self._loop is not None
        return (self._loop.now + self._ticks_offset) % TICKS

    def boot(self, now: int, info: dict[str, Any]) -> int | None:
        """Start the program at world time `now` (ms); run until it is idle."""
        loop = self._loop = _VirtualLoop(now)
        loop.set_exception_handler(self._on_fault)
        self._ticks_offset = info["ticks"] - now
        self.alive = True
        self._board = BenchBoard(_Wire(self), info)
        self._main = loop.create_task(self._run(self._board))
        return self._turn()

    def resume(self, now: int, inputs: list[tuple[str, str]]) -> int | None:
        """Run until idle again: it is `now` (ms), and `inputs` came."""
        assert self._loop is not None and self._board is not None
        self._loop.now = now
        for name, arg in inputs:
            self._board.input(name, arg)
        return self._turn()

    def kill(self) -> None:
        """End the program on the spot: nothing that it still does reaches the world."""
        self.alive = False
        loop, self._loop = self._loop, None
        if loop is None or loop.is_running():
            # Killed from inside one of its own calls: _turn() clears up when the loop is out.
            self._loop = loop
            return
        self._clear(loop)

    async def _run(self, board: BenchBoard) -> None:
        try:
            await self._application(board)
            self.host.output("crash", "the application ended")
        except Exception:
            if self.alive:
                self.host.output("crash", traceback.format_exc().strip().replace("\n", "|"))
        finally:
            self.alive = False

    def _turn(self) -> int | None:
        loop = self._loop
        assert loop is not None
        wake: int | None = None
        try:
            wake = loop.run_until_idle()
        except PowerCut:
            self.alive = False
        if not self.alive:
            wake = None
            self._loop = None
            self._clear(loop)
        if self._faults:
            faults, self._faults = self._faults, []
            self.kill()
            raise DeviceError("\n".join(faults))
        return wake

    def _clear(self, loop: _VirtualLoop) -> None:
        loop.set_exception_handler(lambda loop, context: None)
        for _ in range(10):
            tasks = asyncio.all_tasks(loop.loop)
            if not tasks:
                break
            for task in tasks:
                task.cancel()
            try:
                loop.run_until_idle()
            except PowerCut:
                pass
        self._board = None

    def _on_fault(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """MicroPython prints "Task exception wasn't retrieved"; either is a fault here."""
        error = context.get("exception")
        if not self.alive or isinstance(error, PowerCut):
            return
        text = str(context.get("message"))
        if error is not None:
            text += "\n" + "".join(traceback.format_exception(error)).strip()
        self._faults.append(text)
