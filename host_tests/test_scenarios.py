# SPDX-License-Identifier: MIT
"""Plays the scenarios: all on CPython and on the oldest MicroPython, some on the newest."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tools.bench.runners.vm import versions
from tools.bench.scenario.player import Player, make_world

FOLDER = Path(__file__).parent / "scenarios"
SCENARIOS = sorted(FOLDER.rglob("*.scn"))
SMOKE = FOLDER / "first-light.scn"


def name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def play(path: Path, vm: str) -> None:
    result = Player(partial(make_world, vm=vm)).play(path)
    if result.failures:
        pytest.fail("\n".join(map(str, result.failures)), pytrace=False)


@pytest.mark.parametrize("path", SCENARIOS, ids=name)
@pytest.mark.parametrize("vm", ["cpython", "micropython"])
def test_scenario(path: Path, vm: str) -> None:
    play(path, vm)


def test_smoke_on_the_newest_vm() -> None:
    play(SMOKE, f"micropython-{versions()[-1]}")
