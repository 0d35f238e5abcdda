# SPDX-License-Identifier: MIT
"""The way of messages between SIM and device, in a whole world."""

from __future__ import annotations

import pytest

from host_tests.pace import Pace
from tools.bench.modem.sim_card import StoredMessage
from tools.bench.modem.table import AtError
from tools.bench.network import tpdu
from tools.bench.world.world import World

OWNER = "+31600000001"
MINUTE = 60_000
UNREAD = 0


@pytest.mark.parametrize("seconds", [1, 7, 20])
def test_hints_do_not_put_off_the_sweep(seconds: int) -> None:
    """A message that came without +CMTI is found in a minute, however often others come."""
    world = World()
    world.power_on()
    assert world.run_until(lambda: world.online, MINUTE)
    world.network.deliver(OWNER, "OFF")
    world.run_for(5_000)
    [body] = tpdu.encode_deliver(OWNER, "ON", world.network.centre_time(), 0)
    pdu = tpdu.encode_smsc(world.sim.smsc) + body
    world.sim.storage.slots[15] = StoredMessage(UNREAD, pdu)
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
    world = World()
    world.power_on()
    assert world.run_until(lambda: world.online, MINUTE)
    world.modem.fault("+CMGL", *[AtError("CMS", 320)] * 1000)
    for slot in range(1, world.sim.storage.capacity + 1):
        text = f"RESTARTTIME={slot}"
        [body] = tpdu.encode_deliver(OWNER, text, world.network.centre_time(), 0)
        pdu = tpdu.encode_smsc(world.sim.smsc) + body
        world.sim.storage.slots[slot] = StoredMessage(UNREAD, pdu)
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
