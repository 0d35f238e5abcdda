# SPDX-License-Identifier: MIT
"""Makes a failing life short: delta debugging over its steps, and a scenario file of the rest."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

from tools.bench.scenario import steps as s
from tools.bench.scenario.expected import ExpectLed, ExpectMessage, ExpectNoMessage, ExpectRelay
from tools.bench.scenario.steps import Step
from tools.proof.soak.life import Verdict, live

Try = Callable[[list[Step]], Verdict]
MOST_TRIES = 250
ALERTS = ("ALARM!", "Power failed!", "Power restored!", "Temperature ", "Switch-off ")


def _alike(failure: str) -> str:
    """Return a failure without its figures and numbers: the same fault at another time."""
    return re.sub(r"[0-9]+", "#", failure)[:60]


def shrink(
    steps: list[Step], ticks: int = 0, tries: int = MOST_TRIES
) -> tuple[list[Step], Verdict]:
    """Return the shortest list found that fails alike, and its verdict."""
    verdict = live(steps, ticks)
    wanted = _alike(verdict.failure)
    setup = [step for step in steps if isinstance(step, s.Setup)]
    steps = [step for step in steps if not isinstance(step, s.Setup)][: verdict.step]
    left = [tries]

    def fails(shorter: list[Step]) -> bool:
        nonlocal verdict
        left[0] -= 1
        found = live(setup + shorter, ticks)
        if found.failure and _alike(found.failure) == wanted:
            verdict = found
            return True
        return False

    size = max(1, len(steps) // 2)
    while left[0] > 0:
        at, progress = 0, False
        while at < len(steps) and left[0] > 0:
            shorter = steps[:at] + steps[at + size :]
            if shorter and fails(shorter):
                steps, progress = shorter[: verdict.step], True
            else:
                at += size
        if size == 1 and not progress:
            break
        size = max(1, size // 2)
    for at, step in enumerate(steps):
        if isinstance(step, s.WaitFor):
            for ms in (1_000, 5_000, 60_000):
                if left[0] > 0 and ms < step.ms:
                    shorter = [*steps[:at], s.WaitFor(ms), *steps[at + 1 :]]
                    if fails(shorter):
                        steps = shorter
                        break
    return setup + steps, verdict


def write_scenario(path: Path, steps: list[Step], verdict: Verdict, seed: int, ticks: int) -> None:
    """Write steps as a scenario: the messages to phones are expected, except what was wrong.

    A comment says what failed. Its last line is what should have been, where a step can say that.
    """
    lines = [
        f"# Found by `make soak SEED={seed}`: {line}" for line in verdict.failure.split("\n")[:1]
    ]
    if ticks:
        lines.append(f"# The chip's ticks began at {ticks}.")
    lines += [step.render() for step in steps]
    told = list(verdict.messages)
    wanted = _wanted(verdict.failure, told)
    lines += [_message(to, text).render() for to, text in told]
    if wanted is not None:
        lines.append(wanted.render())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _message(to: str, text: str) -> ExpectMessage:
    """Expect a message, whatever the time in its last line."""
    timeless = re.sub(r"\nTime: [^\n]*", "\nTime: *", text)
    return ExpectMessage(to, timeless, pattern=timeless != text)


def _wanted(failure: str, told: list[tuple[str, str]]) -> Step | None:
    """Return what should have been, None if no step says it; what was wrong leaves `told`."""
    if match := re.fullmatch(r"the socket is (on|off) and must not be", failure):
        return ExpectRelay("socket", match[1] == "off")
    if match := re.match(r"the (\w+) LED shows .*, not ([^ ]+)", failure):
        return ExpectLed(match[1], match[2])
    if match := re.fullmatch(r"a message that nothing calls for, to (\S+): (.*)", failure):
        wrong = (match[1], ast.literal_eval(match[2]))
        if wrong in told:
            last = len(told) - 1 - told[::-1].index(wrong)
            del told[last]
            return ExpectNoMessage(match[1])
    if match := re.fullmatch(r"owed and not sent to (\S+) since \d+ s: (.*)", failure):
        text = re.sub(r"\\(\W)", r"\1", what := ast.literal_eval(match[2]))
        if re.escape(text) == what or not re.search(r"[\\(\[]", what):
            return _message(match[1], text + "\nTime: " * text.startswith(ALERTS))
    return None
