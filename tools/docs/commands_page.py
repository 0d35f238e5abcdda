# SPDX-License-Identifier: MIT
"""Writes docs/commands.md.

A command is an error if no scenario sends it and expects its reply in the next step.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from itertools import groupby, pairwise

from powersocket.settings import plain_number

from tools.bench.scenario.expected import ExpectMessage
from tools.bench.scenario.files import read
from tools.bench.scenario.player import Setting
from tools.bench.scenario.steps import SendMessage
from tools.build import ROOT
from tools.docs.commands import BEYOND, DocError, Row, key, names, new_device, rows
from tools.docs.effects import EFFECTS, ERRORS

PAGE = ROOT / "docs" / "commands.md"
SCENARIOS = ROOT / "host_tests" / "scenarios"
PASSWORD = 5  # characters

HEAD = """# Commands

<!-- Written by `make docs` from lib/powersocket and tools/docs/effects.py: do not edit. -->

Every command of every model. Commands are not case-sensitive. If there is a password, it comes
directly before the command. **Conf** commands change settings; they need the configuration window,
or security to be set up. **Inf** commands report, **Ctrl** commands act. *n* stands for digits;
values after `=` or `+` are examples; `\\n` is a line break. The manuals' misprints `TERMOSTAT=`,
`RESTARTIME=`, `CRDITUMS=` and `CRDITUMS?` are accepted. *Always answered*: the reply is sent even
with SMSCONFIRM=OFF. *Scenario*: a conversation that uses it, and that fails if it is broken.
"""

EFFECTS_HEAD = """
## Errors, alerts, LEDs

What the device sends and shows by itself. `{text}` is the message without its password.
An alert's last line is the time of the event; it is left out if the clock is not set when the
alert is sent.
"""
COLUMNS = ["command", "type", "reply", "default", "values", "always answered", "models"]
COLUMNS += ["scenario"]
EFFECT_COLUMNS = ["what", "text or pattern", "when", "chapter", "scenario"]


def page() -> str:
    """Return docs/commands.md as it has to be.

    Raises:
        DocError: a row has no chapter, or no scenario.
    """
    all_rows = rows()
    linked = {row: scenario(row) for row in all_rows}
    if missing := [row for row in all_rows if linked[row] is None]:
        told = ", ".join(f"{row.command} ({', '.join(row.models)})" for row in missing)
        raise DocError(f"no scenario expects the reply to {told}")
    lines = [HEAD]
    for chapter, group in groupby(all_rows, lambda row: row.chapter):
        of_chapter = list(group)
        files = sorted({file for row in of_chapter for file in row.files})
        links = ", ".join(f"[{f}](../lib/powersocket/features/{f})" for f in files)
        title = chapter.capitalize() if chapter == BEYOND else f"Chapter {chapter}"
        lines += [f"\n## {title}\n", f"Written in {links}.\n"]
        lines += _table(COLUMNS, (_cells(row, linked[row] or "") for row in of_chapter))
    lines.append(EFFECTS_HEAD)
    lines += _table(EFFECT_COLUMNS, ([*effect[:4], _link(effect.file)] for effect in EFFECTS))
    return "\n".join(lines) + "\n"


def scenario(row: Row) -> str | None:
    """Return the file whose steps expect a row's reply: one of its chapter, if there is one."""
    number, _, part = row.chapter.partition(".")
    own = "beyond/" if row.chapter == BEYOND else rf"\w+/0?{number}-({part}-|[a-z])"
    ranked = [
        (not re.match(own, file), file)
        for file, model, sent, step in conversations()
        if model in row.models and sent == row.key and _is_reply(step, row)
    ]
    return f"scenarios/{min(ranked)[1]}.scn" if ranked else None


@cache
def conversations() -> list[tuple[str, str, str, ExpectMessage]]:
    """Return each command that is sent: its file without suffix, model, key, expected answer."""
    interpreters = {name: new_device(name).interpreter for name in names()}
    found = []
    for path in sorted(SCENARIOS.rglob("*.scn")):
        steps = read(path)
        file = path.relative_to(SCENARIOS).with_suffix("").as_posix()
        model = Setting.of(steps).model
        for sent, step in pairwise(steps):
            if isinstance(sent, SendMessage) and isinstance(step, ExpectMessage):
                for text in (sent.text, sent.text[PASSWORD:]):
                    request = interpreters[model].find(text.strip(), None, 0)
                    if request and plain_number(sent.sender) == plain_number(step.to):
                        found.append((file, model, key(request), step))
    return found


def _is_reply(step: ExpectMessage, row: Row) -> bool:
    """Tell whether a row's command is answered as the row says: alike up to the first value."""
    text = step.text.split("*")[0] if step.pattern else step.text
    told = [re.split(r"yy/|[^A-Za-z ]", reply)[0] for reply in re.findall("`([^`]+)`", row.reply)]
    in_words = not row.reply.startswith("`")
    return not text.endswith(ERRORS) and (in_words or text.startswith(tuple(told)))


def _cells(row: Row, file: str) -> list[str]:
    of = "all" if list(row.models) == names() else ", ".join(row.models)
    quiet = "yes" if row.quiet else ""
    cells = [f"`{row.command}`", row.kind, row.reply, row.default, row.values, quiet, of]
    return [*cells, _link(file)]


def _link(file: str) -> str:
    return f"[{file.removeprefix('scenarios/')}](../host_tests/{file})"


def _table(columns: list[str], rows: Iterator[list[str]]) -> Iterator[str]:
    for cells in (columns, ["---"] * len(columns), *rows):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> int:
    """Write the page; return the exit status."""
    try:
        PAGE.write_text(page(), encoding="utf-8")
    except DocError as error:
        print(f"docs: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
