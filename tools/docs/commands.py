# SPDX-License-Identifier: MIT
"""Writes docs/commands.md from what the features declare; `--check` shows if it is up to date.

Nothing is written down twice: names, types and limits come from the declarations, the replies to
parameters from carrying out the command on a factory-new device, the other replies from the
docstrings of the handlers, chapters and values from the handbook that HELP reads, and the links to
scenarios from these (see row_steps.py): a row that no scenario holds to is an error. Docstrings
cost the board nothing: MicroPython's compiler leaves them out.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from powersocket import models
from powersocket.device import Device
from powersocket.features import Feature
from powersocket.handbook import entry, named, values
from powersocket.interpreter import NUMBER, Message, Request
from powersocket.record import complete
from powersocket.settings import NumberList, Parameter, Refusal

from tools.bench.scenario.hints import MODELS
from tools.build import ROOT
from tools.docs import row_steps

PAGE = ROOT / "docs" / "commands.md"
EXAMPLE = "358912345678"  # the manual's own number
CHIP = b"\x24\x0a\xc4\x12\x34\x56"
BEYOND = "beyond the manuals"  # chapter of what no manual has
# In place of the last character of a pattern.
SHOWN = {"#": "n", "@": "password", "*": "", " ": " name"}

HEAD = """# Commands

<!-- Written by `python -m tools.docs.commands` from lib/powersocket: do not edit. -->

Every command of every model. Commands are not case-sensitive. If there is a password, it comes
directly before the command. **Conf** commands change settings; they need the configuration window,
or security to be set up. **Inf** commands report, **Ctrl** commands act. *n* stands for digits;
values after `=` or `+` are examples; `\\n` is a line break. The manuals' misprints `TERMOSTAT=`,
`RESTARTIME=`, `CRDITUMS=` and `CRDITUMS?` are accepted. *Always answered*: the reply is sent even
with SMSCONFIRM=OFF. *Scenario*: the step that fails if this row is wrong.
"""

EFFECTS_HEAD = """
## Errors, alerts, LEDs

