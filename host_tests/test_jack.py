# SPDX-License-Identifier: MIT
"""A board with a pin that shows whether the sensor's jack is plugged in (ALARM?)."""

from __future__ import annotations

import pytest

from tools.bench.world.world import World


@pytest.mark.parametrize("vm", ["cpython", "micropython"])
def test_alarm_tells_whether_the_jack_is_plugged_in(vm: str) -> None:
    world = World(vm=vm, config={"JACK": 36})
    world.power_on()
    assert world.run_until(lambda: world.online, 60_000)
    for plugged, word in (("1", "Connected"), ("0", "Not connected"), ("1", "Connected")):
        world.input("jack", plugged)
        world.run_for(1_000)
        world.network.deliver("+31600000001", "ALARM?")
        world.run_for(20_000)
        assert f"Sensor(s): {word}\n" in world.network.messages[-1].text
    world.close()
