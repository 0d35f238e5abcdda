# SPDX-License-Identifier: MIT
"""Orders that wait while there is no power are carried out in the order they were sent in."""

from __future__ import annotations

from host_tests.world_kit import OWNER
from tools.bench.world.world import World


def test_a_message_on_the_sim_goes_before_one_that_comes_during_the_start():
    world = World()
    try:
        world.power_on()
        world.run_for(60_000)
        world.network.deliver(OWNER, "ON")
        assert world.run_until(lambda: world.sim.storage.used == 1, 5_000)
        world.power_off()
        world.network.deliver(OWNER, "OFF")
        world.run_for(10_000)
        world.power_on()
        world.run_for(120_000)
        assert [m.text for m in world.network.messages] == ["Power socket ON", "Power socket OFF"]
        assert not world.relay_on
    finally:
        world.close()
