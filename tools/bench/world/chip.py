# SPDX-License-Identifier: MIT
"""Where the chip sits: starts, resumes and ends the runner of the firmware, and keeps what a dead
one still says away from the world.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, Protocol

from tools.bench.runners.cpython import DeviceError, PowerCut

TURNS_AN_INSTANT = 10_000


class Host(Protocol):
    """What a chip runner needs of the world."""

    def output(self, name: str, arg: str) -> None: ...

    def call(self, name: str, arg: str) -> str: ...

    def passed(self, now: int, turns: int) -> None: ...


class Chip(Protocol):
    """A runner of the firmware.

    Attributes:
        alive: the program runs.
        until: world time (ms) before which the program may be resumed without the world, as long
            as it says nothing; the world hears of that with `passed`.
    """

    alive: bool
    until: int

    def boot(self, now: int, info: dict[str, Any]) -> int | None: ...

    def resume(self, now: int, inputs: list[tuple[str, str]]) -> int | None: ...

    def kill(self) -> None: ...


class _Handle:
    """One boot's hand on the world; it lets go when that boot is over."""

    def __init__(self, world: Host) -> None:
        self._world = world
        self.connected = True
        self.fault: Exception | None = None

    def output(self, name: str, arg: str) -> None:
        if self.connected:
            try:
                self._world.output(name, arg)
            except Exception as error:
                self._fail(error)

    def call(self, name: str, arg: str) -> str:
        if not self.connected:
            raise PowerCut
        try:
            return self._world.call(name, arg)
        except Exception as error:
            self._fail(error)

    def passed(self, now: int, turns: int) -> None:
        if self.connected:
            self._world.passed(now, turns)

    def _fail(self, error: Exception) -> NoReturn:
        """A fault of the bench's own or a broken rule: the firmware must not catch it."""
        self.connected = False
        self.fault = error
        raise PowerCut


def chip_maker(vm: str) -> Callable[[Host], Chip]:
    """Return what makes the runner. The runners are imported when they are needed."""
    if vm == "cpython":
        from tools.bench.runners.cpython import CPythonChip

        return CPythonChip
    name, _, version = vm.partition("-")
    if name != "micropython":
        raise ValueError(f"no such VM: {vm}")
    from tools.bench.runners.vm import VmChip

    return (lambda host: VmChip(host, version=version)) if version else VmChip


class ChipSlot:
    """The chip runner of the present boot, if there is one.

    Attributes:
        wakeups: boots and resumes so far.
        wake: when the program wants to be resumed (ms of world time); None: not by itself.
        inputs: what it is given when it is resumed.
    """

    def __init__(self, make: Callable[[Host], Chip], world: Host) -> None:
        self._make = make
        self._world = world
        self._chip: Chip | None = None
        self._handle: _Handle | None = None
        self._running = False
        self._turns = (0, 0)
        self.wakeups = 0
        self.wake: int | None = None
        self.inputs: list[tuple[str, str]] = []

    @property
    def occupied(self) -> bool:
        """True while a program runs."""
        return self._chip is not None

    def input(self, name: str, arg: str) -> None:
        """Give the program an input at this instant; one that does not run misses it."""
        if self._chip is not None:
            self.inputs.append((name, arg))

    def boot(self, now: int, info: dict[str, Any]) -> None:
        """Start the program again. Raises as `resume`."""
        self.end()
        self._handle = _Handle(self._world)
        chip = self._chip = self._make(self._handle)
        self._turn(now, chip, lambda: chip.boot(now, info))

    def due(self, now: int) -> bool:
        """Return True if the program has something to do at `now`."""
        return bool(self.inputs) or (self.wake is not None and self.wake <= now)

    def resume(self, now: int, until: int) -> None:
        """Let the program run until it is idle.

        Args:
            now: world time, ms.
            until: the program may go on by itself at later instants before this one, see `Chip`.

        Raises:
            DeviceError: it broke a rule, or does not let time go on.
        """
        chip, inputs = self._chip, self.inputs
        self.inputs = []
        assert chip is not None
        chip.until = until
        self._turn(now, chip, lambda: chip.resume(now, inputs))

    def _turn(self, now: int, chip: Chip, run: Callable[[], int | None]) -> None:
        self.wakeups += 1
        at, count = self._turns
        self._turns = (now, count + 1 if at == now else 1)
        if self._turns[1] > TURNS_AN_INSTANT:
            raise DeviceError(f"the device does not let time go on from {now} ms")
        self.wake = None
        self._running = True
        handle = self._handle
        assert handle is not None
        try:
            wake = run()
        except PowerCut:
            wake = None
        finally:
            self._running = False
        if handle.fault is not None:
            self.end()
            chip.kill()
            raise handle.fault
        if self._chip is not chip:  # it was ended while it ran
            chip.kill()
        elif not chip.alive:
            self._world.output("crash", "the program ended")
        else:
            self.wake = wake

    def end(self) -> None:
        """Nothing of the program has any effect from here on."""
        chip, self._chip = self._chip, None
        if self._handle is not None:
            self._handle.connected = False
        self.wake = None
        self.inputs = []
        if chip is not None and not self._running:
            chip.kill()
