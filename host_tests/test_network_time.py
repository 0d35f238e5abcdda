# SPDX-License-Identifier: MIT
"""The network's clock as the device shows it: at the start, over changes of zone, by hand."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from host_tests.world_kit import ask, on_line
from tools.bench.world.world import World

WINTER, SUMMER = timezone(timedelta(hours=1)), timezone(timedelta(hours=2))
INDIA = timezone(timedelta(hours=5, minutes=30))


def online(world: World) -> None:
    assert world.run_until(lambda: world.online, 180_000)
    world.run_for(2_000)


def started(clock: datetime | None) -> World:
    world = on_line(World(clock=clock))
    world.run_for(2_000)
    return world


def told(world: World) -> tuple[datetime, str]:
    """Return DATE's answer: local time, and the zone as it is shown."""
    reply = ask(world, "DATE", datetime(2001, 1, 1, tzinfo=WINTER))
    return datetime.strptime(reply[5:22], "%y/%m/%d,%H:%M:%S"), reply[22:]


def is_right(world: World, zone: str) -> bool:
    shown, sign = told(world)
    local = world.network.local_time()
    assert local is not None
    late = local.replace(tzinfo=None) - shown
    return sign == zone and timedelta(0) <= late < timedelta(seconds=20)


def new_clock(world: World, clock: datetime) -> None:
    """The network's clock is changed while the device is out of its reach."""
    world.network.lose()
    world.run_for(10_000)
    world.network.set_clock(clock)
    world.network.restore()
    online(world)


def test_the_clock_is_set_before_the_first_message() -> None:
    world = started(datetime(2026, 11, 20, 8, 0, tzinfo=INDIA))
    assert is_right(world, "+05")
    world.close()


def test_summer_time_comes_and_goes() -> None:
    world = started(datetime(2026, 3, 29, 1, 59, tzinfo=WINTER))
    assert is_right(world, "+01")
    new_clock(world, datetime(2026, 3, 29, 3, 1, tzinfo=SUMMER))
    assert is_right(world, "+02")
    new_clock(world, datetime(2026, 10, 25, 2, 0, tzinfo=WINTER))
    assert is_right(world, "+01")
    # A rule of the hour that comes twice acts once.
    assert ask(world, "SCHEDULER+02:30,*,ON").endswith(" - OK")
    world.run_for(30 * 60_000)
    assert world.relay_on
    ask(world, "OFF")
    new_clock(world, datetime(2026, 10, 25, 2, 29, tzinfo=WINTER))
    world.run_for(5 * 60_000)
    assert not world.relay_on
    world.close()


def test_a_date_set_by_hand_stands_until_datesms() -> None:
    world = started(datetime(2026, 11, 20, 8, 0, tzinfo=WINTER))
    typed = "30/06/01,10:00:00-03"
    assert ask(world, "DATE=" + typed) == "DATE=" + typed + " - OK"
    new_clock(world, datetime(2026, 11, 20, 9, 0, tzinfo=SUMMER))
    world.restart_chip()
    world.run_for(1_000)
    online(world)
    shown, zone = told(world)
    assert zone == "-03" and shown.date() == datetime(2030, 6, 1).date()
    stamp = datetime(2026, 11, 20, 8, 30, tzinfo=WINTER)
    assert ask(world, "DATESMS", stamp) == "DATE 26/11/20,08:30:00+01 - OK"
    new_clock(world, datetime(2026, 11, 20, 9, 30, tzinfo=SUMMER))
    assert is_right(world, "+02")
    world.close()


def test_the_network_replaces_what_the_first_message_set() -> None:
    world = started(None)
    stamp = datetime(2026, 1, 1, 12, 0, tzinfo=WINTER)
    assert ask(world, "DATE", stamp).startswith("DATE 26/01/01,12:00:")
    new_clock(world, datetime(2026, 2, 28, 23, 59, 55, tzinfo=SUMMER))
    assert is_right(world, "+02")
    world.close()


def test_the_same_network_time_again_costs_no_commit() -> None:
    world = started(datetime(2026, 11, 20, 8, 0, tzinfo=WINTER))
    commits: list[str] = []
    world.observe(lambda kind, text: commits.append(text) if kind == "commit" else None)
    for _ in range(5):
        world.network.lose()
        world.run_for(10_000)
        world.network.restore()
        online(world)
    assert commits == []
    world.close()
