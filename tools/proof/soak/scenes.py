# SPDX-License-Identifier: MIT
"""The scenes of a life: each writes one thing that owners and their surroundings do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tools.bench.modem.families import FAMILIES
from tools.bench.scenario import steps as s
from tools.proof.soak import words
from tools.proof.soak.story import (
    ANY,
    CHIP,
    HOUR,
    MINUTE,
    MODEM,
    OWNERS,
    SECOND,
    STRANGERS,
    Writer,
)  # fmt: skip

ALARM = r"ALARM! Sensor is active" + words.TIME
RETURN = r"ALARM! Sensor is not active" + words.TIME
BEARS: dict[str, frozenset[str]] = {}  # scene -> the faults that it converges with
WEIGHTS: dict[str, int] = {}
SCENES: dict[str, Callable[[Writer], None]] = {}
NOT_LIGHT: set[str] = set()


def scene(
    weight: int, bears: frozenset[str] = frozenset(), light: bool = True
) -> Callable[[Callable[[Writer], None]], Callable[[Writer], None]]:
    """Enter a scene in the tables; `light`: the Light models have it too."""

    def enter(write: Callable[[Writer], None]) -> Callable[[Writer], None]:
        name = write.__name__
        SCENES[name], WEIGHTS[name], BEARS[name] = write, weight, bears
        if not light:
            NOT_LIGHT.add(name)
        return write

    return enter


@scene(20, ANY)
def order(w: Writer) -> None:
    """The socket is switched, for a time or for good."""
    w.mark()
    kind = w.rng.choice(("ON", "OFF", "on ", "timed", "timed", "RESTART"))
    if kind == "RESTART":
        seconds = int(w.ground["RESTARTTIME"])
        w.say(kind, "Power socket restarted")
        w.edge(not w.level, w.level) if w.level is not None else w.edge(None)
    elif kind == "timed":
        word = w.rng.choice(("ON", "OFF"))
        number = w.rng.choice((5, 30, 90) if w.ep else (1, 2))
        seconds = number if w.ep else number * 60
        unit = "seconds" if w.ep else "min"
        w.say(f"{word}{number}", f"Power {word} for {number} {unit}")
        w.edge(word == "ON", word != "ON")
    else:
        w.say(kind, f"Power socket {kind.upper().strip()}")
        w.edge(kind != "OFF")
        return
    if w.scene.edges == 2:
        w.scene.lasts = (seconds * SECOND, seconds * SECOND + 2_500)
    w.wait(seconds * SECOND + 10 * SECOND)


@scene(4)
def interrupted(w: Writer) -> None:
    """The chip restarts while an order for a time runs; it ends when it would have ended."""
    word = w.rng.choice(("ON", "OFF"))
    number, unit, seconds = (90, "seconds", 90) if w.ep else (2, "min", 120)
    w.say(f"{word}{number}", f"Power {word} for {number} {unit}")
    w.edge(word == "ON", word != "ON")
    if w.scene.edges == 2:
        w.scene.lasts = (seconds * SECOND, seconds * SECOND + 2_500)
    w.wait(60 * SECOND)  # it was carried out and answered, on a slow network, too
    w.do(s.RestartChip())
    w.wait(2 * MINUTE)
    # If the modem gives no references, the device waits that long for that of its first message.
    identify(w)
    w.wait(3 * MINUTE)


@scene(6, ANY, light=False)
def micro(w: Writer) -> None:
    """The micro relay, alone and with the socket."""
    if w.ep:
        return order(w)
    w.mark()
    for word in w.rng.sample(("ON", "OFF"), 2):
        w.say(word + "M", f"Microrelay {word}")
        w.wait(MINUTE)
    w.say(word + "ALL", f"All {word}")
    w.edge(word == "ON")
    w.wait(MINUTE)
    w.say("RESTARTM", "Microrelay restarted")
    w.wait(int(w.ground["RESTARTTIME"]) * SECOND)
    return None


@scene(10, ANY)
def again(w: Writer) -> None:
    """The network delivers a copy of an order that has been followed by another."""
    w.mark()
    first, last = w.rng.sample(("ON", "OFF"), 2)
    w.say(first, f"Power socket {first}")
    w.wait(w.rng.choice((1, 30)) * SECOND)
    w.say(last, f"Power socket {last}")
    w.edge(first == "ON", last == "ON")
    w.wait(w.rng.choice((10 * SECOND, 2 * MINUTE)) + w.fault.span + bool(w.fault.kind) * HOUR)
    w.do(s.SendMessage(OWNERS[0], w.password + first, again=True))


@scene(10, ANY)
def ask(w: Writer) -> None:
    """Several questions."""
    w.mark()
    known = words.questions(w.model, w.level, w.armed)
    for text in w.rng.sample(list(known), 5):
        today = text in ("STATUS", " status ", "DATE", "DATE?")
        w.say(text, dated(w, known[text]) if today else known[text], "tells")
        w.wait(w.rng.choice((15, 60)) * SECOND)


def identify(w: Writer) -> None:
    """Ask for what no scene changes."""
    w.say("HARDWARE", words.questions(w.model, None, None)["HARDWARE"], "tells")


def dated(w: Writer, pattern: str) -> str:
    """Return the pattern of an answer with the date of today, if the network tells it."""
    if w.life.clock is None:
        return pattern
    now = w.life.clock + timedelta(milliseconds=w.clock_ms)
    days = sorted({f"{now + late:%y/%m/%d}," for late in (timedelta(), timedelta(minutes=5))})
    return pattern.replace("|not set", "").replace(r"\d\d/\d\d/\d\d,", f"({'|'.join(days)})")


@scene(5, ANY)
def about(w: Writer) -> None:
    """The device says who switched it, what is set, and what it can do."""
    w.mark()
    word = "OFF" if w.level else "ON"
    cause = ".+" if w.level is None else rf"SMS \{OWNERS[0]}(, {words.STAMP})?"
    w.say(word, f"Power socket {word}")
    w.edge(word == "ON")
    w.wait(MINUTE)
    w.say("WHY", words.why(w.model, word, cause), "tells")
    w.wait(MINUTE)
    if w.password or OWNERS[0].lstrip("+") in w.owners:
        w.say("SETTINGS", words.listed(changed(w)), "tells")
    else:
        w.say("SETTINGS", "No security setup!", "error")
    w.wait(2 * MINUTE)
    name = w.rng.choice(("", *words.choices_of(w.model)))
    w.say(f"HELP {name}".strip(), words.help_on(name, w.model), "tells")
    w.wait(3 * MINUTE)


def changed(w: Writer) -> list[str]:
    """Return the commands that make a new device into this one, in any order."""
    lines = [f"SMSLIMIT={w.life.limit or 'OFF'}"]
    for name, value in w.ground.items():
        if value != w.parameters[name][0]:
            lines.append(f"{name}={'*' * len(value) if name == 'RENEWINTERVALPW' else value}")
    lines += ["SECNUMBER+" + number for number in w.owners]
    lines += ["ALERTNUMBER+" + number for number in w.alerted]
    lines += ["SECLIST=ON"] if w.seclist else []
    lines += ["PASSWORD=*****"] if w.password else []
    return lines + (["ALARMON"] if w.armed else [])


@scene(8, ANY)
def crowd(w: Writer) -> None:
    """Several phones write within a second; the order in which they arrive does not matter."""
    w.open_window()
    w.mark()
    w.scene.crowd = True
    word = w.rng.choice(("ON", "OFF"))
    w.say(word, f"Power socket {word}")
    w.edge(word == "ON")
    for sender in w.owners[1:] if w.seclist else ["+" + n[1:] for n in OWNERS[1:]]:
        text = w.rng.choice(("HARDWARE", "RUNTIME", "STATUS"))
        w.say(text, words.questions(w.model, None, None)[text], "tells", "+" + sender.lstrip("+"))
    w.wait(2 * MINUTE)


@scene(18, ANY)
def conf(w: Writer) -> None:
    """A parameter is set, and asked for afterwards."""
    w.open_window()
    free = [n for n in w.parameters if allowed(w, n)]
    for name in w.rng.sample(free, 2):
        w.mark()
        w.configure(name, w.rng.choice([v for v in w.parameters[name] if may(w, name, v)]))
        w.wait(MINUTE)
        w.say(name + "?", words.told(name, w.ground[name], w.model), "tells")
        w.wait(MINUTE)


def allowed(w: Writer, name: str) -> bool:
    """Return True if a parameter may be set without more ado."""
    if name == "SENSORTYPE" or name == "ALERT":
        return not w.armed
    if name == "THERMALERT":
        return bool(w.alerted)
    return True


def may(w: Writer, name: str, value: str) -> bool:
    """Return True if a value may be set as things stand."""
    if name == "RING" and value != "NOACTION":
        return w.seclist
    return name != "RENEWINTERVALPW" or value == "NO" or w.secure


@scene(4, ANY)
def lists(w: Writer) -> None:
    """A number comes to the alert list, or leaves it."""
    w.open_window()
    w.mark()
    number = OWNERS[w.rng.randrange(3)].lstrip("+")
    if number in w.alerted:
        if len(w.alerted) == 1 and w.ground.get("THERMALERT") == "ON":
            return ask(w)
        w.notice("ALERTNUMBER-" + number)
        w.alerted = [n for n in w.alerted if n != number]
        w.say("ALERTNUMBER-" + number, rf"ALERTNUMBER-{number} - OK", "conf")
    else:
        w.notice("ALERTNUMBER+ 00" + number)
        w.alerted = [*w.alerted, number]
        w.say("ALERTNUMBER+ 00" + number, rf"ALERTNUMBER\+{number} - OK", "conf")
    w.wait(MINUTE)
    listed = "ALERTNUMBERs: " + ", ".join(w.alerted) if w.alerted else "No ALERTNUMBERs!"
    w.say("ALERTNUMBER?", listed, "tells")
    return None


@scene(8, ANY)
def call(w: Writer) -> None:
    """A phone calls; what it may do is done before it is answered."""
    caller = w.rng.choice((OWNERS[0], OWNERS[0], OWNERS[1], STRANGERS[0], "hidden"))
    action = w.ground["RING"] if caller.lstrip("+") in w.owners and w.seclist else "NOACTION"
    if w.ep:
        confirm = w.ground["RINGCONFIRM"]
    else:
        confirm = w.ground["RINGCONFIRMTYPE"] if w.ground["RINGCONFIRM"] == "ON" else "OFF"
    w.do(s.Call(caller))
    w.wait(25 * SECOND)
    if action in ("SWITCH", "RESTART"):
        if action == "SWITCH":
            w.edge(None if w.level is None else not w.level)
        elif w.level is not None:
            w.edge(not w.level, w.level)
        else:
            w.edge(None)
        if confirm == "SMS":
            words_ = "restarted" if action == "RESTART" else words.level(bool(w.level))
            unknown = "Power socket (ON|OFF|restarted)"
            w.promise(caller, unknown if w.level is None else f"Power socket {words_}")
        elif confirm == "CALL" and w.scene.calls is not None:
            w.scene.calls.append(caller)
        w.wait(int(w.ground["RESTARTTIME"]) * SECOND)
    w.do(s.HangUp(caller))
    w.wait(MINUTE)
    w.mark()
    w.wait(MINUTE)


@scene(5, ANY)
def button(w: Writer) -> None:
    """A short press switches, or disables the ALARM function; a longer one does nothing."""
    if w.rng.random() < 0.2:
        w.do(s.PressButton(4_000))
    elif w.armed:
        w.armed = False
        w.do(s.PressButton())
    else:
        w.do(s.PressButton())
        w.edge(None if w.level is None else not w.level)
    w.wait(30 * SECOND)
    w.mark()
    w.wait(MINUTE)


@scene(6)
def mains(w: Writer) -> None:
    """The mains fail."""
    gone = w.rng.choice((1_000, 10 * SECOND, 5 * MINUTE, 40 * MINUTE))
    wanted = w.ground.get("POWERALERT", "ON") == "ON"
    w.do(s.SetMains(False))
    w.wait(gone)
    w.do(s.SetMains(True))
    battery = not w.model.startswith("GSM706")
    if gone < 2 * SECOND and battery:
        return
    state = {"ON": True, "OFF": False}.get(w.ground["POWERSTATE"], w.level)
    if not battery and w.level:
        w.edge(False)
    w.edge(state)
    if wanted and battery:
        w.alert("Power failed!" + words.TIME)
    if wanted:
        w.alert("Power restored!" + words.TIME)
    w.powered_at = w.clock_ms
    w.window = w.clock_ms + 30 * MINUTE
    w.wait(3 * MINUTE)


@scene(4, CHIP | MODEM)
def balance(w: Writer) -> None:
    """A USSD code."""
    name = "CREDIT" if w.ep else "SALDO"
    if name + "UMS" not in w.ground:
        return order(w)
    w.open_window()
    w.life.features.add(name)
    w.mark()
    w.configure(name + "UMS", words.CODE)
    w.wait(20 * SECOND)
    if FAMILIES[w.life.family].lte:
        w.say(name, "Execute error!", "error")  # LTE has no codes
    else:
        w.say(name, words.BALANCE, "tells")
    w.wait(2 * MINUTE)
    w.say("SIMCARD *101#", "Execute error!", "error")
    w.wait(MINUTE)
    return None


@scene(4)
def callback(w: Writer) -> None:
    """The device calls its owner, who hears the room."""
    if w.ep or w.light:
        return order(w)
    if not w.secure:
        w.say("CALLBACK", "No security setup!", "error")
        w.wait(10 * MINUTE)
        return None
    w.life.features.add("CALLBACK")
    w.say("CALLBACK", "")
    if w.scene.calls is not None:
        w.scene.calls.append(OWNERS[0])
    w.wait(40 * SECOND)
    w.do(s.HangUp(OWNERS[0]))
    w.wait(2 * MINUTE)
    return None


@scene(4, CHIP, light=False)
def date(w: Writer) -> None:
    """The date is set by hand, and back."""
    if w.life.clock is None:
        return ask(w)
    w.open_window()
    at = w.life.clock + timedelta(milliseconds=w.clock_ms)
    at += timedelta(hours=w.rng.randrange(-9, 9))
    text = f"DATE={at:%y/%m/%d,%H:%M}:30{w.rng.choice((0, 3, -5)):+03}"
    w.say(text, text.replace("+", r"\+") + " - OK", "conf")
    w.wait(MINUTE)
    w.say("DATE", f"DATE {at:%y/%m/%d},.*", "tells")
    w.wait(MINUTE)
    w.mark()
    w.say("DATESMS", f"DATE {words.ZONED} - OK", "conf")
    return None


@scene(2)
def weather(w: Writer) -> None:
    """The signal changes; nothing happens for hours."""
    w.do(s.SetSignal(w.rng.choice((-55, -83, -85, -97, -99, -107))))
    w.wait(w.rng.choice((1, 4, 9)) * HOUR)
