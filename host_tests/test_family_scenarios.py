# SPDX-License-Identifier: MIT
"""Plays the scenarios on the LTE families: each on one of them; `make families` on both, and VMs.

A scenario that is about 2G's own texts or times says so: it begins with `modem family SIM800L`.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from host_tests.family_kit import LTE
from host_tests.test_scenarios import FOLDER, SCENARIOS, name
from tools.bench.scenario.files import read
from tools.bench.scenario.player import Player, Setting, make_world

ALL = os.environ.get("FAMILIES") == "all"
VMS = ("cpython", "micropython") if ALL else ("cpython",)
OWN = FOLDER / "families"  # which play on a family of their own, in test_scenarios.py
OPEN = [path for path in SCENARIOS if not Setting.of(read(path)).family]


def chosen(number: int) -> tuple[str, ...]:
    """Return the families with which scenario `number` is played."""
    return LTE if ALL else (LTE[number % len(LTE)],)


@pytest.mark.parametrize("vm", VMS)
@pytest.mark.parametrize(
    ("path", "family"),
    [
        pytest.param(path, family, id=f"{family}-{name(path)}")
        for number, path in enumerate(OPEN)
        for family in chosen(number)
    ],
)
def test_a_scenario_on_an_lte_modem(path: Path, family: str, vm: str) -> None:
    result = Player(partial(make_world, vm=vm, family=family)).play(path)
    if result.failures:
        pytest.fail("\n".join(map(str, result.failures)), pytrace=False)


def test_few_scenarios_are_2gs_own() -> None:
    own = [path for path in SCENARIOS if path not in OPEN and OWN not in path.parents]
    assert len(own) <= 6, [name(path) for path in own]
