# SPDX-License-Identifier: MIT
"""The scenes of what a Light model lacks: temperature, the sensor and its alarm, the scheduler."""

from __future__ import annotations

import re
from datetime import timedelta

from tools.bench.scenario import steps as s
from tools.proof.soak import words
from tools.proof.soak.scenes import ALARM, RETURN, allowed, ask, scene
from tools.proof.soak.story import ANY, LOSES_POWER, MINUTE, MODEM, SECOND, Writer

HOLD = 30 * SECOND


def celsius(w: Writer, name: str) -> float:
    """Return a temperature setting in Celsius, as the sensor has it."""
    value = w.ground[name]
    degrees, fahrenheit = float(value.rstrip("CF")), w.us or value.endswith("F")
    if fahrenheit:
        degrees = (degrees - 32) / 1.8
    return degrees + (0 if w.ep else int(w.ground["TEMPCAL"]))


def warm(w: Writer) -> None:
    """Wait until a built-in thermometer reads."""
    if not w.ep:
        w.wait(max(0, w.powered_at + 11 * MINUTE - w.clock_ms))


def have(w: Writer, degrees: float) -> None:
    """Have a temperature, in sixteenths, as the sensor has it."""
    w.do(s.SetTemperature(round(degrees * 16) / 16))


def settle(w: Writer, degrees: float) -> None:
    """Have a temperature for so long that every reading sees it, a fault or not."""
    have(w, degrees)
    w.wait(3 * MINUTE + w.fault.span + blind(w) + pause(w))


def blind(w: Writer) -> int:
    """Return for how many ms a built-in thermometer does not read, after a fault."""
    return 11 * MINUTE if w.fault.kind in LOSES_POWER and not w.ep else 0


def pause(w: Writer) -> int:
    """Return how many ms the thermostat may have to wait until it switches: MINTIME."""
    return int(w.ground["MINTIME"]) * MINUTE


def without_limits(w: Writer) -> None:
    """Have no temperature alerts."""
    for name in ("TRISEALERT", "TFALLALERT"):
        if w.ground[name] != "OFF":
            w.open_window()
            w.configure(name, "OFF")


@scene(7, ANY, light=False)
def thermostat(w: Writer) -> None:
    """The thermostat keeps a room, and is switched off."""
    if w.armed:
        return ask(w)
    name = "SWITCHOFFTEMP" if w.ep else "TEMPOFF"
    limit = celsius(w, name)
    without_limits(w)
    warm(w)
    w.scene.thermostat = True
    room = limit + w.rng.choice((-4, 4))
    settle(w, room)
    note = "Note! Thermostat is working now!" if w.ep else "Attention! .*"
    w.say("THERMOSTATON", rf"THERMOSTATON - OK\nTHERMOSTAT=\w+\n[^\n]+\n{note}")
    w.wait(2 * MINUTE + pause(w))
    switches(w, room, limit)
    w.mark()
    for step in w.rng.choice(((4, -4), (-4, 4), (-1, 1), (1, -1))):
        settle(w, limit + step)
        switches(w, limit + step, limit)
    note = "Note! Thermostat was disabled!" if w.ep else "Attention! .*"
    w.say("THERMOSTATOFF", rf"THERMOSTATOFF - OK(\n[^\n]+)*\n{note}")
    w.wait(MINUTE)
    settle(w, w.room)
    w.scene.edges = None  # an exact count would need the moments of its readings
    return None


def hysteresis(w: Writer) -> float:
    """Return HYSTERESIS in Celsius."""
    value = w.ground["HYSTERESIS"]
    return float(value.rstrip("CF")) / (1.8 if w.us or value.endswith("F") else 1)


def switches(w: Writer, room: float, limit: float) -> None:
    """The thermostat looks at a room."""
    needed = limit - room if w.ground["THERMOSTAT"] == "HEATING" else room - limit
    on = needed > 0
    if 0 < needed < hysteresis(w):
        w.life.features.add("HYSTERESIS")
        return
    alert = w.ground["SWITCHOFFALERT" if w.ep else "THERMALERT"] == "ON"
    if not on and alert and w.level is not False:
        w.alert(r"Switch-off temperature reached! TEMP: [^\n]+\nPower socket OFF" + words.TIME,
                0 if w.level is None else 1)  # fmt: skip
    w.edge(on)


@scene(7, ANY, light=False)
def limits(w: Writer) -> None:
    """It becomes warm or cold: one alert each time."""
    name, sign, word = w.rng.choice((("TRISEALERT", 1, "rise"), ("TFALLALERT", -1, "fall")))
    without_limits(w)
    w.open_window()
    warm(w)
    value = w.parameters[name][-1]
    w.open_window()
    warm(w)
    w.configure(name, value)
    limit = celsius(w, name)
    text = rf"Temperature {word} alert! TEMP: [^\n]+" + words.TIME
    settle(w, limit - 3 * sign)
    w.mark()
    settle(w, limit + 0.25 * sign)
    w.alert(text)
    settle(w, limit - 0.5 * sign)
    settle(w, limit + 2 * sign)
    if w.rng.random() < 0.5:
        settle(w, limit - 1.25 * sign)
        settle(w, limit + 0.25 * sign)
        w.alert(text)
    settle(w, w.room)
    w.open_window()
    w.configure(name, "OFF")


