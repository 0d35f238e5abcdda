# SPDX-License-Identifier: MIT
"""What holds in every life: rules that need no second life, and the promises of the scenes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from tools.bench.scenario import steps as s
from tools.proof.soak.life import Seen
from tools.proof.soak.story import FILLER, MINUTE, OWNERS, Promise, Scene

LIMIT = "SMS limit of today is reached!"
ALERTS = ("ALARM!", "Power failed!", "Power restored!", "Temperature ", "Switch-off ",
          "Changed by ", LIMIT)  # fmt: skip
LARGEST = 12_000  # bytes of a record, docs/storage.md


def is_alert(text: str) -> bool:
    """Return True for a message that nobody has asked for."""
    return text.startswith(ALERTS)


def broken_rules(scene: Scene, seen: Seen) -> Iterator[str]:
    """Yield which rules a scene of any life has broken."""
    yield from _nobody_else(scene, seen)
    yield from _at_rest(seen)
    yield from _bounded(scene, seen)


def _nobody_else(scene: Scene, seen: Seen) -> Iterator[str]:
    """Never a message without a question, no alert or call to a stranger."""
    asked = Counter(step.sender for _, step in scene.deeds if isinstance(step, s.SendMessage))
    asked.update(step.caller for _, step in scene.deeds if isinstance(step, s.Call))
    asked[FILLER] = 20 * (scene.fault == "full")
    replies = Counter(to for _, to, text in seen.messages if not is_alert(text))
    for to, count in replies.items():
        informs = scene.name == "rule" and to in OWNERS  # INF sends a STATUS to the alert list
        if count > asked[to] + informs:
            texts = [text for _, who, text in seen.messages if who == to]
            yield f"a message that nothing calls for, to {to}: {texts[-1]!r}"
    for _, to, text in seen.messages:
        if is_alert(text) and to not in OWNERS:
            yield f"an alert to a stranger, {to}: {text!r}"
    for _, number in seen.calls:
        if number not in OWNERS:
            yield f"{number} was called, a stranger"


def _at_rest(seen: Seen) -> Iterator[str]:
    """At the end of a scene all is done, and the device shows it."""
    if not seen.mended:
        yield "not on line, and nothing is in its way for three minutes"
    if not seen.online:
        yield "not on line at rest"
    if seen.waiting:
        yield "messages wait at the network and are not taken"
    # That the last reply has left is written down with what comes next: it is marked as begun.
    owed = [entry for entry in seen.kept.get("outbox", []) if not (entry[0] == 1 and entry[3])]
    if owed or seen.kept.get("errands"):
        yield f"not done: {owed or seen.kept['errands']!r}"
    armed = seen.kept.get("alarm", {}).get("on", False)
    wanted = {
        "gsm": "1/3s",
        "out": "steady" if seen.level else "off",
        "power": "1/s" if armed else "steady",
        "microphone": "off",
    }
    for led, pattern in wanted.items():
        if seen.leds.get(led, pattern) != pattern:
            yield f"the {led} LED shows {seen.leds[led]}, not {pattern}"
    if seen.kept and seen.kept["socket"]["on"] != seen.level:
        yield f"the socket is {'on' if seen.level else 'off'} and its record says otherwise"


def _bounded(scene: Scene, seen: Seen) -> Iterator[str]:
    """Wear and credit have bounds: an idle device writes and sends nothing."""
    causes = len(scene.deeds) + 2 * len(scene.faults)
    minutes = scene.length // MINUTE
    most = 3 * causes + 3 * min(minutes, 30) if causes else 0
    if len(seen.messages) > most:
        yield f"{len(seen.messages)} messages in {minutes} minutes"
    commits = 12 + 8 * causes + 6 * len(seen.messages) + minutes // 60
    if seen.commits > commits:
        yield f"{seen.commits} commits, {commits} are the most"


def broken_promises(
    scene: Scene, seen: Seen, must: Callable[[Promise], bool] = lambda promise: True
) -> Iterator[str]:
    """Yield what the calm life of a scene owed and did not give, or gave and did not owe.

    must: tells whether a promise binds; not all do when the day's budget is spent.
    """
    left = list(seen.messages)
    for promise in sorted(scene.promises, key=lambda promise: promise.most - promise.least):
        count = 0
        for message in list(left):
            fits = message[1] == promise.to and re.fullmatch(promise.pattern, message[2])
            if fits and count < promise.most:
                left.remove(message)
                count += 1
        if count < promise.least and must(promise):
            yield f"owed and not sent to {promise.to}: {promise.pattern!r}"
    for _, to, text in left:
        if text == LIMIT:
            continue  # the budget is judged by itself
        yield f"sent and not owed to {to}: {text!r}"
    if scene.calls is not None and [number for _, number in seen.calls] != scene.calls:
        yield f"called {[number for _, number in seen.calls]}, owed {scene.calls}"
    if scene.level is not None and seen.level != scene.level:
        yield f"the socket is {'on' if seen.level else 'off'} and must not be"
    if scene.edges is not None and len(seen.edges) != scene.edges:
        yield f"the socket moved {len(seen.edges)} times, not {scene.edges}"
    elif scene.lasts and scene.edges == 2:
        lasted = seen.edges[1][0] - seen.edges[0][0]
        if not scene.lasts[0] <= lasted <= scene.lasts[1]:
            yield f"the socket moved back after {lasted} ms, not {scene.lasts[0]}"
