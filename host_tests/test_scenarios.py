# SPDX-License-Identifier: MIT
"""Plays the scenarios: all on CPython, nearly all on the oldest MicroPython, one on the newest."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tools.bench.runners.vm import versions
from tools.bench.scenario.player import Player, make_world

FOLDER = Path(__file__).parent / "scenarios"
SCENARIOS = sorted(FOLDER.rglob("*.scn"))
SMOKE = FOLDER / "first-light.scn"
# Most of their hours nothing happens, or the same each minute: that would take the VM a third of
# the time of all scenarios, to run code that it runs in the others and in host_tests/portable. It
# has its hours in 04-long-timers.scn, test_vm_firmware.py and test_soak_month.py.
ON_CPYTHON_ALONE = {
    "ep/04-window.scn",
    "ep/08-date-unset.scn",
    "owner/a-day-without-network.scn",
}


def name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def play(path: Path, vm: str) -> None:
    result = Player(partial(make_world, vm=vm)).play(path)
    if result.failures:
        pytest.fail("\n".join(map(str, result.failures)), pytrace=False)


@pytest.mark.parametrize("path", SCENARIOS, ids=name)
def test_scenario(path: Path) -> None:
    play(path, "cpython")


@pytest.mark.parametrize(
    "path", [path for path in SCENARIOS if name(path) not in ON_CPYTHON_ALONE], ids=name
)
def test_scenario_on_the_vm(path: Path) -> None:
    play(path, "micropython")


def test_smoke_on_the_newest_vm() -> None:
    play(SMOKE, f"micropython-{versions()[-1]}")
