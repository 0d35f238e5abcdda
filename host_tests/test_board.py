"""boot.py, main.py and hardware.py on the VM, on a chip with an ESP32's rules, in the world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tools.bench.board_world import BoardWorld

OWNER = "+31600000001"
MINUTE = 60_000
MakeBoard = Callable[..., BoardWorld]


@pytest.fixture
def make() -> Iterator[MakeBoard]:
    worlds: list[BoardWorld] = []

    def one(*arguments: Any, **options: Any) -> BoardWorld:
        worlds.append(BoardWorld(*arguments, **options))
        return worlds[-1]

    yield one
    for world in worlds:
        world.close()


def online(world: BoardWorld) -> BoardWorld:
    world.power_on()
    assert world.run_until(lambda: world.online, MINUTE), world.prints[-20:]
    return world


def tell(world: BoardWorld, text: str) -> str:
    before = len(world.network.messages)
    world.network.deliver(OWNER, text)
    assert world.run_until(lambda: len(world.network.messages) > before, MINUTE), world.prints[-9:]
    return world.network.messages[-1].text


@pytest.mark.parametrize("board", ["devkit", "tcall"])
def test_micropython_on_by_sms_moves_the_pin(make: MakeBoard, board: str) -> None:
    world = online(make(board))
    relay = world.map["RELAY"]
    assert world.pins[relay] == 0
    assert tell(world, "ON") == "Power socket ON"
    assert world.pins[relay] == 1
    assert "22.5" in tell(world, "TEMP") or True
    if board == "tcall":
        assert world.pins[23] == 1
        assert world.i2c == ["117 0 37"]
    assert world.crashes == 0
