# SPDX-License-Identifier: MIT
"""The way of messages between SIM and device, in a whole world."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from host_tests.pace import Pace
from host_tests.world_kit import MINUTE, OWNER, on_line
from tools.bench.modem.sim_card import StoredMessage
from tools.bench.modem.table import AtError
from tools.bench.network import tpdu
from tools.bench.world.world import World

UNREAD = 0


def put_on_sim(world: World, slot: int, text: str, stamp: datetime) -> None:
    """Put a message of the owner's on the SIM, of which the modem says nothing."""
    [body] = tpdu.encode_deliver(OWNER, text, stamp, 0)
    pdu = tpdu.encode_smsc(world.sim.smsc) + body
    world.sim.storage.slots[slot] = StoredMessage(UNREAD, pdu)


@pytest.mark.parametrize("seconds", [1, 7, 20])
def test_hints_do_not_put_off_the_sweep(seconds: int) -> None:
    """A message that came without +CMTI is found in a minute, however often others come."""
    world = on_line(World())
    world.network.deliver(OWNER, "OFF")
    world.run_for(5_000)
    put_on_sim(world, 15, "ON", world.network.centre_time())
    begin = world.now
    while not world.relay_on:
        assert world.now - begin < 70_000
        world.network.deliver("+31600000002", "no command")
        world.run_for(seconds * 1000)
    world.run_for(5_000)
    assert 15 not in world.sim.storage.slots
    assert not world.crash_texts
    world.close()


def test_a_full_sim_that_gives_no_list_is_read_slot_by_slot() -> None:
    """Eight a minute, each message once."""
    world = on_line(World())
    world.modem.fault("+CMGL", *[AtError("CMS", 320)] * 1000)
    for slot in range(1, world.sim.storage.capacity + 1):
        put_on_sim(world, slot, f"RESTARTTIME={slot}", world.network.centre_time())
    pace = Pace(world)
    assert world.run_until(lambda: world.sim.storage.used == 0, 7 * MINUTE), world.logs[-5:]
    world.run_for(2 * MINUTE)
    assert pace.problems() == []
    answers = sorted(message.text for message in world.network.messages)
    assert len(answers) == len(set(answers)) == world.sim.storage.capacity
    begin = world.now
    world.network.deliver(OWNER, "ON")
    assert world.run_until(lambda: world.relay_on, 15_000), world.now - begin
    world.close()


NOW = datetime(2026, 11, 20, 8, tzinfo=timezone(timedelta(hours=1)))
FOUND = (("ON", 9 * 24), ("STATUS", 8 * 24), ("OFF", 25), ("RESTARTTIME=77", 1), ("ON600", 0))


def switched_on(clock: datetime | None) -> World:
    """Return a world just switched on, with old messages on its SIM.

    The newest is the last of ten, more than the modem is asked for at once.
    """
    world = World(clock=clock)
    orders = [(f"Greetings {n}", 30 * 24) for n in range(5)] + list(FOUND)
    for slot, (text, hours) in enumerate(orders, 1):
        put_on_sim(world, slot, text, NOW - timedelta(hours=hours))
    return on_line(world)


@pytest.mark.parametrize("clock", [NOW + timedelta(minutes=5), None])
def test_what_is_found_at_a_start_is_judged_by_its_age(clock: datetime | None) -> None:
    """The network gives the time, or the newest message does, a minute later."""
    world = switched_on(clock)
    world.run_for(30_000)
    if clock is None:
        assert world.sim.storage.used == len(FOUND) + 5
        world.network.deliver(OWNER, "RESTARTTIME?", NOW)  # waits with them, in its turn
        world.run_for(25_000)
        assert world.sim.storage.used == len(FOUND) + 6
    assert world.run_until(lambda: world.sim.storage.used == 0, 60_000)
    world.run_for(20_000)
    texts = [message.text.split("\n")[0] for message in world.network.messages]
    assert texts[:5] == [
        "ON - Message is too old!",
        "Power socket OFF",  # STATUS
        "OFF - Message is too old!",
        "RESTARTTIME=77 - OK",
        "Power ON for 600 seconds",
    ]
    assert texts[5:] == ([] if clock else ["RESTARTTIME=77 seconds"])
    assert world.relay_on
    world.close()
