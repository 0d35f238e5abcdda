"""Timers and the configuration window over the wrap of the chip's ticks, wherever it falls."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tools.bench.player import Player, Setting
from tools.bench.world import World

FOLDER = Path(__file__).parent / "scenarios" / "ep"
WRAP = 1 << 30  # ms: the ticks begin again at 0
MINUTE = 60_000


def make_world(vm: str, wraps_at: int, setting: Setting) -> World:
    """Return a world whose chip's ticks wrap at that time of the world (ms)."""
    return World(vm=vm, model=setting.model, clock=setting.clock, boot_ticks=WRAP - wraps_at)


@pytest.mark.parametrize("name", ["04-timers", "04-window", "04-long-timers"])
@pytest.mark.parametrize("minutes", [0, 5, 40, 9 * 60])
def test_scenario_over_a_wrap(name: str, minutes: int) -> None:
    wraps_at = minutes * MINUTE + 10_123
    path = FOLDER / f"{name}.scn"
    result = Player(partial(make_world, "cpython", wraps_at)).play(path)
    assert not result.failures, "\n".join(map(str, result.failures))


@pytest.mark.parametrize("name", ["04-timers", "04-long-timers"])
def test_scenario_over_a_wrap_on_micropython(name: str) -> None:
    wraps_at = (9 * 60 if name == "04-long-timers" else 5) * MINUTE
    path = FOLDER / f"{name}.scn"
    result = Player(partial(make_world, "micropython", wraps_at)).play(path)
    assert not result.failures, "\n".join(map(str, result.failures))
