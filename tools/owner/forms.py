# SPDX-License-Identifier: MIT
"""What can be typed behind each command, as data for a page: from the firmware's declarations.

Every limit is read from the parameter, the dialect or the module that the firmware checks with; a
kind of parameter that is not known here is an error, so a new one cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from powersocket import calendar, interpreter, models
from powersocket.device import Device
from powersocket.features import environment_pro, scheduler, temperature
from powersocket.features.credit import UssdCode
from powersocket.features.environment_pro import Difference, RelayTime
from powersocket.features.gsm70x_full import Degrees
from powersocket.handbook import groups
from powersocket.interpreter import Request
from powersocket.settings import Choice, Limit, Number, NumberList, Parameter, Secret

from tools.docs import commands as commands_doc
from tools.owner.words import FIXED, GROUPS, VALUES, Item

Form = dict[str, Any]
# Those that show Fahrenheit if the board configuration says so.
US_MODELS = ("GSM706", "GSM707")


class WordsError(Exception):
    """A command without words, or words without a command; the text says which."""


@dataclass(frozen=True)
class Variant:
    """A device as its owner knows it: a model, and the unit that it shows."""

    model: str
    us: bool = False

    @property
    def key(self) -> str:
        return self.model + ("-F" if self.us else "")

    @property
    def title(self) -> str:
        product: str = models.load(self.model).product
        return product + (" (Fahrenheit)" if self.us else "")

    def device(self) -> Device:
        """Return a factory-new device."""
        return commands_doc.new_device(self.model, self.us)


def variants() -> list[Variant]:
    """Return all of them, Environment Pro first."""
    found = [Variant(name) for name in sorted(commands_doc.names(), key=lambda n: (n != "EP", n))]
    return found + [Variant(name, True) for name in US_MODELS]


def actions(variant: Variant) -> list[tuple[str, list[tuple[Item, list[Form]]]]]:
    """Return the groups of a device with their items, and the forms of each.

    Raises:
        WordsError: a command has no words.
    """
    device = variant.device()
    left = {request.name: request for request in commands_doc.requests(device)}
    found = []
    for group in GROUPS:
        items = []
        for item in group.items:
            forms = [
                _form(device, left.pop(pattern), label)
                for pattern, label in item.labels.items()
                if pattern in left
            ]
            if forms:
                items.append((item, forms))
        if items:
            found.append((group.title, items))
    if left:
        raise WordsError(f"tools/owner/words.py has no words for {', '.join(sorted(left))}")
    return found


def all_forms(variant: Variant) -> Iterator[Form]:
    """Yield the form of every command of a device."""
    for _, items in actions(variant):
        for _, forms in items:
            yield from forms


def unused_words() -> set[str]:
    """Return the commands that have words, but are those of no model."""
    used = {request.name for v in variants() for request in commands_doc.requests(v.device())}
    return {name for group in GROUPS for item in group.items for name in item.labels} - used


def limits() -> dict[str, int]:
    """Return the lengths of a message, in characters."""
    return {"longest": interpreter._LONGEST, "password": interpreter._PASSWORD}


def _form(device: Device, request: Request, label: str) -> Form:
    """Return the form of a command: what stands before the typed value, and the value's kind."""
    pattern = request.name
    typed = request.form in tuple("=+-#@* ")
    # A code brings its own star.
    head = pattern[:-1] if request.form in tuple("#@*") else pattern
    form: Form = {"pattern": pattern, "head": head, "label": label, "conf": request.kind == "Conf"}
    if typed:
        form |= _argument(device, request)
        form["words"] = VALUES.get(pattern[:-1], {"ON": "on", "OFF": "off"})
    return form


def _argument(device: Device, request: Request) -> Form:
    parameter = request.what
    if isinstance(parameter, Parameter):
        return _of_parameter(parameter, request.form)
    dialect = device.dialect
    has_renewal = "RENEWINTERVALPW" in device.settings
    renewal = device.parameter("RENEWINTERVALPW") if has_renewal else None
    code: Form = {"kind": "code", "fixed": []}
    number: Form = {"kind": "number", "low": 1, "high": dialect.longest, "unit": dialect.unit}
    of_handlers: dict[str, Form] = {
        "ON#": number,
        "OFF#": number,
        "RENEWINTERVAL@": {"kind": "secret", "size": renewal.size if renewal else 0},
        "SIMCARD*": code,
        "SCHEDULER+": {
            "kind": "rule",
            "days": list(scheduler._DAYS),
            "actions": list(scheduler._ACTIONS),
        },
        "SCHEDULER-": {"kind": "time", "fixed": _fixed("ALL")},
        "HELP ": {"kind": "choice", "choices": [n for _, names in groups(device) for n in names]},
        "DATE=": {"kind": "date", "west": calendar._WEST, "east": calendar._EAST},
    }
    if request.name not in of_handlers:
        raise WordsError(f"tools/owner/forms.py does not know what follows {request.name}")
    return of_handlers[request.name]


def _of_parameter(parameter: Parameter, form: str) -> Form:
    """Return the kind of value that a parameter takes."""
    if isinstance(parameter, Number):
        return {
            "kind": "number",
            "low": parameter.low,
            "high": parameter.high,
            "unit": parameter.unit,
            "factory": str(parameter.default),
            "fixed": _fixed("OFF") if isinstance(parameter, Limit) else [],
        }
    if isinstance(parameter, Choice):
        return {"kind": "choice", "choices": list(parameter.choices)}
    if isinstance(parameter, Secret):
        return {"kind": "secret", "size": parameter.size, "fixed": _fixed("NO")}
    if isinstance(parameter, NumberList):
        return {"kind": "phone", "fixed": _fixed("ALL") if form == "-" else []}
    if isinstance(parameter, Degrees):
        low, high, unit = parameter.low, parameter.high, parameter.suffix
        units = [{"letter": "", "low": low, "high": high, "shown": unit}]
        return _temperature(parameter, units)
    if isinstance(parameter, Difference):
        units = [
            {"letter": unit, "low": 0, "high": high, "shown": unit}
            for unit, high in parameter.widest.items()
        ]
        return _temperature(parameter, units)
    if isinstance(parameter, temperature.Temperature):
        units = [
            {"letter": unit, "low": low, "high": high, "shown": unit}
            for unit, (low, high) in temperature._LIMITS.items()
        ]
        return _temperature(parameter, units)
    if isinstance(parameter, RelayTime):
        return {
            "kind": "relaytime",
            "choices": ["0", "ON", "OFF"],
            "high": environment_pro._LONGEST_RELAYTIME,
        }
    if isinstance(parameter, UssdCode):
        return {"kind": "code", "fixed": _fixed("NO")}
    raise WordsError(f"tools/owner/forms.py has no form for {type(parameter).__name__}")


def _temperature(parameter: Parameter, units: list[Form]) -> Form:
    off = parameter.default == ""
    factory = parameter.show(parameter.default)
    fixed = _fixed("OFF") if off else []
    return {"kind": "degrees", "units": units, "fixed": fixed, "factory": factory}


def _fixed(argument: str) -> list[Form]:
    return [{"argument": argument, "label": FIXED[argument]}]
