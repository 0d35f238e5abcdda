# SPDX-License-Identifier: MIT
"""Timers and the configuration window over the wrap of the chip's ticks, wherever it falls."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tools.bench.scenario.player import Player, Setting
from tools.bench.world.world import World

FOLDER = Path(__file__).parent / "scenarios" / "ep"
WRAP = 1 << 30  # ms: the ticks begin again at 0
MINUTE = 60_000


def make_world(vm: str, wraps_at: int, setting: Setting) -> World:
    """Return a world whose chip's ticks wrap at that time of the world (ms)."""
    return World(vm=vm, model=setting.model, clock=setting.clock, boot_ticks=WRAP - wraps_at)


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("04-timers", 0),
        ("04-timers", 5),
        ("04-timers", 40),
        ("04-window", 5),
        ("04-window", 9 * 60),
        ("04-long-timers", 9 * 60),
    ],
)
def test_scenario_over_a_wrap(name: str, minutes: int) -> None:
    wraps_at = minutes * MINUTE + 10_123
    path = FOLDER / f"{name}.scn"
    result = Player(partial(make_world, "cpython", wraps_at)).play(path)
    assert not result.failures, "\n".join(map(str, result.failures))


def test_scenario_over_a_wrap_on_micropython() -> None:
    path = FOLDER / "04-timers.scn"
    result = Player(partial(make_world, "micropython", 5 * MINUTE + 10_123)).play(path)
    assert not result.failures, "\n".join(map(str, result.failures))
