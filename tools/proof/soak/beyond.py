# SPDX-License-Identifier: MIT
"""The scenes of what no manual has: notices, an alarm's message beside its calls, guards of the
thermostat (docs/behaviour.md)."""

from __future__ import annotations

from tools.bench.scenario import steps as s
from tools.proof.soak.scenes import ask, scene
from tools.proof.soak.sensors import (
    activation,
    celsius,
    disarm,
    have,
    settle,
    switches,
    warm,
    without_limits,
)
from tools.proof.soak.story import ANY, MINUTE, OWNERS, SECOND, Writer


@scene(4, ANY)
def notice(w: Writer) -> None:
    """Somebody who is not the first alert number changes a list; that number hears of it."""
    if not w.alerted:
        return ask(w)
    w.open_window()
    w.configure("NOTICE", "ON")
    own, second = (number.lstrip("+") for number in OWNERS[:2])
    if w.seclist and second not in w.owners:
        w.notice("SECNUMBER+" + second)
        w.say("SECNUMBER+" + second, rf"SECNUMBER\+{second} - OK", "conf")
        w.owners.append(second)
        w.wait(MINUTE)
    who = OWNERS[1] if w.alerted[0] == own else OWNERS[0]
    third = "31600000009"  # not of the alert list: it would get alerts
    w.mark()
    for sign in "+-":
        w.notice(f"SECNUMBER{sign}{third}", who)
        w.say(f"SECNUMBER{sign}{third}", rf"SECNUMBER\{sign}{third} - OK", "conf", who)
        w.wait(MINUTE)
    return None


@scene(4, ANY, light=False)
def mailbox(w: Writer) -> None:
    """The first number's mailbox takes an alarm's call; with CALLSMS all have the message, too."""
    if not w.alerted:
        return ask(w)
    w.open_window()
    if w.armed:
        disarm(w)
        w.wait(20 * SECOND)
    w.configure("ALERT", "CALL")
    w.configure("CALLSMS", "ON")
    first = "+" + w.alerted[0]
    w.treat[first] = "answer"
    w.do(s.TreatCalls(first, "answer"))
    activation(w)
    disarm(w)
    w.wait(MINUTE)
    return None


@scene(4, ANY, light=False)
def swings(w: Writer) -> None:
    """The temperature swings about the one to keep, and is past it for a moment alone."""
    if w.armed:
        return ask(w)
    without_limits(w)
    w.open_window()
    w.configure("HYSTERESIS", w.rng.choice(w.parameters["HYSTERESIS"][1:]))
    w.configure("MINTIME", "10")
    limit = celsius(w, "SWITCHOFFTEMP" if w.ep else "TEMPOFF")
    sign = -1 if w.ground["THERMOSTAT"] == "HEATING" else 1
    warm(w)
    w.scene.thermostat = True
    settle(w, limit - 4 * sign)
    w.say("THERMOSTATON", r"THERMOSTATON - OK(\n[^\n]+){3}")
    settle(w, limit - 4 * sign)
    switches(w, limit - 4 * sign, limit)
    w.mark()
    settle(w, limit + sign)
    switches(w, limit + sign, limit)
    have(w, limit + 4 * sign)
    w.wait(2 * MINUTE)
    have(w, limit - 4 * sign)  # MINTIME has not passed since it was switched on
    w.wait(2 * MINUTE)
    w.life.features.add("MINTIME")
    for step in (4, 1, -4):
        settle(w, limit + step * sign)
        switches(w, limit + step * sign, limit)
    w.say("THERMOSTATOFF", r"THERMOSTATOFF - OK(\n[^\n]+)*")
    w.wait(MINUTE)
    settle(w, w.room)
    return None
