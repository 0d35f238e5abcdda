# SPDX-License-Identifier: MIT
"""A board with a pin that shows whether the sensor's jack is plugged in (ALARM?)."""

from __future__ import annotations

import pytest

from host_tests.world_kit import ask, on_line
from tools.bench.world.world import World


@pytest.mark.parametrize("vm", ["cpython", "micropython"])
def test_alarm_tells_whether_the_jack_is_plugged_in(vm: str) -> None:
    world = on_line(World(vm=vm, config={"JACK": 36}))
    for plugged, word in (("1", "Connected"), ("0", "Not connected"), ("1", "Connected")):
        world.input("jack", plugged)
        world.run_for(1_000)
        assert f"Sensor(s): {word}\n" in ask(world, "ALARM?")
    world.close()
