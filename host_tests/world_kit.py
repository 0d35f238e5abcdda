# SPDX-License-Identifier: MIT
"""A world whose device is on line, and its owner, who sends it messages."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from tools.bench.world.board_world import BoardWorld
from tools.bench.world.world import World

OWNER = "+31600000001"
MINUTE = 60_000
MakeBoard = Callable[..., BoardWorld]
AnyWorld = TypeVar("AnyWorld", bound=World)


def on_line(world: AnyWorld) -> AnyWorld:
    """Switch a device on; return its world when it is on line."""
    world.power_on()
    assert world.run_until(lambda: world.online, 2 * MINUTE), world.crash_texts or world.logs[-20:]
    return world


def ask(world: World, text: str, stamp: datetime | None = None) -> str:
    """Send the device a message of the owner's; return the reply. stamp: the message centre's."""
    before = len(world.network.messages)
    world.network.deliver(OWNER, text, stamp)
    assert world.run_until(lambda: len(world.network.messages) > before, MINUTE), text
    return world.network.messages[-1].text


@functools.cache
def flash_after(*orders: str) -> bytes:
    """Return the flash of a device to which its owner has sent these."""
    world = on_line(World())
    for order in orders:
        ask(world, order)
    world.run_for(5_000)
    image = bytes(world.flash.image)
    world.close()
    return image


@contextmanager
def boards(**always: Any) -> Iterator[MakeBoard]:
    """Give what makes boards on the VM, and close them. always: options of each."""
    worlds: list[BoardWorld] = []

    def make(*arguments: Any, **options: Any) -> BoardWorld:
        worlds.append(BoardWorld(*arguments, **always, **options))
        return worlds[-1]

    yield make
    for world in worlds:
        world.close()
