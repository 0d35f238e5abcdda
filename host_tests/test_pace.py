# SPDX-License-Identifier: MIT
"""No habit and no fault makes the device hammer its modem: an hour of each.

Of the faults a sample, unless FAULTS=all.
"""

from __future__ import annotations

import os

import pytest

from host_tests.modem_faults import FAULTS, PIN
from host_tests.pace import MINUTE, Pace
from host_tests.world_kit import OWNER, on_line
from tools.bench.modem.habits import HABITS
from tools.bench.world.world import World

ALL = os.environ.get("FAULTS") == "all"
# Of what lasts, and of what makes the mailbox read slot by slot, no sample.
NAMES = [
    name
    for number, (name, fault) in enumerate(FAULTS.items())
    if ALL or number % 5 == 0 or fault.lasting or "refused" in name
]
# What only a restart ends, caused again each minute: the ladder rests an hour then.
CLIMBS = ("never registers again", "refuses to leave text mode")
ON_LINE = MINUTE  # from power on, or from a restart
ANSWER = MINUTE // 4


@pytest.mark.parametrize("name", HABITS)
def test_an_hour_of_a_modem_with_a_habit(name: str) -> None:
    """It is on line soon and obeys; once it restarts by itself, and nobody makes it do so."""
    world = World(habits=[name])
    pace = Pace(world)
    world.power_on()

    def check_on_line() -> None:
        assert world.run_until(lambda: world.online, ON_LINE), world.logs[-20:]

    def check_order(order: str) -> None:
        world.network.messages.clear()
        world.network.deliver(OWNER, order)
        assert world.run_until(lambda: world.network.messages, ANSWER), world.logs[-20:]
        assert world.network.messages[0].text.endswith(order)
        assert world.relay_on == (order == "ON")

    check_on_line()
    check_order("ON")
    world.run_for(30 * MINUTE)
    world.modem.restart()
    world.run_for(1000)
    check_on_line()
    check_order("OFF")
    world.run_for(30 * MINUTE)
    check_order("ON")
    assert len(world.network.messages) == 1
    assert pace.problems() == [], world.logs[-20:]
    assert pace.restarts == [] and world.modem.boots == 2
    world.close()


@pytest.mark.parametrize("name", NAMES)
def test_an_hour_of_a_fault(name: str) -> None:
    """It is caused again each minute, or lasts; the device is back as soon as docs/modem.md says.

    An order that comes in the middle is carried out once, sooner or later.
    """
    fault = FAULTS[name]
    world = on_line(World(config={"PIN": PIN}))
    pace = Pace(world)
    moves: list[str] = []
    world.observe(lambda kind, text: moves.append(text) if kind == "relay" else None)
    for minute in range(60):
        every = 3 if name == "SIM full" else 1  # twenty messages a minute would be work enough
        if minute == 0 or (not fault.lasting and minute % every == 0):
            fault.start(world)
        world.run_for(MINUTE // 2)
        if minute == 30:
            world.network.deliver(OWNER, "RESTART")
        world.run_for(MINUTE // 2)
    fault.stop(world)
    assert pace.problems() == [], (name, world.logs[-20:])
    assert len(world.logs) < 2000, name
    back = int(fault.back * MINUTE) + (61 * MINUTE if name in CLIMBS else 0)
    assert world.run_until(lambda: world.online, back), (name, world.logs[-20:])
    assert world.run_until(lambda: len(moves) == 2, back + 5 * MINUTE), (name, moves)
    world.network.deliver(OWNER, "ON")
    assert world.run_until(lambda: len(moves) == 3, back + 5 * MINUTE), (name, moves)
    world.run_for(5 * MINUTE)
    assert len(moves) == 3, (name, moves)
    world.close()


def test_the_checker_notices() -> None:
    world = World()
    world.power_on()
    pace = Pace(world)
    for second in range(180):
        pace._observe("uart_tx", "AT\r")
        if second % 5 == 0:
            pace._observe("modem_power", "reset")
        world.run_for(1000)
    found = pace.problems()
    assert any("commands" in problem for problem in found)
    assert any("apart" in problem for problem in found)
    world.close()
