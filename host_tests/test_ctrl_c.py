# SPDX-License-Identifier: MIT
"""Ctrl-C on the board: a KeyboardInterrupt of the VM's own ends in the REPL, wherever it comes.

The watchdog does not end the REPL, the relay keeps its level, and it is no crash.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from host_tests.world_kit import OWNER, MakeBoard, boards, on_line
from tools.bench.world.board_world import BoardWorld

SECOND, MINUTE = 1000, 60_000
STOPPED = "stopped: `from firmware import debug` has tools, machine.reset() starts again"


@pytest.fixture
def make() -> Iterator[MakeBoard]:
    with boards(blocking=True) as make:
        yield make


def running(world: BoardWorld) -> BoardWorld:
    """Bring it on line, with the socket on."""
    on_line(world)
    world.network.deliver(OWNER, "ON")
    world.run_for(20 * SECOND)
    assert world.relay_on
    return world


def check_at_the_repl(world: BoardWorld, on: int = 1) -> None:
    """It is at the REPL, and stays there longer than any watchdog of the firmware."""
    assert world.at_repl, world.prints[-5:]
    relay, boots = world.map["RELAY"], world.boots
    assert world.pins[relay] == on
    world.edges.clear()
    world.run_for(15 * MINUTE)
    assert world.at_repl
    assert world.boots == boots
    assert world.pins[relay] == on
    assert [edge for edge in world.edges if edge[1] == relay] == []
    assert world.crashes == 0
    assert "/crash.log" not in world.files
    assert world.nvs.get("crashes") is None
    world.repl("6 * 7")
    world.run_for(SECOND)
    assert world.prints[-1] == "42"


def test_while_the_firmware_runs(make: MakeBoard) -> None:
    world = running(make())
    world.ctrl_c()
    world.run_for(SECOND)
    assert world.prints[-1] == STOPPED
    check_at_the_repl(world)
    world.repl("import machine; machine.reset()")
    world.run_for(MINUTE)
    assert world.boots == 2
    assert world.online
    assert world.relay_on


def test_what_was_left_of_the_firmware_never_runs_on(make: MakeBoard) -> None:
    """The self-test's asyncio.run() runs what is in the queue: only its own may be there."""
    world = running(make())
    world.ctrl_c()
    world.run_for(SECOND)
    world.edges.clear()
    world.repl("from firmware import selftest; selftest.run()")
    world.run_for(30 * SECOND)
    assert world.prints[-1] == "ok    modem"
    gsm = [level for _, pin, level in world.edges if pin == world.map["LED_GSM"]]
    assert gsm.count(1) == 1  # the test's, no blinking


@pytest.mark.parametrize("after", [*range(1, 16), 20, 30])
def test_in_the_midst_of_a_command(make: MakeBoard, after: int) -> None:
    """Between the message's arrival, the commit, the pin and the reply."""
    world = running(make())
    world.network.deliver(OWNER, "OFF")
    world.ctrl_c(after)
    world.run_for(MINUTE)
    assert world.prints[-1] == STOPPED
    check_at_the_repl(world, world.pins[world.map["RELAY"]])


def test_twice_at_once(make: MakeBoard) -> None:
    world = running(make())
    world.ctrl_c()
    world.ctrl_c(1)  # while the first is seen to
    world.run_for(SECOND)
    assert world.prints[-1] == STOPPED
    world.ctrl_c()
    world.run_for(SECOND)
    check_at_the_repl(world)


def test_twice_with_the_firmware_started_again_in_between(make: MakeBoard) -> None:
    world = running(make())
    for boots in (1, 2):
        assert world.boots == boots
        world.ctrl_c()
        world.run_for(SECOND)
        check_at_the_repl(world)
        world.repl("import machine; machine.reset()")
        world.run_for(MINUTE)
        assert world.online


BOOT_PY = 4  # the first effects of a start are boot.py's


@pytest.mark.parametrize("first", range(1, 50, 10))
def test_at_a_start(make: MakeBoard, first: int) -> None:
    """At each effect that a start has on the world: while boot.py runs, main.py is started."""
    world = running(make())
    for strike in range(first, first + 10):
        world.config["strikes"] = [strike]
        world.restart_chip()
        if strike <= BOOT_PY:
            world.run_for(MINUTE)
            assert not world.at_repl
            assert world.prints[-1].endswith(" modem: on line")
            assert world.relay_on
        else:
            world.run_for(10 * SECOND)
            check_at_the_repl(world)


def test_twice_at_a_start(make: MakeBoard) -> None:
    world = running(make())
    for strikes in ((1, 5), (5, 6), (13, 14), (18, 19, 20)):
        world.config["strikes"] = list(strikes)
        world.restart_chip()
        world.run_for(10 * SECOND)
        check_at_the_repl(world)


def test_while_it_rests_after_a_crash(make: MakeBoard) -> None:
    world = make(changes={"MODEL": "none such"})
    world.power_on()
    world.run_for(3 * SECOND)
    assert "Ctrl-C gives the REPL" in world.prints[-1]
    world.ctrl_c()
    world.run_for(15 * MINUTE)
    assert world.prints[-1] == STOPPED
    assert world.at_repl
    assert world.boots == 1


def test_out_of_debug_run(make: MakeBoard) -> None:
    world = running(make())
    world.ctrl_c()
    world.run_for(SECOND)
    world.repl("from firmware import debug; debug.run()")
    world.run_for(MINUTE)
    world.network.deliver(OWNER, "OFF")
    world.run_for(MINUTE)
    assert not world.relay_on
    world.ctrl_c()
    world.run_for(SECOND)
    check_at_the_repl(world, 0)
