# SPDX-License-Identifier: MIT
"""Draws a life of a seed: its model, board, modem and settings, its scenes and their faults."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta, timezone

from tools.bench.modem.families import FAMILY
from tools.bench.modem.habits import HABITS
from tools.bench.scenario import steps as s
from tools.proof.soak import beyond, refusals, sensors, words
from tools.proof.soak.scenes import BEARS, NOT_LIGHT, SCENES, WEIGHTS, may
from tools.proof.soak.story import (
    DAY,
    HOUR,
    MINUTE,
    NO_REFERENCE,
    OWNERS,
    SECOND,
    Fault,
    Life,
    Writer,
)  # fmt: skip

MODELS = {"EP": 8, "GSM707": 4, "GSM706": 4, "GSM707-LIGHT": 2, "GSM706-LIGHT": 2}
ZONES = (0, 1, 2, -5, 5.5, -3.5, 5.75)
FAULTS = {
    "chip": 4, "cut": 5, "power": 2, "hangs": 2, "restarts": 2, "browns out": 1, "lost": 3,
    "missing": 1, "pin": 1, "full": 1,
}  # fmt: skip
OUTAGES = (2 * SECOND, 20 * SECOND, 70 * SECOND, 200 * SECOND, 12 * MINUTE)
# Their scenes enter themselves in the tables.
MORE = (sensors.__name__, beyond.__name__, refusals.__name__)
LIMITS = (20, 50)  # of SMSLIMIT: most lives reach the first one
WRAP = 1 << 30


def write(seed: int, days: float, family: str = FAMILY["default"]) -> Life:
    """Write the life of a seed, of about so many days, with a modem of this family."""
    rng = random.Random(seed)
    model = rng.choices(list(MODELS), list(MODELS.values()))[0]
    life = Life(seed, model, family=family)
    if not words.is_ep(model) and not words.is_light(model):
        life.us = rng.random() < 0.3
    life.pin = rng.random() < 0.15
    life.limit = rng.choice(LIMITS) if rng.random() < 0.1 else 0
    life.clock = _clock(rng, life)
    life.habits = tuple(rng.sample(list(HABITS), rng.choice((0, 0, 1, 2))))
    if rng.random() < 0.05 and NO_REFERENCE not in life.habits:
        life.habits += (NO_REFERENCE,)  # few others make messages come twice
    if rng.random() < 0.5:
        life.ticks = WRAP - rng.randrange(int(days * DAY) + 1)
    # How long the network takes to deliver, to send, and to register.
    life.pace = (rng.choice((1_500, 400, 9_000)), rng.choice((3_000, 900, 20_000)),
                 rng.choice((2_900, 20_000)))  # fmt: skip
    writer = Writer(rng, life)
    set_up(writer)
    names = [n for n in SCENES if n not in NOT_LIGHT or not writer.light]
    if life.limit:
        names = [n for n in names if n != "date"]  # the day that counts is the calendar's
    played: Counter[str] = Counter()
    while life.ms < days * DAY:
        # What has been played comes again less often: a short life has most scenes.
        weights = [WEIGHTS[n] / (1 + played[n]) ** 2 for n in names]
        name = rng.choices(names, weights)[0]
        played[name] += 1
        add(writer, name, _fault(rng, BEARS[name]))
    if rng.random() < 0.3:
        _reset(writer)
    life.features |= {"US unit"} if life.us else set()
    life.features |= {"PIN"} if life.pin else set()
    life.features |= {"SMSLIMIT"} if life.limit else set()
    life.features |= {NO_REFERENCE} & set(life.habits)
    life.features.add(model)
    return life


def add(w: Writer, name: str, fault: Fault) -> None:
    """Add a scene with this fault."""
    w.begin(name, fault)
    SCENES[name](w)
    w.end()


def _clock(rng: random.Random, life: Life) -> datetime | None:
    hours = rng.choice(ZONES)
    at = datetime(
        2026, rng.randrange(1, 13), rng.randrange(1, 29), rng.randrange(24), rng.randrange(60), 7,
        tzinfo=timezone(timedelta(hours=hours)),
    )  # fmt: skip
    if rng.random() < 0.1 and not life.limit:
        return None
    if hours % 1:
        life.features.add("half-hour zone")
    return at


def _fault(rng: random.Random, bears: frozenset[str]) -> Fault:
    """Draw what breaks in a scene that bears these faults; nothing in half of them."""
    kinds = [kind for kind in FAULTS if kind in bears]
    if not kinds or rng.random() < 0.5:
        return Fault()
    kind = rng.choices(kinds, [FAULTS[k] for k in kinds])[0]
    at = rng.randrange(-1_000, 12_000)
    gap = rng.choice(OUTAGES)
    if kind == "chip":
        times = sorted(at + rng.randrange(12_000) for _ in range(rng.choice((1, 1, 2))))
        return Fault(kind, [(t, s.RestartChip()) for t in times], times[-1])
    if kind == "cut":
        cut = s.CutFlash(rng.randrange(20), rng.choice(("before", "within", "after")))
        gap = max(gap, 20 * SECOND)
        return Fault(kind, [(-500, cut), (at + gap, s.SetPower("on"))], at + gap)
    pairs: dict[str, tuple[s.Step, s.Step]] = {
        "power": (s.SetPower("off"), s.SetPower("on")),
        "lost": (s.SetNetwork("lost"), s.SetNetwork("back")),
        "missing": (s.SetSim("missing"), s.SetSim("back")),
        "pin": (s.SetSim("pin"), s.SetSim("back")),
    }
    if kind in pairs:
        first, last = pairs[kind]
        return Fault(kind, [(at, first), (at + gap, last)], at + gap)
    if kind == "full":
        return Fault(kind, [(at, s.SetSim("full"))], at)
    return Fault(kind, [(at, s.DisturbModem(kind))], at + 3 * MINUTE)


def set_up(w: Writer) -> None:
    """The owner sets the device up: security and lists first, then half of all parameters."""
    w.begin("setup", Fault())
    w.do(s.SetTemperature(w.room))
    w.do(s.SetOperator(words.CODE, words.BALANCE))
    for number in OWNERS:
        w.treat[number] = w.rng.choice(("answer", "reject", "ignore", "ignore"))
        w.do(s.TreatCalls(number, w.treat[number]))
    w.wait(5 * MINUTE)
    _limit(w)
    own = OWNERS[0].lstrip("+")
    secure, alerted = w.rng.random() < 0.6, w.rng.random() < 0.85
    if secure and w.ep:
        _boss(w)
    elif secure:
        w.say("SECNUMBER+" + own, rf"SECNUMBER\+{own} - OK", "conf")
        w.wait(30 * SECOND)
        w.say("SECLIST=ON", "SECLIST=ON - OK", "conf")
    if alerted and w.ep and not secure:
        w.say("ALERTME", "Your phone number has been assigned for all types of alerts!", "conf")
    elif alerted and not w.ep:
        w.say("ALERTNUMBER+" + own, rf"ALERTNUMBER\+{own} - OK", "conf")
    w.seclist = secure
    w.owners = [own] if secure else []
    w.alerted = [own] if alerted or (secure and w.ep) else []
    w.wait(30 * SECOND)
    if secure and w.rng.random() < 0.4:
        w.owners.append(OWNERS[1].lstrip("+"))
        w.say("SECNUMBER+" + w.owners[1], rf"SECNUMBER\+{w.owners[1]} - OK", "conf")
        w.wait(30 * SECOND)
    for name, values in w.parameters.items():
        # ALERT and SENSORTYPE while disarmed: nothing is armed yet.
        good = [v for v in values[1:] if may(w, name, v)]
        if name == "THERMALERT" and not w.alerted:
            continue
        if good and w.rng.random() < (0.15 if name in ("SMSCONFIRM", "ERROR") else 0.5):
            w.configure(name, w.rng.choice(good))
    w.end()


def _limit(w: Writer) -> None:
    """Set SMSLIMIT: a day of a life has more messages than the factory's limit."""
    value = w.life.limit or "OFF"
    w.say(f"SMSLIMIT={value}", f"SMSLIMIT={value} - OK", "conf")
    w.wait(30 * SECOND)


def _boss(w: Writer) -> None:
    text = "Your phone number has been assigned for all types of alerts and was added to security"
    w.say("MAKEMEBOSS", text + " list which has been activated", "conf")


def _reset(w: Writer) -> None:
    """The button takes everything back to the factory defaults."""
    w.begin("reset", Fault())
    w.scene.resets = True
    w.notice("factory reset", "button")
    w.do(s.PressButton(11_000 if w.ep else 6_000))
    w.wait(15 * SECOND)
    if not w.ep:
        w.do(s.PressButton())
    w.wait(5 * MINUTE)
    w.edge(False)
    w.scene.edges = None
    w.ground = {name: values[0] for name, values in w.parameters.items()}
    w.ground["SMSCONFIRM"] = w.ground["ERROR"] = "ON"
    w.armed = w.seclist = False
    w.password, w.owners, w.alerted = "", [], []
    w.do(s.SetContact(False))
    _limit(w)
    for name in w.rng.sample(list(w.parameters), 4):
        w.say(name + "?", words.told(name, w.ground[name], w.model), "tells")
        w.wait(MINUTE)
    w.say("ALERTNUMBER?", "No ALERTNUMBERs!", "tells")
    w.wait(HOUR)
    w.end()
