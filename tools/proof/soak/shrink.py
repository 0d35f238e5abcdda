# SPDX-License-Identifier: MIT
"""Makes a failing life plain: without the faults that do not matter, and as a scenario file."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from tools.bench.modem.families import FAMILIES, FAMILY
from tools.bench.scenario import steps as s
from tools.bench.scenario.steps import Step
from tools.proof.soak.judge import Verdict, live
from tools.proof.soak.story import Life

MOST_TRIES = 12


def _alike(failure: str) -> str:
    """Return a failure without its figures and numbers: the same fault at another time."""
    return re.sub(r"[0-9]+", "#", failure)[:60]


def shrink(life: Life, tries: int = MOST_TRIES) -> tuple[Life, Verdict]:
    """Return the life up to the scene that fails, with few faults, and its verdict.

    No scene is left out: each is written for what the earlier ones have left behind.
    """
    verdict = live(life)
    scenes = life.scenes[: verdict.scenes]
    life = replace(life, scenes=scenes)
    broken = [i for i, scene in enumerate(scenes[:-1]) if scene.faults]
    size = max(1, len(broken))
    while broken and tries > 0:
        part, tries = broken[:size], tries - 1
        calm = list(life.scenes)
        for i in part:
            calm[i] = replace(calm[i], faults=[], fault="")
        found = live(replace(life, scenes=calm))
        if found.failure and _alike(found.failure) == _alike(verdict.failure):
            life, verdict, broken = replace(life, scenes=calm), found, broken[size:]
        elif size == 1:
            broken = broken[1:]
        size = max(1, min(size, len(broken)) // 2)
    return life, verdict


def steps_of(life: Life) -> list[Step]:
    """Return the disturbed life as the steps of a scenario."""
    steps: list[Step] = [s.ChooseModel(life.model), s.SetClock(life.clock)]
    steps += [s.Fahrenheit()] if life.us else []
    steps += [s.ModemHabits(life.habits)] if life.habits else []
    steps += (
        [s.ModemFamily(FAMILIES[life.family].name)] if life.family != FAMILY["default"] else []
    )
    now = begin = 0
    for scene in life.scenes:
        events = [(at, 1, step) for at, step in scene.deeds]
        events += [(at, 0, step) for at, step in scene.faults]
        for at, _, step in sorted(events, key=lambda event: event[:2]):
            if begin + at > now:
                steps.append(s.WaitFor(begin + at - now))
                now = begin + at
            steps.append(step)
        begin += scene.length
    return [*steps, s.WaitFor(max(1, begin - now))]


def write_scenario(path: Path, life: Life, verdict: Verdict) -> None:
    """Write the disturbed life as a scenario to look at; it expects nothing."""
    lines = [f"# Found by `make soak SEED={life.seed}`: {verdict.failure.splitlines()[0]}"]
    if life.ticks:
        lines.append(f"# The chip's ticks began at {life.ticks}.")
    if life.pin:
        lines.append("# The SIM has a PIN, and the board knows it.")
    lines.append("# ms to deliver, to send and to register: {}, {}, {}".format(*life.pace))
    lines += [step.render() for step in steps_of(life)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
