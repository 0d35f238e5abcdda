# SPDX-License-Identifier: MIT
"""Every fault of modem_faults.py, at the steps of every stage of fault_rig.py.

A sample of the whole matrix; `make faults` runs all of it (FAULTS=all): every fault at every
instant at which something goes over the line, and every pair.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator

import pytest

from host_tests.fault_rig import STAGES, Outcome, Run
from host_tests.modem_doc import DOC, written
from host_tests.modem_faults import FAULTS
from tools.bench.modem.habits import HABITS

ALL = os.environ.get("FAULTS") == "all"
NAMES = list(FAULTS)
GAPS = (0, 2000, 20_000, 45_000, 120_000)  # ms between the two of a pair
PAIRS = len(NAMES) if ALL else 1  # seconds to each first
ON_THE_VM = NAMES if ALL else NAMES[::5]


@functools.cache
def instants(stage: str) -> list[int]:
    """Return when something goes over the line, undisturbed."""
    return Run(STAGES[stage]).undisturbed()


def some(stage: str, seed: int) -> list[int]:
    """Return the instants to try: all, or one of them."""
    found = instants(stage)
    return found if ALL else [found[seed * 13 % len(found)]]


def check(outcome: Outcome, *what: object) -> None:
    if outcome.problems:
        pytest.fail(f"{what}: {outcome.problems}", pytrace=False)


@pytest.mark.parametrize("name", NAMES)
def test_a_fault(name: str) -> None:
    for number, (stage, todo) in enumerate(STAGES.items()):
        if not ALL and (NAMES.index(name) + number) % 2:
            continue  # of the sample, every other stage
        for at in some(stage, NAMES.index(name) * 5 + number):
            check(Run(todo).disturbed((name, at)), name, stage, at)


def pairs(first: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield (second, stage, instant of the first, gap)."""
    for k in range(PAIRS):
        seed = NAMES.index(first) * len(NAMES) + k * (len(NAMES) // PAIRS) + NAMES.index(first)
        stage = list(STAGES)[seed // 3 % len(STAGES)]
        at = instants(stage)[seed * 7 % len(instants(stage))]
        yield NAMES[seed % len(NAMES)], stage, at, GAPS[seed * 3 % len(GAPS)]


@pytest.mark.parametrize("first", NAMES)
def test_two_faults(first: str) -> None:
    for second, stage, at, gap in pairs(first):
        outcome = Run(STAGES[stage]).disturbed((first, at), (second, at + gap))
        check(outcome, first, second, stage, at, gap)


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_again_and_again(name: str) -> None:
    number = NAMES.index(name)
    stage = list(STAGES)[number % len(STAGES)]
    at = some(stage, number)[0]
    times = [(name, at + i * gap) for i, gap in enumerate((0, 30_000, 95_000, 100_000, 150_000))]
    check(Run(STAGES[stage]).disturbed(*times), name, stage, at)


@pytest.mark.parametrize("name", NAMES)
def test_at_the_maximum_response_times(name: str) -> None:
    """Everything that the modem does takes as long as the AT manual allows."""
    number = NAMES.index(name)
    for stage in STAGES if ALL else [list(STAGES)[number % len(STAGES)]]:
        run = Run(STAGES[stage])
        run.world.modem.latency = "maximum"
        at = some(stage, number)[0]
        check(run.disturbed((name, at)), name, stage, at)


@pytest.mark.parametrize("habit", HABITS)
def test_a_fault_of_a_modem_with_a_habit(habit: str) -> None:
    """It restarts, because some habits show only then; or another fault comes."""
    for number, (stage, todo) in enumerate(STAGES.items()):
        seed = list(HABITS).index(habit) * len(STAGES) + number
        names = NAMES if ALL else ["restarts" if number % 2 else NAMES[seed * 7 % len(NAMES)]]
        for name in names:
            at = some(stage, seed)[0]
            check(Run(todo, habits=(habit,)).disturbed((name, at)), habit, name, stage, at)


@pytest.mark.parametrize("name", ON_THE_VM)
def test_on_the_micropython_vm(name: str) -> None:
    number = NAMES.index(name)
    stage = list(STAGES)[number % len(STAGES)]
    at = some(stage, number)[0]
    check(Run(STAGES[stage], vm="micropython").disturbed((name, at)), name, stage, at)


def test_the_pin_is_tried_once_and_not_after_a_restart() -> None:
    """A PIN that the SIM refuses: one try, whatever restarts, and its last try is never used."""
    run = Run(STAGES["command"])
    world = run.world
    world.sim.lock_pin("9999")
    world.run_for(20 * 60_000)
    assert world.sim.pin_tries == 2
    for restart in (world.modem.restart, world.restart_chip, world.power_off):
        restart()
        world.power_on()
        world.run_for(10 * 60_000)
        assert world.sim.pin_tries == 2
    world.config["PIN"] = "8888"  # the owner tries another one
    world.restart_chip()
    world.run_for(10 * 60_000)
    assert world.sim.pin_tries == 1
    world.config["PIN"] = "9999"  # the right one, too late: the last try is a person's
    world.restart_chip()
    world.run_for(10 * 60_000)
    assert world.sim.pin_tries == 1
    assert world.sim.enter_pin("9999")  # in a phone; so there are three again
    world.sim.state = "SIM PIN"
    assert world.run_until(lambda: world.online, 3 * 60_000)
    assert "9999" not in "".join(world.logs)
    world.close()


def test_a_message_centre_that_is_missing_shows() -> None:
    run = Run(STAGES["command"])
    world = run.world
    world.sim.smsc = ""
    assert world.run_until(lambda: world.leds["power"].pattern == "sim", 11 * 60_000)
    assert any("message centre" in line for line in world.logs)
    world.sim.smsc = "+31600000000"
    assert world.run_until(lambda: world.leds["power"].pattern == "steady", 11 * 60_000)
    world.close()


def test_the_tables_in_the_documentation() -> None:
    assert DOC.read_text(encoding="utf-8") == written(), "python -m host_tests.modem_doc"