@scene(3, ANY, light=False)
def broken(w: Writer) -> None:
    """The temperature sensor fails while the thermostat needs it, and comes back."""
    limit = celsius(w, "SWITCHOFFTEMP" if w.ep else "TEMPOFF")
    without_limits(w)
    w.scene.thermostat = True
    w.open_window()
    if w.ep:
        w.configure("TSENSFAILALERT", w.rng.choice(("ON", "ON", "OFF")))
    w.configure("SENSORFAIL", w.rng.choice(w.parameters["SENSORFAIL"]))
    warm(w)
    have(w, w.room)
    w.wait(2 * MINUTE)
    w.say("THERMOSTATON", r"THERMOSTATON - OK(\n[^\n]+){3}")
    w.wait(2 * MINUTE + pause(w))
    switches(w, w.room, limit)
    w.do(s.FailThermometer(w.rng.choice(("missing", "corrupt"))))
    w.mark()
    w.wait(6 * MINUTE + w.fault.span + blind(w))
    wish = w.ground["SENSORFAIL"]
    if wish != "KEEP":
        w.edge(wish == "ON")
        w.life.features.add("SENSORFAIL")
    if w.ground.get("TSENSFAILALERT") == "ON":
        w.alert("Temperature sensor failed!" + words.TIME)
    w.say("TEMPERATURE", "TEMPERATURE: No sensor", "tells")
    w.wait(MINUTE)
    w.say("RUNTIME", words.questions(w.model, w.level, w.armed)["RUNTIME"], "tells")
    w.wait(MINUTE)
    if w.rng.random() < 0.5:
        settle(w, w.room)
        switches(w, w.room, limit)
    w.say("THERMOSTATOFF", r"THERMOSTATOFF - OK(\n[^\n]+)*")
    w.wait(MINUTE)
    settle(w, w.room)
    w.scene.edges = None


@scene(14, ANY, light=False)
def alarm(w: Writer) -> None:
    """The sensor is active while the ALARM function is enabled."""
    w.open_window()
    for name in ("ALERT", "CALLSMS", "RELAYTIME" if w.ep else "MICRORELAYTIME"):
        if allowed(w, name) and w.rng.random() < 0.6:
            w.configure(name, w.rng.choice(w.parameters[name]))
    activation(w)
    if w.rng.random() < 0.6:
        disarm(w)
    w.wait(MINUTE)


def disarm(w: Writer) -> None:
    """Disable the ALARM function."""
    w.say("ALARMOFF", r"ALARMOFF - OK\nALARM function: Disabled")
    w.armed = False


def activation(w: Writer) -> None:
    """The ALARM function is enabled, and the sensor is active for a while."""
    w.scene.alarm = True
    if w.ground.get("MICRORELAYTIME", "0") != "0":
        w.life.features.add("MICRORELAYTIME")
    if not w.armed:
        w.say("ALARMON", r"ALARMON - OK\nALARM function: Enabled")
        w.armed = True
        w.wait(MINUTE)
    held = HOLD + (w.fault.span + 2 * MINUTE if w.fault.kind else 0)
    rounds = 1 + held // MINUTE if w.fault.kind else 1
    w.mark()
    w.do(s.SetContact(not w.rest))
    w.wait(held)
    w.do(s.SetContact(w.rest))
    w.wait(4 * MINUTE)
    for number in w.treat:  # who has picked up and hears the room
        w.do(s.HangUp(number))
    w.wait(2 * MINUTE)
    _told(w, rounds)
    _relay(w)


def _told(w: Writer, rounds: int) -> None:
    """Who hears of an alarm."""
    how = w.ground["ALERT"]
    if how == "CALL":
        both = w.ground["CALLSMS"] == "ON"
        w.scene.either = not both
        if both and w.alerted:
            w.alert(ALARM, 1, rounds)
            w.life.features.add("CALLSMS")
        w.scene.calls = None if rounds > 1 else []
        for number in w.alerted if rounds == 1 else ():
            assert w.scene.calls is not None
            w.scene.calls.append("+" + number)
            treated = w.treat["+" + number]
            if treated == "answer" or (treated == "reject" and not w.ep):
                return
        if not both:
            w.alert(ALARM, int(rounds == 1), rounds * len(w.alerted))
    elif how != "OFF":
        w.alert(ALARM, 1, 1 if how == "SMSCHANGE" else rounds)
        if how == "SMSCHANGE":
            w.alert(RETURN)


def _relay(w: Writer) -> None:
    """What an alarm does to the socket."""
    value = w.ground.get("RELAYTIME", "0")
    if value == "0":
        return
    on = value.startswith("ON")
    timed = value not in ("ON", "OFF")
    w.edge(on)
    if timed or w.ground["ALERT"] == "SMSCHANGE":
        w.edge(not on)
    w.scene.edges = None if w.fault.kind else w.scene.edges


@scene(6, MODEM - {"lost"}, light=False)
def rule(w: Writer) -> None:
    """A rule acts in its minute, and is removed."""
    if w.life.clock is None or w.armed:
        return ask(w)
    # Three minutes ahead, and not at the edge of a minute.
    local = w.life.clock + timedelta(milliseconds=w.clock_ms)
    w.wait((70 - local.second) % 60 * SECOND)
    local = w.life.clock + timedelta(milliseconds=w.clock_ms) + timedelta(minutes=3)
    day = w.rng.choice(("*", str(local.isoweekday()), str(local.isoweekday() % 7 + 1)))
    action = w.rng.choice(("ON", "OFF", "INF", "AON"))
    text = f"SCHEDULER+{local:%H:%M},{day},{action}"
    w.say(text, re.escape(text) + " - OK")
    w.wait(5 * MINUTE)
    if day in ("*", str(local.isoweekday())):
        if action == "INF":
            w.alert(words.status(w.model, w.level, w.armed))
        elif action == "AON":
            w.armed = True
        else:
            w.edge(action == "ON")
    w.mark()
    w.say("SCHEDULER?", f"{local:%H:%M},{re.escape(day)},{action}", "tells")
    w.wait(MINUTE)
    w.say("SCHEDULER-ALL", "SCHEDULER-ALL - OK")
    w.wait(MINUTE)
    return None
