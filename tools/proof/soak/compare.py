# SPDX-License-Identifier: MIT
"""Compares a scene of the disturbed life with the same scene of the calm one.

docs/storage.md says what a fault may cost: a reply whose sending it cut off, and an alert that
comes twice. Everything else is the same in both lives when they are at rest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from tools.proof.soak.invariants import is_alert
from tools.proof.soak.life import LASTING, Seen
from tools.proof.soak.story import FILLER, LOSES_POWER, MINUTE, SECOND, Scene

STAMP = re.compile(r"\d\d/\d\d/\d\d[,:]\d\d:\d\d(:\d\d)?([+-]\d\d)?|not set|unknown")
EARLY = 35 * SECOND  # the networks of the two lives are not equally quick
DOUBT = 60 * SECOND  # for which a message without a reference may hold up others
READING = 65 * SECOND  # and their readings are not at the same second of a minute
FORMS = (
    (STAMP, "T"),
    (re.compile(r"(?<=T)(\nT)+"), ""),  # a log: an alarm may be in it again after a fault
    (re.compile(r", T(?=\n|$)"), ""),  # WHY has none then
    (re.compile(r"\nTime: T(?=$)"), ""),  # an alert has none while the clock is not set
    (re.compile(r"Signal: [^\n]+"), "Signal"),
    (re.compile(r"TEMP(ERATURE)?: [^\n]+"), "TEMP"),
    (re.compile(r"\nNo more error messages for a while!"), ""),
)
SOCKET = re.compile(r"(Power socket (is )?|Microrelay )(ON|OFF)( from: T| by [^\n]+)?")
REPEATS = ("ALARM!",)
AGAIN = 5 * MINUTE  # in which a message whose sending is in doubt has come again


def differences(
    scene: Scene, calm: Seen, other: Seen, twice: bool = False, spent: bool = False
) -> Iterator[str]:
    """Yield how the disturbed life of a scene differs from the calm one where it must not.

    twice: its modem gives no reference: an alert may come a second time. spent: the day's budget
    may be, so that messages are missing in one of them.
    """
    if twice:
        yield from _repeats(scene, calm, other)
        calm, other = _once_each(calm), _once_each(other)
    if not spent:
        yield from _messages(scene, calm, other)
    if not scene.fault:
        yield from _moves(scene, calm, other, EARLY + DOUBT * twice)
        if [n for _, n in calm.calls] != [n for _, n in other.calls]:
            yield f"calls differ: {other.calls}, calm {calm.calls}"
    elif scene.fault not in LOSES_POWER:
        at = scene.quiet
        if _level_at(calm, at) != _level_at(other, at):
            yield f"the socket is not as in the calm life, {at // SECOND} s after the scene began"
    for name in ("level", "micro"):
        if getattr(calm, name) != getattr(other, name):
            yield f"{name} differs: {getattr(other, name)}, calm {getattr(calm, name)}"
    for name, value in _lasting(calm.kept).items():
        if value != _lasting(other.kept).get(name):
            yield f"{name} differs: {_lasting(other.kept).get(name)!r}, calm {value!r}"
    yield from _logs(scene, calm, other)


def _messages(scene: Scene, calm: Seen, other: Seen) -> Iterator[str]:
    loose = scene.crowd or scene.fault in LOSES_POWER
    yield from _replies(scene, _texts(calm, False, loose), _texts(other, False, loose))
    yield from _alerts(scene, calm, other)
    if not scene.fault:
        yield from _times(scene, calm, other)


def _repeats(scene: Scene, calm: Seen, other: Seen) -> Iterator[str]:
    """No alert comes a third time, where nothing breaks."""
    owed = Counter(_texts(calm, True, True))
    for key, count in Counter(_texts(other, True, True)).items():
        if not scene.fault and count > 2 * owed[key]:
            yield f"an alert came {count} times, in the calm life {owed[key]}: {key}"


def _once_each(seen: Seen) -> Seen:
    """Return what was seen, of equal alerts to a number soon one after another the first alone.

    The clock may have been set meanwhile, so that the second one has a time.
    """
    told: dict[tuple[str, str], tuple[str, int]] = {}
    first = []
    for at, to, text in seen.messages:
        words, _, time = text.partition("\nTime: ")
        before, when = told.get((to, words), (None, 0))
        if not (is_alert(text) and before in ("", time) and at - when < AGAIN):
            first.append((at, to, text))
        told[to, words] = time, at
    return replace(seen, messages=first)


def _form(text: str, loose: bool) -> str:
    """Return a message without what may differ between two lives."""
    for pattern, form in FORMS:
        text = pattern.sub(form, text)
    return SOCKET.sub("SOCKET", text) if loose else text


def _texts(seen: Seen, alerts: bool, loose: bool) -> list[tuple[str, str]]:
    mine = [(to, text) for _, to, text in seen.messages if to != FILLER]
    return [(to, _form(text, loose)) for to, text in mine if is_alert(text) == alerts]


def _replies(
    scene: Scene, calm: list[tuple[str, str]], other: list[tuple[str, str]]
) -> Iterator[str]:
    """Every command is answered once; of those that a fault cut off, at most one has no answer."""
    missing, extra = Counter(calm) - Counter(other), Counter(other) - Counter(calm)
    if scene.name == "balance" and scene.fault:  # a code that was cut off is not begun again
        cut = sum(count for (_, text), count in extra.items() if text == "Execute error!")
        extra = Counter({key: n for key, n in extra.items() if key[1] != "Execute error!"})
        missing.subtract(dict.fromkeys(list(missing)[:cut], 1))
    for to, text in extra:
        yield f"answered otherwise than in the calm life, to {to}: {text!r}"
    if (+missing).total() > len(scene.faults):
        yield f"not answered: {list(+missing)}"


def _alerts(scene: Scene, calm: Seen, other: Seen) -> Iterator[str]:
    """Every alert that is told once comes at least once, in order; more only where faults are."""
    before, after = _texts(calm, True, True), _texts(other, True, True)
    if not scene.fault:
        if before != after:
            yield f"alerts differ: {after}, calm {before}"
        return
    if scene.either and (calm.calls or other.calls):
        if (calm.calls or before) and not (other.calls or after):
            yield "nobody heard of an alarm"
        return
    may = {text for _, text in before}
    if scene.fault in LOSES_POWER:
        may |= {"Power restored!"} | {text for _, text in after if text.startswith("Switch-off")}
        may |= {text for _, text in after if text.startswith("ALARM!") and scene.alarm}
    for to in {to for to, _ in before + after}:
        told, heard = _once(before, to), _once(after, to)
        if scene.fault in LOSES_POWER:  # POWERSTATE may have switched the socket off already
            told = [text for text in told if not text.startswith("Switch-off")]
        rest = iter(heard)
        if not all(text in rest for text in told):
            yield f"alerts to {to} are missing or out of order: {heard}, calm {told}"
        for text in heard:
            if text not in may:
                yield f"an alert that the calm life did not have, to {to}: {text!r}"


def _once(alerts: list[tuple[str, str]], to: str) -> list[str]:
    """Return the alerts to a number, one of those that are repeated one after the other."""
    mine = [text for who, text in alerts if who == to]
    return [t for i, t in enumerate(mine) if i == 0 or t != mine[i - 1] or t[:6] not in REPEATS]


def _times(scene: Scene, calm: Seen, other: Seen) -> Iterator[str]:
    """An alert has the time of its event, in both lives."""
    before = [text for _, _, text in calm.messages if is_alert(text)]
    after = [text for _, _, text in other.messages if is_alert(text)]
    for old, new in zip(before, after, strict=False):
        times = [re.search(r"\nTime: (.*)$", text) for text in (old, new)]
        if None in times:
            continue
        first, last = (datetime.strptime(t[1], "%y/%m/%d,%H:%M:%S") for t in times if t)
        if abs((first - last).total_seconds()) * SECOND > READING:
            yield f"the time of an alert differs: {new!r}, calm {old!r}"


def _moves(scene: Scene, calm: Seen, other: Seen, early: int) -> Iterator[str]:
    """The socket moves alike, where nothing breaks and no thermostat reads.

    early: ms by which the moves may differ.
    """
    if scene.thermostat or scene.crowd:
        return
    if [on for _, on in calm.edges] != [on for _, on in other.edges]:
        yield f"the socket moved otherwise: {other.edges}, calm {calm.edges}"
    for (first, _), (last, _) in zip(calm.edges, other.edges, strict=False):
        if abs(last - first) > early:
            yield f"the socket moved at {last // SECOND} s, calm at {first // SECOND} s"


def _level_at(seen: Seen, at: int) -> bool:
    """Return the socket's level, ms after the scene's begin."""
    late = [on for when, on in seen.edges if when - seen.begin > at]
    return not late[0] if late else seen.level


def _lasting(kept: dict[str, Any]) -> dict[str, Any]:
    """Return what has to be the same in both lives, of a record."""
    found = {name: kept[name] for name in LASTING if name in kept}
    if "scheduler" in found:
        found["scheduler"] = [rule[:3] for rule in found["scheduler"]["rules"]]
    if "thermostat" in found:
        found["thermostat"] = found["thermostat"]["on"]
    if "alarm" in kept:
        found["alarm"] = kept["alarm"]["on"]
    if "socket" in kept:
        found["timer"] = kept["socket"]["timer"]
    return found


def _logs(scene: Scene, calm: Seen, other: Seen) -> Iterator[str]:
    """The last alarm is in the log of both lives."""
    logs = [seen.kept.get("alarm", {}).get("log", []) for seen in (calm, other)]
    if bool(logs[0]) != bool(logs[1]):
        yield f"the log differs: {logs[1]}, calm {logs[0]}"
    if scene.fault or not all(log and isinstance(log[-1], str) for log in logs):
        return
    try:
        times = [datetime.strptime(log[-1], "%y/%m/%d:%H:%M") for log in logs]
    except ValueError:
        return  # without a time
    if scene.alarm and abs((times[0] - times[1]).total_seconds()) * SECOND > 2 * MINUTE:
        yield f"the log differs: {logs[1][-1]}, calm {logs[0][-1]}"
