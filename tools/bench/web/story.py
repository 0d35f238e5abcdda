# SPDX-License-Identifier: MIT
"""A scenario that is played on the page: one of the first minute's, to be watched, or a file.

What is watched passes in seconds, the waits at a pace of their own; a file passes at full speed,
and may stop before a line, where `play` found that something did not hold. Comments above a step
are its caption.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tools.bench.scenario.expected import ExpectOnline
from tools.bench.scenario.files import parse
from tools.bench.scenario.player import START_MS, Setting
from tools.bench.scenario.session import Session
from tools.bench.scenario.steps import Setup, Step, WaitFor

FOLDER = Path(__file__).resolve().parents[3] / "host_tests" / "scenarios" / "first-minute"
WATCHED_S = 10.0  # real time for all waits of a scenario that is watched
SLOWEST = 4.0  # times real time, also where little is waited for
PACE = 12.0  # .. while an answer is waited for


@dataclass
class Story:
    """A scenario under way.

    Args:
        name: of the file.
        text: the scenario. ScenarioError: it cannot be read.
        before: a line before which to stop; 0: play all of it.
        watched: it is to be watched, not only its end.

    Attributes:
        line: where it is; caption: what happens there, in the words of a comment.
        over: it has come to its end, or stopped.
        failed: what did not hold, empty if everything has so far.
        next: the step before which it stopped.
    """

    name: str
    text: str
    before: int = 0
    watched: bool = False
    line: int = 0
    caption: str = ""
    over: bool = False
    failed: str = ""
    next: str = ""
    steps: list[Step] = field(init=False)

    def __post_init__(self) -> None:
        self.steps = parse(self.text, self.name)
        self.setting = Setting.of(self.steps)
        self._captions = captions(self.text)
        waits = sum(step.ms for step in self.steps if isinstance(step, WaitFor))
        self._pace = max(SLOWEST, waits / 1000 / WATCHED_S)

    def state(self) -> dict[str, Any]:
        """Return what a page shows of it."""
        shown = ("name", "line", "caption", "over", "failed", "next", "watched")
        lines = self.steps[-1].where.line if self.steps else 0
        return {**{name: getattr(self, name) for name in shown}, "lines": lines}

    async def play(self, session: Session) -> None:
        """Do the steps up to the end or the first that does not hold; leave the world paused."""
        session.speed = 0
        todo = [step for step in self.steps if not isinstance(step, Setup)]
        if self.setting.powered:
            await self._do(session, ExpectOnline(within=START_MS), fast=True)
        for step in todo:
            if self.failed:
                break
            if self.before and step.where.line >= self.before:
                self.next = step.render()
                break
            self.line = step.where.line
            self.caption = self._captions.get(self.line, self.caption)
            if self.watched:
                session.speed = self._pace if isinstance(step, WaitFor) else PACE
            await self._do(session, step, fast=not self.watched)
        session.speed = 0
        self.over = True

    async def _do(self, session: Session, step: Step, fast: bool) -> None:
        done = await session.do_step(step, fast)
        if not done.held:
            self.failed = f"line {self.line}: {done.step}\n{done.reason}"


def captions(text: str) -> dict[int, str]:
    """Return the comment above each line of a scenario that has one."""
    found: dict[int, str] = {}
    above: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if line.startswith("#"):
            above.append(line.lstrip("# "))
        elif line and above:
            found[number], above = " ".join(above), []
        elif not line:
            above = []
    return found


@cache
def first_minute() -> dict[str, dict[str, str]]:
    """Return the scenarios for a newcomer by name: title, what happens, text."""
    found = {}
    for path in sorted(FOLDER.glob("*.scn")):
        text = path.read_text(encoding="utf-8")
        title, about = (line.lstrip("# ") for line in text.split("\n")[:2])
        found[path.stem] = {"title": title, "about": about, "text": text}
    return found
