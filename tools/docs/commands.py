# SPDX-License-Identifier: MIT
"""The commands of every model as rows, from what the features declare.

Nothing is written down twice: names, types and limits come from the declarations, the replies to
parameters from carrying out the command on a factory-new device, the other replies from the
docstrings of the handlers, chapters and values from the handbook that HELP reads. Docstrings cost
the board nothing: MicroPython's compiler leaves them out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from powersocket import models
from powersocket.device import Device
from powersocket.features import Feature
from powersocket.handbook import entry, named, values
from powersocket.interpreter import NUMBER, Message, Request
from powersocket.record import complete
from powersocket.settings import NumberList, Parameter, Refusal, upper

from tools.bench.scenario.hints import MODELS

EXAMPLE = "358912345678"  # the manual's own number
CHIP = b"\x24\x0a\xc4\x12\x34\x56"
BEYOND = "beyond the manuals"  # chapter of what no manual has
ALL = "ALL"  # SECNUMBER-ALL is a row of its own
# In place of the last character of a pattern.
SHOWN = {"#": "n", "@": "password", "*": "", " ": " name"}


class DocError(Exception):
    """A declaration that cannot be documented; the text says what is missing."""


@dataclass(frozen=True)
class Row:
    """What there is to say of a command.

    Attributes:
        key: see the function `key`.
        quiet: it is answered with SMSCONFIRM=OFF, too.
        models, files: that have it, and where it is written, once the models' rows are merged.
    """

    key: str
    chapter: str
    command: str
    kind: str
    reply: str
    default: str
    values: str
    quiet: bool
    models: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[list[int], str]:
        parts = ["99"] if self.chapter == BEYOND else self.chapter.split(".")
        return [int(part) for part in parts], self.command


def rows() -> list[Row]:
    """Return the rows of all models; those that are alike are one.

    Raises:
        DocError: a handler has no docstring, or the handbook nothing on a command.
    """
    merged: dict[Row, tuple[set[str], set[str]]] = {}
    for model in names():
        for feature, row in rows_of(model):
            of, files = merged.setdefault(row, (set(), set()))
            of.add(model)
            # Its name in lib/powersocket/features.
            files.add(type(feature).__module__.rsplit(".", 1)[-1] + ".py")
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


def commands(model: str) -> list[Request]:
    """Return every command of a model."""
    return requests(new_device(model))


def requests(device: Device) -> list[Request]:
    """Return every command of a device as if it had been asked for, by nobody."""
    rows = [(feature, row) for feature in device.features for row in feature.rows()]
    return [Request(None, feature, row, "", 0) for feature, row in rows]


def key(request: Request) -> str:
    """Return the name of a row: `ON#`, `SECLIST=`, and for `-ALL` another than for `-n`."""
    name: str = request.name
    return name + ALL if request.form == "-" and upper(request.argument) == ALL else name


def rows_of(model: str) -> Iterator[tuple[Feature, Row]]:
    """Yield the rows of one model, each with the feature that it belongs to."""
    for command in commands(model):
        if isinstance(command.what, str):
            row = _make(command, _reply_of_handler(command))
        else:
            row = _row_of_parameter(model, command.what, command)
        yield command.feature, row
        if command.form == "-":  # what is removed one by one is removed at once, too
            shown = command.name + ALL
            yield command.feature, replace(row, key=shown, command=shown, reply=f"`{shown} - OK`")


def _make(command: Request, reply: str, default: str = "", takes: str = "") -> Row:
    try:
        chapter = entry(named(command.name))[0] or BEYOND
    except KeyError:
        raise DocError(f"powersocket/handbook.py has nothing on {command.name}") from None
    shown = command.name[:-1] + SHOWN.get(command.form, command.form)
    return Row(key(command), chapter, shown, command.kind, reply, default, takes, command.always)


def _reply_of_handler(command: Request) -> str:
    feature = command.feature
    reply = " ".join((getattr(feature, command.what).__doc__ or "").split())
    if not reply:
        raise DocError(f"{type(feature).__name__}.{command.what} has no docstring: its reply")
    level = "ON" if command.name.startswith("ON") else "OFF"  # of ON30, OFFM, ..
    return reply.replace("{level}", level).replace("{name}", command.name)


def _row_of_parameter(model: str, parameter: Parameter, command: Request) -> Row:
    reply = _reply_of_parameter(model, parameter, command)
    if command.form not in ("=", "+"):
        return _make(command, reply)
    default = parameter.show(parameter.default) if command.form == "=" else "empty"
    return _make(command, reply, default, values(parameter))


def _reply_of_parameter(model: str, parameter: Parameter, command: Request) -> str:
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
