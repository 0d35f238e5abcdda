# SPDX-License-Identifier: MIT
"""Whole firmware, whole world: what a scenario cannot see of power, calls, LEDs and the button."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from host_tests.world_kit import OWNER, ask, on_line
from tools.bench.world.world import World

FLASH_MS = 1200


@pytest.fixture
def world() -> Iterator[World]:
    world = on_line(World())
    yield world
    assert not world.crash_texts
    world.close()


def since(world: World, begin: int) -> list[str]:
    """Let a minute pass; return the messages after `begin`, first lines only."""
    world.run_for(60_000)
    return [m.text.split("\n")[0] for m in world.network.messages if m.at > begin]


def flashes(world: World, begin: int) -> list[list[int]]:
    """Return when POWER and OUT began and ended to flash since `begin`."""
    found = []
    for name in ("power", "out"):
        history = world.leds[name].history
        for (t, pattern), (end, _) in pairwise(history):
            if pattern == "flash3" and t >= begin:
                assert 0 <= end - t - FLASH_MS <= 1, name  # timers are whole milliseconds
                found.append([t, end])
    return found


def once_together(world: World, begin: int) -> bool:
    found = flashes(world, begin)
    return len(found) == 2 and found[0] == found[1]


def sleeping(world: World) -> World:
    world.mains.set(False)
    assert world.run_until(lambda: world.asleep, 60_000)
    return world


def test_leds_flash_at_switch_on(world: World) -> None:
    assert once_together(world, 0)
    begin = world.now
    world.restart_chip()
    world.run_for(60_000)
    world.modem.restart()
    world.run_for(60_000)
    assert not flashes(world, begin)
    begin = world.now
    world.power_off()
    world.power_on()
    world.run_for(60_000)
    assert once_together(world, begin)


def test_leds_flash_when_the_mains_is_back(world: World) -> None:
    begin = world.now
    world.mains.set(False)
    world.run_for(1900)
    world.mains.set(True)
    world.run_for(10_000)
    assert not flashes(world, begin)
    begin = world.now
    sleeping(world).mains.set(True)
    world.run_for(10_000)
    assert once_together(world, begin)
    begin = world.now
    world.mains.set(False)
    world.run_for(3000)
    world.mains.set(True)
    world.run_for(10_000)
    assert once_together(world, begin)


def test_a_factory_reset_shows_itself(world: World) -> None:
    begin = world.now
    world.button.press(12_000)
    world.run_for(60_000)
    for name in ("power", "out"):
        shown = [((t - begin) // 10, p) for t, p in world.leds[name].history if t >= begin]
        # Off: the chip restarts.
        assert shown[:3] == [(1000, "1/s"), (1200, "3/s"), (4200, "off")]
        assert shown[3][1] == "flash3"
    assert once_together(world, begin)
    assert world.boots == 2


def test_a_hold_that_is_given_up_shows_nothing(world: World) -> None:
    begin = world.now
    for ms in (200, 9900, 200, 9900):
        world.button.press(ms)
        world.run_for(ms + 500)
    world.run_for(60_000)
    assert not [t for t, _ in world.leds["power"].history if t >= begin]
    assert world.boots == 1


@pytest.mark.parametrize("late", [0, 300, 900, 2500, 3500])
def test_a_call_acts_once_although_the_chip_restarts(world: World, late: int) -> None:
    for text in ("MAKEMEBOSS", "RING=SWITCH"):
        ask(world, text)
    begin = world.now

    def relay(kind: str, text: str) -> None:
        if kind == "relay" and text == "1" and world.boots == 1:
            world.kernel.after(late, world.restart_chip)

    world.observe(relay)
    call = world.network.call(OWNER)
    assert since(world, begin).count("Power socket ON") == 1
    assert world.relay_on
    assert world.boots == 2
    assert call.state == "rejected"
    assert call.answered_at is None


def test_a_call_that_the_modem_lets_ring_on_acts_once(world: World) -> None:
    for text in ("MAKEMEBOSS", "RING=SWITCH"):
        ask(world, text)
    begin = world.now
    world.network.call(OWNER)

    def relay(kind: str, text: str) -> None:
        if kind == "relay" and text == "1":
            world.modem.hang()

    world.observe(relay)
    world.run_for(300_000)
    assert since(world, begin) == ["Power socket ON"]
    assert world.relay_on


def test_an_ignored_call_is_left_ringing(world: World) -> None:
    ask(world, "MAKEMEBOSS")
    call = world.network.call(OWNER)
    world.run_for(20_000)
    assert call.state == "ringing"
    world.run_for(20_000)
    assert call.state == "missed"
    assert call.answered_at is None


@pytest.mark.parametrize("ms", [0, 500, 2000, 2999])
def test_mains_back_while_it_goes_to_sleep(world: World, ms: int) -> None:
    """One failure, one return, whatever the instant."""
    ask(world, "ALERTME")
    begin = world.now

    def going(kind: str, text: str) -> None:
        if kind == "modem_power" and text == "off":
            world.kernel.after(ms, lambda: world.mains.set(True))

    world.observe(going)
    world.mains.set(False)
    assert world.run_until(lambda: world.mains.on, 60_000)
    assert since(world, begin) == ["Power failed!", "Power restored!"]
    assert world.online and not world.asleep
    assert world.boots == 2


def test_the_modem_is_off_while_the_device_sleeps(world: World) -> None:
    ask(world, "ALERTME")
    sleeping(world)
    assert not world.modem.on
    world.run_for(3_600_000)
    assert world.asleep and not world.modem.on
    assert world.boots == 1


def test_mains_that_flicker_tell_nobody(world: World) -> None:
    ask(world, "ALERTME")
    begin = world.now
    for on, off in ((100, 1900), (1, 1999), (3000, 50), (0, 10)):
        world.mains.set(False)
        world.run_for(off)
        world.mains.set(True)
        world.run_for(on)
    assert since(world, begin) == []
    assert world.leds["power"].pattern == "steady"


def test_two_seconds_are_a_failure(world: World) -> None:
    ask(world, "ALERTME")
    begin = world.now
    world.mains.set(False)
    world.run_for(2010)
    world.mains.set(True)
    assert since(world, begin) == ["Power failed!", "Power restored!"]
    assert world.boots == 1


def _restart_at(world: World, kind: str, text: str) -> Callable[[str, str], None]:
    def observer(seen: str, what: str) -> None:
        if (seen, what) == (kind, text) and world.boots == 1:
            world.kernel.after(0, world.restart_chip)

    return observer


def test_a_restart_in_the_reset_changes_nothing_of_it(world: World) -> None:
    ask(world, "RESTARTTIME=5")
    world.observe(_restart_at(world, "led", "power 3/s"))
    world.button.press(10_500)
    world.run_for(20_000)
    assert world.boots == 2
    assert once_together(world, world.now - 15_000)
    assert world.run_until(lambda: world.online, 60_000)
    assert ask(world, "RESTARTTIME?") == "RESTARTTIME=10 seconds"
