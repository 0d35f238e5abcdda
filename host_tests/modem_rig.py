# SPDX-License-Identifier: MIT
"""lib/sim800 alone in the simulated world: a scenario runs where the firmware otherwise does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sim800 import nitz
from sim800.families import load
from sim800.modem import Modem
from sim800.supervisor import Supervisor

from tools.bench.runners.cpython import CPythonChip
from tools.bench.world.world import World


class Rig:
    """A modem, its supervisor and the world around them.

    Attributes:
        modem, link, board: built when the world is powered; of the last boot.
        log: what the library said. times: what `on_time` was told.
    """

    def __init__(self, scenario: Callable[[Rig], Awaitable[Any]], **options: Any) -> None:
        self._scenario = scenario
        self.log: list[str] = []
        self.times: list[tuple[int, int]] = []
        self.result: Any = None
        self.done = False
        self.modem: Any = None
        self.link: Any = None
        self.world = World(
            chip_factory=lambda host: CPythonChip(host, self._application), **options
        )

    async def _application(self, board: Any) -> None:
        self.board = board
        modem = self.modem = Modem(
            board.uart, self.log.append, lambda: None, load(board.config.get("MODEM", "SIM800L"))
        )
        modem.on_time = self._note_time
        self.link = Supervisor(modem, board.modem_power)
        tasks = [
            asyncio.ensure_future(run())
            for run in (modem.read_forever, modem.calls.run_forever, self.link.run_forever)
        ]
        self.result = await self._scenario(self)
        self.done = True
        await asyncio.gather(*tasks)

    def _note_time(self, line: str) -> None:
        moment = nitz.moment(line)
        if moment is not None:
            self.times.append(moment)

    async def online(self) -> None:
        """Wait until the supervisor says so."""
        while not self.link.online:
            await asyncio.sleep(0.1)

    async def until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until a condition of the world holds."""
        for _ in range(int(seconds * 20)):
            if condition():
                return
            await asyncio.sleep(0.05)
        raise AssertionError("it never came; the log ends: " + "; ".join(self.log[-6:]))

    def run(self, timeout: int = 600_000) -> Any:
        """Power the world, let the scenario run to its end; return what it returned."""
        self.world.power_on()
        try:
            self.world.run_until(lambda: self.done or self.world.crashes > 0, timeout)
            assert self.world.crashes == 0, self.world.crash_texts
            assert self.done, f"the scenario did not end; log: {self.log[-12:]}"
        finally:
            self.world.close()
        return self.result


def play(scenario: Callable[[Rig], Awaitable[Any]], **options: Any) -> Rig:
    """Run a scenario in a fresh world."""
    rig = Rig(scenario, **options)
    rig.run()
    return rig
