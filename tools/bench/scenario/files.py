# SPDX-License-Identifier: MIT
"""Scenario files: reads steps, one a line, into typed values.

Decisions where the notation leaves room:

- TEXT in double quotes is taken literally, and it is in quotes if it both begins and ends with one
  (after an ending such as ` within 5m` was taken off); otherwise quotes are part of the text.
- Unquoted TEXT loses the blanks at its ends. `again`, `within` and `@` end it only where something
  stands before them and, for `within`, a figure follows, for ` @ `, a date. `+1 > again` sends
  "again". An ending that begins so and is malformed is an error.
- `within` is accepted for `nothing` and `nobody is called` too; `for` only for these.
- A line ends at a line feed; a carriage return before it is dropped. Blanks are space and tab.
"""

from __future__ import annotations

import re
from pathlib import Path

from tools.bench.scenario.grammar import parse_line
from tools.bench.scenario.notation import BLANKS, Malformed
from tools.bench.scenario.steps import (
    NOWHERE,
    BeginOff,
    BoardModem,
    ChooseModel,
    Fahrenheit,
    KeepRecord,
    ModemFamily,
    ModemHabits,
    SetClock,
    Setup,
    Step,
    Where,
)

__all__ = ["ScenarioError", "parse", "parse_step", "read", "read_text"]


class ScenarioError(Exception):
    """A scenario that cannot be read.

    Attributes:
        file, line: where; line 0: the file as a whole.
        reason: what is wrong, to be read aloud.
    """

    def __init__(self, file: str, line: int, reason: str) -> None:
        place = f"{file}:{line}" if file and line else file or (f"line {line}" if line else "")
        super().__init__(f"{place}: {reason}" if place else reason)
        self.file = file
        self.line = line
        self.reason = reason


def read(path: Path) -> list[Step]:
    """Return the steps of a file.

    Raises:
        ScenarioError: it cannot be read, or a step is wrong.
    """
    return parse(read_text(path), str(path))


def read_text(path: Path) -> str:
    """Return the text of a file. Raises ScenarioError if it cannot be read."""
    name = str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ScenarioError(name, 0, (error.strerror or str(error)).lower()) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ScenarioError(name, line, "this is not UTF-8 text") from None


def parse(text: str, name: str = "") -> list[Step]:
    """Return the steps of a scenario's text; `name` is its file's, for messages.

    Raises:
        ScenarioError: a step is wrong, or one that sets up does not stand before the others.
    """
    steps: list[Step] = []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.removesuffix("\r").strip(BLANKS)
        if not line or line.startswith("#"):
            continue
        step = parse_step(line, Where(name, number))
        if isinstance(step, Setup):
            _check_setup(step, steps)
        steps.append(step)
    return steps


def parse_step(line: str, where: Where = NOWHERE) -> Step:
    """Return the one step that a line holds.

    Raises:
        ScenarioError: it is none.
    """
    line = line.strip(BLANKS)
    try:
        if "\n" in line or not line:
            raise Malformed("a step is one line that is not empty")
        return parse_line(line, where)
    except Malformed as error:
        raise ScenarioError(where.file, where.line, str(error)) from None


_TOPICS = {
    ChooseModel: "the model",
    Fahrenheit: "the unit",
    SetClock: "the clock",
    KeepRecord: "the record",
    ModemHabits: "what the modem is like",
    ModemFamily: "the modem's family",
    BoardModem: "the board's modem",
    BeginOff: "`off`",
}


def _check_setup(step: Setup, before: list[Step]) -> None:
    where = step.where
    if any(not isinstance(other, Setup) for other in before):
        reason = f"`{step.render()}` sets up and must stand before anything else"
        raise ScenarioError(where.file, where.line, reason)
    for other in before:
        if type(other) is type(step):
            reason = f"{_TOPICS[type(step)]} was given in line {other.where.line} already"
            raise ScenarioError(where.file, where.line, reason)


def is_comment(line: str) -> bool:
    """True for a line that holds no step: blank, or a comment."""
    return re.fullmatch(r"[ \t\r\n]*(#.*)?", line, re.DOTALL) is not None
