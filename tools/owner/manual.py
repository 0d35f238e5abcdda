# SPDX-License-Identifier: MIT
"""docs/manual.md: its conversations are scenarios, its last chapter is written by `make docs`.

A conversation is a block of code marked `sms`. `You:`, `Anna:`, `Stranger:` and `Device:` say who
writes; an indented line goes on with the message before. What happens besides stands in comments,
which a reader of the page does not see: `<!-- scenario` begins with a new device, as the steps in
it set it up; `<!-- play` has steps of the scenario language. The seconds of a time may be others:
they depend on how long a message takes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from tools.bench.scenario.files import parse
from tools.bench.scenario.steps import Step
from tools.build import ROOT
from tools.owner.forms import WordsError, actions, variants
from tools.owner.words import GROUPS

PAGE = ROOT / "docs" / "manual.md"
BEGIN = "<!-- commands: made by `make docs` from the firmware and tools/owner/words.py -->\n"
END = "<!-- commands: end -->"
PHONES = {"You": "+31600000001", "Anna": "+31600000002", "Stranger": "+31600000002"}

_SAID = re.compile(r"([A-Z][a-z]+): +(.+)")
_TIME = re.compile(r"(\d\d/\d\d/\d\d,\d\d:\d\d):\d\d")


class ManualError(Exception):
    """A conversation that cannot be played; the text says where and why."""


def scenarios(text: str) -> list[list[Step]]:
    """Return the steps of each scenario of the manual, with the manual's lines as theirs.

    Raises:
        ManualError, ScenarioError: a line is neither said by somebody nor a step.
    """
    written: list[dict[int, str]] = []
    for number, what, line in _lines(text):
        if what == "scenario" and not line:
            written.append({})
        elif not written:
            raise ManualError(f"{PAGE.name}:{number}: no scenario was begun")
        elif line:
            written[-1][number] = line
    last = text.count("\n") + 1
    return [
        parse("\n".join(steps.get(n, "") for n in range(1, last + 1)), str(PAGE))
        for steps in written
    ]


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield number, kind and step of each line that is played; "scenario" and "" begin one."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        if match := re.match(r"<!-- (scenario|play)(?: -->)?$", line):
            if match[1] == "scenario":
                yield at + 1, match[1], ""
            while not lines[at].endswith("-->"):
                at += 1
                if step := lines[at].removesuffix("-->").strip():
                    yield at + 1, match[1], step
        elif line == "```sms":
            end = lines.index("```", at)
            yield from _conversation(lines[at + 1 : end], at + 2)
            at = end
        at += 1


def _conversation(lines: list[str], first: int) -> Iterator[tuple[int, str, str]]:
    """Yield the steps of a block, each with the line on which its message begins."""
    said: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(lines, first):
        match = _SAID.fullmatch(line)
        if match and match[1] in {*PHONES, "Device"}:
            said.append((number, match[1], [match[2]]))
        elif said and line.startswith("  "):
            said[-1][2].append(line.strip())
        else:
            raise ManualError(f"{PAGE.name}:{number}: nobody says {line!r}")
    to = PHONES["You"]
    for number, who, parts in said:
        text = "\\n".join(parts)
        if who in PHONES:
            to = PHONES[who]
            yield number, "said", f"{to} > {text}"
        else:
            pattern = _TIME.sub(r"\1:*", text)
            yield number, "said", f"{to} {'<~' if '*' in pattern else '<'} {pattern}"


def commands() -> str:
    """Return the manual's last chapter: every command, what it is for, and who has it."""
    models = [variant for variant in variants() if not variant.us]
    found = {
        variant.title: [row for _, items in actions(variant) for row in items]
        for variant in models
    }
    lines = ["| command | what it is for | models |", "| --- | --- | --- |"]
    for item in (item for group in GROUPS for item in group.items):
        having = [title for title, rows in found.items() if any(row[0] == item for row in rows)]
        who = "all" if len(having) == len(models) else ", ".join(having)
        shown = " ".join(f"`{_shown(pattern)}`" for pattern in item.labels)
        lines.append(f"| {shown} | {item.purpose} | {who} |")
    return "\n".join(lines) + "\n"


def _shown(pattern: str) -> str:
    shown = pattern.replace("#", "n").replace("@", "password").replace("*", "*code#")
    return shown.replace(" ", " name")


def page(text: str) -> str:
    """Return the manual with its last chapter as it has to be."""
    head, _, rest = text.partition(BEGIN)
    _, mark, tail = rest.partition(END)
    if not mark:
        raise ManualError(f"{PAGE.name} has lost the marks of its last chapter")
    return head + BEGIN + commands() + END + tail


def main() -> int:
    """Write the last chapter; return the exit status."""
    try:
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    except (ManualError, WordsError) as error:
        print(f"manual: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
