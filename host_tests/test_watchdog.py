# SPDX-License-Identifier: MIT
"""The watchdog is fed while every worker advances; starts are counted by cause."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from sim800.supervisor import Supervisor

from firmware.app import App
from firmware.mail import MailReader, MailSender
from firmware.phone import ErrandRunner
from firmware.watches import ThermometerWatch
from host_tests.modem_faults import FAULTS, MINUTE
from host_tests.world_kit import OWNER, on_line
from tools.bench.world.world import World


def started(vm: str = "cpython") -> World:
    world = on_line(World(vm=vm))
    world.network.deliver(OWNER, "ON")
    world.run_for(MINUTE)
    assert world.relay_on
    return world


def starts(world: World) -> dict[str, int]:
    """Return the starts that the record counts."""
    records = [world.flash.load(slot) or b"\n{}" for slot in (0, 1)]
    newest = max(records, key=lambda data: int(data.split()[1]) if data[0] != 10 else -1)
    counts: dict[str, int] = json.loads(newest.split(b"\n", 1)[1])["starts"]
    return counts


async def never(self: object, *arguments: Any) -> Any:
    """What a lost wake-up would be."""
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        (Supervisor, "wait"),
        (MailReader, "_sweep"),
        (MailSender, "_send"),
        (ErrandRunner, "_do"),
        (ThermometerWatch, "_read"),
    ],
    ids=["supervisor", "mail reader", "mail sender", "errands", "thermometer"],
)
def test_a_worker_that_is_stuck_restarts_the_chip(
    monkeypatch: pytest.MonkeyPatch, kind: type, method: str
) -> None:
    """The chip restarts within two looks, says so, and is well again."""
    world = started()
    world.network.deliver(OWNER, "CREDITUMS=*100#")
    world.run_for(MINUTE)
    with monkeypatch.context() as patch:
        patch.setattr(kind, method, never)
        world.network.deliver(OWNER, "CREDIT")  # something to do for each of them
        assert world.run_until(lambda: world.crashes > 0, 32 * MINUTE)
    assert "stuck" in world.crash_texts[0]
    assert world.run_until(lambda: world.online, 3 * MINUTE)
    assert world.relay_on
    before = len(world.network.messages)
    world.network.deliver(OWNER, "RESTARTTIME?")
    world.run_for(2 * MINUTE)
    assert "RESTARTTIME=10 seconds" in [m.text for m in world.network.messages[before:]]
    world.run_for(60 * MINUTE)
    assert world.crashes == 1, world.crash_texts
    world.close()


def test_a_watchdog_that_nobody_feeds_restarts_the_chip(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that does not let go: the chip restarts after a minute, and that is counted."""
    world = started()
    with monkeypatch.context() as patch:
        patch.setattr(App, "keep_time", never)
        world.restart_chip()
        world.run_for(5 * MINUTE)
        assert world.boots == 2  # not fed once, it does not watch: as at the REPL
        patch.undo()
        world.restart_chip()
        world.run_for(1000)
        assert world.boots == 3
        patch.setattr(world.chip._chip._board.watchdog, "feed", lambda: None)  # type: ignore[union-attr]
        world.run_for(61_000)
    assert world.boots == 4
    assert starts(world) == {"power": 1, "restart": 2, "watchdog": 1}
    assert world.run_until(lambda: world.online, MINUTE)
    assert world.relay_on
    world.close()


@pytest.mark.parametrize("vm", ["cpython", "micropython"])
def test_starts_are_counted(vm: str) -> None:
    world = started(vm)
    assert starts(world) == {"power": 1}
    world.restart_chip()
    world.run_for(MINUTE)
    world.mains.set(False)
    assert world.run_until(lambda: world.asleep, MINUTE)
    world.mains.set(True)
    world.run_for(MINUTE)
    world.power_off()
    world.power_on()
    world.run_for(MINUTE)
    assert starts(world) == {"power": 2, "restart": 1, "wake": 1}
    world.close()


@pytest.mark.parametrize("vm", ["cpython", "micropython"])
def test_without_a_byte_for_an_hour_the_chip_restarts(vm: str) -> None:
    """It may be the UART of this side that hangs; the socket keeps its state."""
    world = started(vm)
    dead = FAULTS["no supply for 10 minutes"]
    dead.start(world)
    world.run_for(50 * MINUTE)
    assert world.boots == 1
    world.run_for(40 * MINUTE)
    assert world.boots == 2
    assert "silent" in world.crash_texts[0]
    assert world.relay_on
    dead.stop(world)
    assert world.run_until(lambda: world.online, 3 * MINUTE)
    world.close()
