# SPDX-License-Identifier: MIT
"""A bench in an event loop, and a device that fails, for the tests of the bench page."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable

from tools.bench.runners.vm import VmChip
from tools.bench.scenario.player import Setting, make_world
from tools.bench.web.bench import Bench, Choice
from tools.bench.world.world import Host, World

PROGRAMS = "host_tests.vm_app.programs"
FILE = "host_tests/vm_app/programs.py"


def broken(program: str, hang_seconds: float) -> Callable[[Setting, str], World]:
    """Return a maker whose first world runs a program that fails, and the next the firmware."""
    made: list[World] = []

    def chip(host: Host) -> VmChip:
        return VmChip(host, application=PROGRAMS, extra=(FILE,), hang_seconds=hang_seconds)

    def make(setting: Setting, vm: str) -> World:
        if made:
            return make_world(setting, "cpython")
        made.append(World(chip_factory=chip, config={"program": program}))
        return made[0]

    return make


def with_bench(
    talk: Callable[[Bench], Awaitable[None]], speed: float = math.inf, vm: str = "cpython"
) -> None:
    """Run a coroutine with a bench that runs."""

    async def go() -> None:
        bench = Bench(Choice(vm), speed=speed)
        await bench.start()
        try:
            async with asyncio.timeout(60):
                await talk(bench)
        finally:
            await bench.close()

    asyncio.run(go())


async def until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0.02)