What the device sends and shows by itself. `{text}` is the message without its password.
An alert's last line is the time of the event; it is left out if the clock is not set when the
alert is sent.
"""


class DocError(Exception):
    """A declaration that cannot be documented; the text says what is missing."""


@dataclass(frozen=True)
class Row:
    """One line of the page."""

    chapter: str
    command: str
    kind: str
    reply: str
    default: str
    values: str
    quiet: bool
    models: tuple[str, ...]
    key: str = ""  # by which its step is found
    form: str = ""
    files: tuple[str, ...] = ()  # in lib/powersocket/features

    @property
    def order(self) -> tuple[list[int], str, str]:
        parts = ["99"] if self.chapter == BEYOND else self.chapter.split(".")
        return [int(part) for part in parts], self.chapter, self.command

    def cells(self, all_models: Sequence[str], step: str) -> list[str]:
        """Return the cells of its line in the table of its chapter; step: the link to its step."""
        names = "all" if len(self.models) == len(all_models) > 1 else ", ".join(self.models)
        quiet = "yes" if self.quiet else ""
        return [
            f"`{self.command}`",
            self.kind,
            self.reply,
            self.default,
            self.values,
            quiet,
            names,
            step,
        ]


# --- what is declared --------------------------------------------------------------------------


def rows() -> list[Row]:
    """Return the rows of all models; those that are alike are one.

    Raises:
        DocError: a handler or a parameter says no chapter.
    """
    merged: dict[Row, tuple[set[str], set[str]]] = {}
    for model in names():
        for _, row in rows_of(model):
            of, files = merged.setdefault(replace(row, files=()), (set(), set()))
            of.add(model)
            files.update(row.files)
    found = [
        replace(row, models=tuple(sorted(of)), files=tuple(sorted(files)))
        for row, (of, files) in merged.items()
    ]
    return sorted(found, key=lambda row: row.order)


def names() -> list[str]:
    """Return the models that there are."""
    return sorted(MODELS)


def new_device(model: str, us: bool = False) -> Device:
    """Return a factory-new device; us: it shows Fahrenheit, if its model can."""
    config = {"MODEL": model, "US": us}

    def load(features: list[Feature], record: Any = None) -> tuple[Any, Any]:
        record = record or {}
        return record, complete(record, features)

    return Device(models.load(model, us), config, CHIP, lambda line: None, load)


def rows_of(model: str) -> Iterator[tuple[Feature, Row]]:
    """Yield the rows of one model, each with the feature that it belongs to."""
    device = new_device(model)
    for command in requests(device):
        if isinstance(command.what, str):
            made = _row_of_handler(command.feature, command)
        else:
            made = _row_of_parameter(model, command.what, command)
        for shown in _with_all(made, command):
            yield command.feature, shown


def commands(model: str) -> list[Request]:
    """Return every command of a model."""
    return requests(new_device(model))


def requests(device: Device) -> list[Request]:
    """Return every command of a device as if it had been asked for, by nobody."""
    rows = [(feature, row) for feature in device.features for row in feature.rows()]
    return [Request(None, feature, row, "", 0) for feature, row in rows]


def _with_all(row: Row, command: Request) -> Iterator[Row]:
    """Whatever is removed one by one is removed at once by `-ALL`: a row of its own."""
    yield row
    if command.form == "-":
        shown = command.name + row_steps.ALL
        key = row_steps.key(command, row_steps.ALL)
        yield replace(row, command=shown, reply=f"`{shown} - OK`", key=key)


def _row_of_handler(feature: Feature, command: Request) -> Row:
    reply = " ".join((getattr(feature, command.what).__doc__ or "").split())
    if not reply:
        raise DocError(f"{type(feature).__name__}.{command.what} has no docstring: its reply")
    level = "ON" if command.name.startswith("ON") else "OFF"  # of ON30, OFFM, ..
    reply = reply.replace("{level}", level).replace("{name}", command.name)
    return _make(command, reply)


def _row_of_parameter(model: str, parameter: Parameter, command: Request) -> Row:
    row = _make(command, _reply(model, parameter, command))
    if command.form in ("=", "+"):
        shown = parameter.show(parameter.default) if command.form == "=" else "empty"
        row = replace(row, default=shown, values=values(parameter))
    return row


def _make(command: Request, reply: str) -> Row:
    try:
        chapter = entry(named(command.name))[0] or BEYOND
    except KeyError:
        raise DocError(f"powersocket/handbook.py has nothing on {command.name}") from None
    shown = command.name[:-1] + SHOWN.get(command.form, command.form)
    key = row_steps.key(command)
    file = type(command.feature).__module__.rsplit(".", 1)[-1] + ".py"
    return Row(
        chapter, shown, command.kind, reply, "", "", command.always, (), key, command.form, (file,)
    )


def _reply(model: str, parameter: Parameter, command: Request) -> str:
    """Carry out the command of a parameter on a new device, as it is or with its default."""
    device = new_device(model)
    argument = ""
    if command.form == "=":
        argument = parameter.typed(parameter.default)
    elif command.form == "+":
        argument = EXAMPLE
    elif command.form == "-":
        device.set(parameter.name, [EXAMPLE])
        argument = EXAMPLE
    elif command.form == "?" and isinstance(parameter, NumberList):
        return f"`{parameter.answer([EXAMPLE])}` or `{parameter.answer([])}`"
    message = Message("+" + EXAMPLE, NUMBER, "", "example")
    live = device.interpreter.find(command.name + argument, message, 0)
    assert live is not None
    try:
        reply = (live.feature.query if live.form == "?" else live.feature.assign)(live.what, live)
    except Refusal as refusal:
        reply = refusal.args[0]
    return "`" + reply.replace("\n", "\\n") + "`"


# --- the page ----------------------------------------------------------------------------------

COLUMNS = ["command", "type", "reply", "default", "values", "always answered", "models"]
COLUMNS += ["scenario"]
EFFECT_COLUMNS = ["what", "text or pattern", "when", "chapter", "scenario"]


def page() -> str:
    """Return docs/commands.md as it has to be.

    Raises:
        DocError: a row has no chapter, or no step of a scenario.
    """
    lines = [HEAD]
    chapter = None
    all_rows = rows()
    steps = _steps_of_rows(all_rows)
    for row in all_rows:
        if row.chapter != chapter:
            chapter = row.chapter
            files = sorted({file for r in all_rows if r.chapter == chapter for file in r.files})
            links = ", ".join(f"[{f}](../lib/powersocket/features/{f})" for f in files)
            lines += [f"\n## {_title(chapter)}\n", f"Written in {links}.\n"]
            lines += _head(COLUMNS)
        lines.append(_line(row.cells(names(), steps[row])))
    lines += [EFFECTS_HEAD, *_head(EFFECT_COLUMNS)]
    for effect in row_steps.EFFECTS:
        cells = [effect.of, effect.shown, effect.when, effect.chapter, _step_of(effect)]
        lines.append(_line(cells))
    return "\n".join(lines) + "\n"


def _steps_of_rows(all_rows: list[Row]) -> dict[Row, str]:
    """Return the link of each row: to a step of the first of its models that has one."""
    replies = {name: row_steps.Replies(name, new_device(name).interpreter) for name in names()}
    found, missing = {}, []
    for row in all_rows:
        places = (
            replies[model].place(row.key, row.form, row.chapter, row.reply) for model in row.models
        )
        place = next(filter(None, places), None)
        if place is None:
            missing.append(f"{row.command} ({', '.join(row.models)})")
        else:
            found[row] = place.link()
    if missing:
        raise DocError("no scenario expects the reply to " + ", ".join(missing))
    return found


def _step_of(effect: row_steps.Effect) -> str:
    place = row_steps.place_of(effect)
    if place is None:
        raise DocError(f"no scenario expects {effect.shown}: {effect.of}, {effect.when}")
    return place.link()


def _title(chapter: str) -> str:
    return chapter.capitalize() if chapter == BEYOND else f"Chapter {chapter}"


def _head(columns: list[str]) -> list[str]:
    return [_line(columns), _line(["---"] * len(columns))]


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def check() -> str:
    """Return how docs/commands.md differs from what it has to be, empty if it does not."""
    wanted = page().splitlines(keepends=True)
    text = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    name = PAGE.relative_to(ROOT).as_posix()
    there = text.splitlines(keepends=True)
    return "".join(difflib.unified_diff(there, wanted, name, f"{name} (declared)"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write, print or check the page; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs.commands", description=__doc__)
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--check", action="store_true", help="write nothing; exit 1 if it drifted")
    group.add_argument("--print", action="store_true", help="write to standard output")
    options = parser.parse_args(arguments)
    try:
        if options.check:
            difference = check()
            sys.stdout.write(difference)
            return 1 if difference else 0
        if options.print:
            sys.stdout.write(page())
        else:
            PAGE.write_text(page(), encoding="utf-8")
    except DocError as error:
        print(f"docs: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
