# SPDX-License-Identifier: MIT
"""Days of life with a fault every hour: nothing lost, nothing twice, the heap flat.

Short here; `make soak-month` lets a month pass (SOAK_DAYS=30; SOAK_FAMILY: another modem).
"""

from __future__ import annotations

import gc
import os
import random
from collections import Counter
from typing import Any

import pytest

from host_tests.fault_rig import OWNER, STAGES, Run
from host_tests.lte_faults import faults_of
from host_tests.modem_faults import MINUTE
from tools.bench.runners.vm import VmChip
from tools.bench.world.world import World

HOUR = 60 * MINUTE
FAMILY = os.environ.get("SOAK_FAMILY", "sim800l")
FAULTS = faults_of(FAMILY)
DAYS = int(os.environ.get("SOAK_DAYS", "0"))
HOURS = {"cpython": 24 * DAYS or 24, "micropython": 24 * DAYS or 10}
LIBRARIES = ("sim800", "powersocket", "firmware", "asyncio")
GROWTH = {"cpython": 60, "micropython": 2048}  # objects, bytes


class Life(Run):
    """A device that gets RESTART, and whose sensor is active, once an hour."""

    def __init__(self, vm: str, seed: int) -> None:
        super().__init__(STAGES["alert"], vm=vm, family=FAMILY)
        self.random = random.Random(seed)
        self.commands = self.alarms = 0
        self.faults: Counter[str] = Counter()

    def hour(self) -> None:
        """Live for an hour: a fault, a command and an alarm at any moment of its first minutes."""
        world = self.world
        end = world.now + HOUR
        name = self.random.choice(list(FAULTS))
        fault = FAULTS[name]
        self.faults[name] += 1
        begin = world.now + self.random.randrange(MINUTE, 10 * MINUTE)
        world.kernel.at(begin, lambda: fault.start(world))
        if fault.lasting:
            world.kernel.at(begin + int(fault.lasting * MINUTE), lambda: fault.stop(world))
        near = begin + self.random.randrange(-20_000, 60_000)
        world.kernel.at(near, lambda: world.network.deliver(OWNER, "RESTART"))
        near = begin + self.random.randrange(-20_000, 60_000)
        world.kernel.at(near, lambda: world.contact.set(True))
        world.kernel.at(near + 5000, lambda: world.contact.set(False))
        self.commands += 1
        self.alarms += 1
        world.run_for(end - world.now)
        told = {m.text for m in world.network.messages if m.text.startswith("ALARM!")}
        what = (name, self.commands, world.logs[-30:])
        assert world.online, what
        assert self.moves == 2 * self.commands, (self.moves, what)
        assert len(told) == self.alarms, (told, what)
        assert world.crashes == 0, world.crash_texts

    def heap(self) -> int:
        """Return bytes in use on the VM, the device's objects on CPython."""
        chip = chip_of(self.world)
        if isinstance(chip, VmChip):
            return chip.measure()
        gc.collect()
        return sum(str(type(o).__module__).startswith(LIBRARIES) for o in gc.get_objects())


def chip_of(world: World) -> Any:
    return world.chip._chip


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("vm", ["cpython", "micropython"])
def test_a_fault_every_hour(vm: str) -> None:
    life = Life(vm, seed=8)
    heaps = []
    try:
        for hour in range(HOURS[vm]):
            life.hour()
            if hour >= 5:
                heaps.append(life.heap())
    finally:
        life.world.close()
    print(
        f"\n{vm}: {HOURS[vm]} hours, {len(life.faults)} kinds of faults, {life.commands} commands,"
        f" {life.alarms} alarms, {life.world.boots} starts; heap {heaps[0]:,} after 5 hours,"
        f" {min(heaps):,} to {max(heaps):,}, at the end {heaps[-1]:,}"
    )
    quarter = max(1, len(heaps) // 4)
    assert min(heaps[-quarter:]) - min(heaps[:quarter]) < GROWTH[vm], heaps
