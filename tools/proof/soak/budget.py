# SPDX-License-Identifier: MIT
"""What SMSLIMIT does to a life: what has to be sent all the same, and what must not be.

Once the budget of a day may be spent, replies and repeated alerts may be missing, in one life and
not in the other. From then on the messages of the two lives are not compared. What is left are
the bounds of a day, the alerts that are told once, and all that is no message.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from tools.bench.scenario import steps as s
from tools.proof.soak.invariants import LIMIT
from tools.proof.soak.life import Seen
from tools.proof.soak.story import Life, Promise, Scene

BEYOND = 20  # alerts told once that leave beyond the limit of a day
AT_MIDNIGHT = 3  # messages that were counted before it and arrived behind it
LOST = 3  # messages that a fault may have cut off, which count as perhaps sent
CUTS_OFF = (s.SetPower, s.SetMains, s.PressButton)  # what may cut one off in the calm life, too
ONCE = ("Temperature ", "Changed by ")  # alerts of which none repeats another
FIRST = ("ALARM!", "Power failed!", "Power restored!", "Switch-off ")  # of which the first counts


def _head(text: str) -> str:
    """Return the words of an alert, or of its pattern, without temperature and time."""
    return re.split(r"! TEMP|[(\n]", text)[0]


class Budget:
    """The messages of one life, and its limit; disturbed: it has the faults of its scenes.

    Attribute `spent`: the budget may have been, at any time up to now.
    """

    def __init__(self, life: Life, disturbed: bool = False) -> None:
        self.life = life
        self._cost = LOST * disturbed
        self.spent = False
        self._sent = self._lost = 0
        self._days: Counter[date] = Counter()
        self._told: Counter[date] = Counter()
        self._heard: set[str] = set()  # alerts of the scenes before
        self._new: set[tuple[str, str]] = set()  # numbers and alerts of this scene

    def _day(self, at: int) -> date:
        assert self.life.clock is not None
        return (self.life.clock + timedelta(milliseconds=at)).date()

    def broken(self, scene: Scene, seen: Seen) -> Iterator[str]:
        """Take what was seen of a scene; yield which bounds of the budget it has broken."""
        if not self.life.limit:
            return
        self._heard |= {head for _, head in self._new}
        self._new = {(to, _head(text)) for _, to, text in seen.messages}
        self._sent += len(seen.messages)
        self._lost += self._cost * len(scene.faults)
        self._lost += sum(isinstance(step, CUTS_OFF) for _, step in scene.deeds)
        self.spent = self._sent + self._lost >= self.life.limit
        for at, _, text in seen.messages:
            self._days[self._day(at)] += 1
            self._told[self._day(at)] += text == LIMIT
        most = max(self._days.values(), default=0)
        if most > self.life.limit + BEYOND + AT_MIDNIGHT:
            yield f"{most} messages on one day, SMSLIMIT={self.life.limit}"
        if max(self._told.values(), default=0) > 1:
            yield "told twice on one day that the limit is reached"
        if self._told.total() and not self.spent:
            yield f"told after {self._sent} messages that the limit is reached"

    def binds(self, promise: Promise) -> bool:
        """Tell whether a promise has to be kept."""
        if not self.spent:
            return True
        head = _head(promise.pattern)
        if head.startswith(FIRST):
            bound = head not in self._heard and (promise.to, head) not in self._new
        else:
            bound = head.startswith(ONCE)
        return bound and self._sent + self._lost < self.life.limit + BEYOND
