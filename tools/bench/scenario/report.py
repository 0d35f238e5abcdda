# SPDX-License-Identifier: MIT
"""How the player and the terminal put times, texts and failures into words."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tools.bench.scenario.steps import Where


def clock(ms: int) -> str:
    """Return world time as h:mm:ss.mmm, days in front if there are any."""
    seconds, ms = divmod(ms, 1000)
    days, seconds = divmod(seconds, 86400)
    text = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{ms:03}"
    return f"{days}d {text}" if days else text


def quoted(text: str) -> str:
    r"""Return a text in quotes on one line, as a scenario has it."""
    return '"' + text.replace("\\", "\\\\").replace("\n", "\\n") + '"'


@dataclass(frozen=True)
class Failure:
    """A step that did not hold.

    Attributes:
        where: file and line; the line after the last at the end of a file.
        step: the step as it is written, or what was being done.
        expected: what should have come, empty if nothing in particular.
        came: what came instead; may have several lines.
        at: world time in ms.
        log: the newest of the device's log.
    """

    where: Where
    step: str
    expected: str
    came: str
    at: int
    log: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.step}"]
        if self.expected:
            lines += _labelled("expected", self.expected)
        lines += _labelled("came", self.came)
        lines += _labelled("at", f"{clock(self.at)} of simulated time")
        if self.log:
            lines += _labelled("log", "\n".join(self.log))
        return "\n".join(lines)


def _labelled(label: str, text: str) -> list[str]:
    first, *rest = text.split("\n")
    return [f"    {label + ':':<10}{first}", *(" " * 14 + line for line in rest)]


@dataclass
class Result:
    """What came of playing a file.

    Attributes:
        steps: how many it has (those that set up too); `played`: how many were begun.
        simulated_ms, seconds: time that passed in the world, and here.
    """

    path: Path
    steps: int
    played: int = 0
    failures: list[Failure] = field(default_factory=list)
    simulated_ms: int = 0
    seconds: float = 0.0

    @property
    def held(self) -> bool:
        return not self.failures


def summary(results: list[Result]) -> str:
    """Return one line about all files that were played."""
    failed = sum(not result.held for result in results)
    steps = sum(result.played for result in results)
    simulated = sum(result.simulated_ms for result in results)
    seconds = sum(result.seconds for result in results)
    speed = simulated / 1000 / seconds if seconds else 0
    outcome = f"{failed} failed" if failed else "all held"
    return (
        f"{_count(len(results), 'file')}, {_count(steps, 'step')}: {outcome}; "
        f"{clock(simulated)} simulated in {seconds:.1f} s, {speed:,.0f} times as fast as life"
    )


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
