# SPDX-License-Identifier: MIT
"""The simulated world: everything around the ESP32, and the clock it shares with the firmware.

The firmware runs in a chip runner (`CPythonChip` or `VmChip`) that is lock-stepped: the world says
what time it is and what came in, the runner says what went out and when it wants to be woken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from tools.bench.kernel import Kernel
from tools.bench.modem.families import FAMILIES
from tools.bench.modem.line import Line
from tools.bench.modem.sim800 import Sim800
from tools.bench.modem.sim_card import SimCard
from tools.bench.network.operator import DEFAULT_CLOCK, Network
from tools.bench.runners.cpython import DeviceError, PowerCut
from tools.bench.world.board import BAUD, Board, Observer
from tools.bench.world.chip import Chip, Host, chip_maker
from tools.bench.world.flash import Flash

__all__ = ["Chip", "DeviceError", "Host", "NotBuilt", "Observer", "PowerCut", "World"]


class NotBuilt(NotImplementedError):
    """A part of the world that is still to come."""


class World(Board):
    """One device and its surroundings, without power at first.

    Args:
        vm: "cpython", or "micropython", or "micropython-<version>".
        model, us: the board configuration.
        clock: the network's local time at the beginning, aware; None: it gives none.
        boot_ticks: what time.ticks_ms() would be at world time 0.
        flash: a flash to go on with; it keeps its content.
        chip_factory: makes the chip runner in place of `vm`.
        config: more of the board configuration.
        battery: mains may go without everything going.
        modem_baud: the rate stored in the modem; 0: autobauding.
        habits: of the modem, by name (`modem/habits.py`).
        family: of the modem, by its name in small letters (`modem/families.py`). The board
            configuration has it as MODEM, unless `config` says otherwise.

    Attributes:
        boots, crashes, power_cuts: how often that happened.
        crash_texts: tracebacks, newest last.
    """

    def __init__(
        self,
        *,
        vm: str = "cpython",
        model: str = "EP",
        us: bool = False,
        clock: datetime | None = DEFAULT_CLOCK,
        boot_ticks: int = 0,
        flash: Flash | None = None,
        chip_factory: Callable[[Host], Chip] | None = None,
        config: dict[str, Any] | None = None,
        battery: bool = True,
        modem_baud: int = BAUD,
        habits: Iterable[str] = (),
        family: str = "sim800l",
    ) -> None:
        kernel = Kernel()
        line = Line(kernel, BAUD)
        self.sim = SimCard()
        self.network = Network(kernel, clock)
        kind = FAMILIES[family]
        modem = Sim800(kernel, line, self.sim, self.network, family=kind, ipr=modem_baud)
        modem.adopt(*habits)
        super().__init__(
            kernel,
            line,
            modem,
            Flash() if flash is None else flash,
            chip_factory or chip_maker(vm),
            {"MODEL": model, "US": us, "MODEM": kind.name, **(config or {})},
            boot_ticks=boot_ticks,
            battery=battery,
        )
        self.network.notice = modem.notice = self.notify
        self.sim.storage.on_delete = self.network.deleted

    @property
    def now(self) -> int:
        """Milliseconds since the world began."""
        return self.kernel.now

    @property
    def wakeups(self) -> int:
        """Boots and resumes of the chip so far."""
        return self.chip.wakeups

    def next_time(self) -> int | None:
        """Return when something happens next, None if nothing will by itself."""
        if self.chip.inputs:
            return self.now
        event, wake = self.kernel.next_time(), self.chip.wake
        if event is None or (wake is not None and wake < event):
            event = wake
        return None if event is None else max(self.now, event)

    def step(self, limit: int, ahead: bool = False) -> bool:
        """Live through the next instant in which something happens.

        Args:
            limit: world time (ms); if nothing happens up to then, it becomes that time.
            ahead: the instants up to `limit` that only the device knows of may go by too.

        Returns:
            False if nothing happened.

        Raises:
            DeviceError: the program on the device broke a rule.
        """
        t = self.next_time()
        if t is None or t > limit:
            self.kernel.advance(max(limit, self.now))
            return False
        self.kernel.advance(t)
        if self.chip.due(t):
            event = self.kernel.next_time()
            until = limit + 1 if event is None else min(event, limit + 1)
            self.chip.resume(t, until if ahead else t)
        return True

    def run_for(self, ms: int) -> None:
        """Let `ms` milliseconds pass."""
        limit = self.now + ms
        while self.step(limit, ahead=True):
            pass

    def run_until(self, predicate: Callable[[], bool], timeout: int) -> bool:
        """Run until `predicate` holds, `timeout` ms at most; return whether it holds."""
        limit = self.now + timeout
        while not predicate():
            if not self.step(limit):
                return predicate()
        return True

    @property
    def online(self) -> bool:
        """On the network, with the modem's messages being read, and no fault in the way."""
        return self.chip.occupied and self.modem.online

    def close(self) -> None:
        """End the chip runner; the world is of no use afterwards."""
        self._end_chip()
