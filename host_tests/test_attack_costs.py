# SPDX-License-Identifier: MIT
"""What an attack costs the owner in messages: bounded, whatever strangers or a contact do."""

from __future__ import annotations

from collections import Counter

import pytest

from host_tests.world_kit import on_line
from tools.bench.world.world import World

OWNER, OTHER = "+31600000001", "+31600000002"
HOUR, DAY = 3_600_000, 86_400_000
ERRORS_AN_HOUR, SAME_IN_TEN_MINUTES = 20, 5
MESSAGES_A_DAY = 100


@pytest.fixture
def world() -> World:
    world = on_line(World())
    yield world
    world.close()


def say(world: World, *texts: str) -> None:
    for text in texts:
        world.network.deliver(OWNER, text)
        world.run_for(20_000)


def costs(world: World, hours: int, each: int, act) -> list[int]:
    """Do `act` each so many ms for some hours; return the messages sent in each hour."""
    counts = []
    for _ in range(hours):
        before, end = len(world.network.messages), world.now + HOUR
        while world.now < end:
            act()
            world.run_for(each)
        counts.append(len(world.network.messages) - before)
    return counts


def flood(world: World, senders: int):
    number = [0]

    def act() -> None:
        number[0] += 1
        world.network.deliver(f"+4477009{number[0] % senders:05}", f"Hello {number[0]}")

    return act


def test_strangers_cost_nothing_with_a_list(world: World) -> None:
    say(world, "MAKEMEBOSS")
    assert costs(world, 6, 10_000, flood(world, 40)) == [0] * 6


@pytest.mark.parametrize("senders", [1, 40])
def test_error_replies_are_bounded(world: World, senders: int) -> None:
    """Nothing protects the device: errors are answered, 20 in an hour, 100 in a day at most."""
    counts = costs(world, 6, 10_000, flood(world, senders))
    assert max(counts) <= ERRORS_AN_HOUR and sum(counts) <= MESSAGES_A_DAY, counts
    assert min(counts[:5]) > 0, counts
    for message in world.network.messages:
        near = [
            m for m in world.network.messages
            if m.to == message.to and 0 <= m.at - message.at < 595_000
        ]  # fmt: skip
        assert len(near) <= SAME_IN_TEN_MINUTES


def test_a_flood_with_access_denied_is_bounded(world: World) -> None:
    say(world, "MAKEMEBOSS", "SMSCONFIRMUNAUTH=ON")
    counts = costs(world, 4, 10_000, flood(world, 40))
    assert max(counts) <= ERRORS_AN_HOUR and sum(counts) <= MESSAGES_A_DAY, counts
    assert min(counts[:5]) > 0, counts


def test_two_devices_in_a_loop_fall_silent(world: World) -> None:
    """Whatever the device says to a number comes back from it as a message."""
    echoed = [0]

    def echo() -> None:
        messages = world.network.messages
        while echoed[0] < len(messages):
            world.network.deliver(OTHER, messages[echoed[0]].text)
            echoed[0] += 1

    world.network.deliver(OTHER, "Hello")
    counts = costs(world, 3, 5_000, echo)
    assert sum(counts) <= SAME_IN_TEN_MINUTES, counts


@pytest.mark.parametrize("alert", ["SMS", "SMSCHANGE"])
def test_a_flapping_contact_costs_a_message_a_minute(world: World, alert: str) -> None:
    say(world, "MAKEMEBOSS", f"ALERT={alert}", "SMSLIMIT=OFF", "ALARMON")
    state = [False]

    def flap() -> None:
        state[0] = not state[0]
        world.contact.set(state[0])

    counts = costs(world, 3, 1_000, flap)
    assert all(50 <= count <= 60 for count in counts), counts


def test_calls_of_strangers_cost_nothing(world: World) -> None:
    say(world, "MAKEMEBOSS", "RING=SWITCH")
    assert costs(world, 4, 60_000, lambda: world.network.call("+447700900001")) == [0] * 4
    assert not world.relay_on and not world.network.calls


def test_a_temperature_at_the_limit_alerts_once(world: World) -> None:
    say(world, "MAKEMEBOSS", "TRISEALERT=25C")
    degrees = [0]

    def tremble() -> None:
        degrees[0] += 1
        world.thermometer.celsius = 25.3 if degrees[0] % 2 else 24.7

    assert sum(costs(world, 4, 60_000, tremble)) == 1


def test_the_mains_that_flap_cost_two_messages_each_time(world: World) -> None:
    say(world, "MAKEMEBOSS")

    def flap() -> None:
        world.mains.set(not world.mains.on)

    counts = costs(world, 2, 60_000, flap)
    told = Counter(m.text.split("\n")[0] for m in world.network.messages)
    assert max(counts) <= 60 and told["Power failed!"] <= 60, told
