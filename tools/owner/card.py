# SPDX-License-Identifier: MIT
"""Makes the quick-start card of a model: HTML that prints on one A4, `make owner`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from powersocket.features.gsm70x import TwoPresses

from tools.docs.effects import EFFECTS
from tools.owner.forms import Form, Variant, actions
from tools.owner.remote import read

# What a card shows of the first evening, by whether the model knows MAKEMEBOSS.
_BOSS = (
    "Within 30 minutes, send `MAKEMEBOSS` from your phone. From now on it obeys your phone alone, "
    "and alerts come to you.",
)
_BY_HAND = (
    "Within 30 minutes, send `ALERTNUMBER+` and your own number: alerts come to you.",
    "Send `SECNUMBER+` and your own number, such as `SECNUMBER+358912345678`.",
    "Send `SECLIST=ON`. From now on it obeys your phone alone.",
)
# The commands of the card, with an example of the value that follows.
_COMMANDS = {
    "STATUS": "",
    "ON": "",
    "OFF": "",
    "ON#": "30",
    "RESTART": "",
    "RUNTIME": "",
    "ONM": "",
    "OFFM": "",
    "RING=": "SWITCH",
    "CALLBACK": "",
    "SCHEDULER+": "08:00,*,ON",
    "ALARMON": "",
    "ALARMOFF": "",
    "SHOWALARMLOG": "",
    "ALERT=": "CALL",
    "TEMPERATURE": "",
    "THERMOSTATON": "",
    "THERMOSTATOFF": "",
    "SWITCHOFFTEMP=": "20",
    "TEMPOFF=": "20",
    "TFALLALERT=": "5",
    "SECNUMBER+": "358912345678",
    "PASSWORD=": "12abc",
    "RENEWINTERVALPW=": "123abc789",
    "RENEWINTERVAL@": "123abc789",
    "POWERSTATE=": "OFF",
    "CREDITUMS=": "*100#",
    "CREDIT": "",
    "SALDOUMS=": "*100#",
    "SALDO": "",
}
_UNITS = {"min": "minutes"}

_TROUBLE = (
    (
        "No answer, GSM every 3 s",
        "Is there credit? Is your number on its list? Is there a blank too many in the text?",
    ),
    ("GSM once a second, for long", "No network: try another place, or another operator."),
    ("POWER four blinks, then steady", "The SIM card: is it in, is its PIN off?"),
)
_LOCKED_OUT = "You are locked out"
_ONE_PRESS = (
    "Hold the button for 10 s, until POWER and OUT flash together. All settings are lost: begin "
    "at 1."
)
_TWO_PRESSES = (
    "Hold the button for 5 s, and press it again while the lights flash. All settings are lost: "
    "begin at 1."
)


def page(variant: Variant) -> str:
    """Return the card of a model."""
    made = read("card.html")
    for name, text in {
        "TITLE": html.escape(variant.title),
        "STYLE": read("card.css"),
        "STEPS": "\n".join(f"<li>{_marked(step)}</li>" for step in steps(variant)),
        "COMMANDS": _rows(commands(variant)),
        "LIGHTS": "\n".join(
            f"<li><b>{led} {shown}:</b> {html.escape(when)}</li>"
            for led, shown, when in lights(variant)
        ),
        "TROUBLE": _rows((*_TROUBLE, (_LOCKED_OUT, _reset(variant)))),
    }.items():
        made = made.replace(f"@{name}@", text)
    return made


def _patterns(variant: Variant) -> set[str]:
    return {
        form["pattern"] for _, items in actions(variant) for _, forms in items for form in forms
    }


def _reset(variant: Variant) -> str:
    return _TWO_PRESSES if isinstance(variant.device().button, TwoPresses) else _ONE_PRESS


def steps(variant: Variant) -> Iterator[str]:
    """Yield what to do on the first evening."""
    yield "Switch off the PIN of the SIM card in a phone. Put the card into the device, unplugged."
    yield "Plug the device in. Wait until the blue light GSM flashes once in three seconds."
    yield from _BOSS if "MAKEMEBOSS" in _patterns(variant) else _BY_HAND
    yield "Plug in a lamp. Send `ON`, then `OFF`. Each is answered in some seconds."


def commands(variant: Variant) -> Iterator[tuple[str, str]]:
    """Yield what to send, and what for."""
    for _, items in actions(variant):
        for item, forms in items:
            shown = [form for form in forms if form["pattern"] in _COMMANDS]
            if shown:
                typed = "`, `".join(_example(form) for form in shown)
                unit = shown[0].get("unit", "")
                seconds = f" In {_UNITS.get(unit, unit)}." if unit else ""
                yield f"`{typed}`", item.purpose + seconds


def _example(form: Form) -> str:
    """Return a command as it is typed."""
    text: str = form["head"] + _COMMANDS[form["pattern"]]
    return text + (form["units"][0]["letter"] if form.get("kind") == "degrees" else "")


def lights(variant: Variant) -> Iterator[tuple[str, str, str]]:
    """Yield LED, pattern and meaning, from the list that docs/commands.md has, too."""
    alarm = "ALARMON" in _patterns(variant)
    battery = variant.device().power.battery
    merged: dict[tuple[str, str], list[str]] = {}
    for effect in EFFECTS:
        if not effect.of.startswith("LED ") or (not alarm and "ALARM" in effect.when):
            continue
        if not battery and "battery" in effect.when:
            continue
        merged.setdefault((effect.of.removeprefix("LED "), effect.shown), []).append(effect.when)
    for (led, shown), whens in merged.items():
        yield led, shown, "; ".join(whens)


def _rows(rows: Iterable[tuple[str, str]]) -> str:
    lines = (f"<tr><th>{_marked(a)}</th><td>{_marked(b)}</td></tr>" for a, b in rows)
    return "\n".join(lines)


def _marked(text: str) -> str:
    """Return HTML of a text in which commands stand in backquotes."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))
