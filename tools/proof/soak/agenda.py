# SPDX-License-Identifier: MIT
"""The model of the date and of the scheduler's rules (specification, chapters 4, 8 and 9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from tools.proof.soak.house import BY_HAND, NETWORK, SECOND, UNKNOWN, UNSET, House

MOST = 8
Rule = tuple[str, str, str]


class Agenda:
    """Acts on each rule once in its minute of its date."""

    def __init__(self, house: House, status: Callable[[], None]) -> None:
        self.house = house
        self.status = status  # called for INF
        self.alarm: Callable[[bool], None] = lambda on: None
        self.ordered: Callable[[], None] = lambda: None  # called after a rule moved the socket

    def power_lost(self) -> None:
        """The date is lost with all power."""
        self.house.clock, self.house.clock_since = UNSET, self.house.now

    def clock_unknown(self) -> None:
        """The date was set in a way that the model does not follow."""
        self.house.clock = UNKNOWN
        self._no_rules("the date is uncertain while there are rules")

    def network_time(self) -> None:
        """The device has been on line for long enough to have the network's time."""
        if self.house.clock == UNSET:
            known = self.house.world.network.local_time() is not None
            self.house.clock = NETWORK if known else UNKNOWN
            if not known:
                self._no_rules("rules without network time")

    def set_by_hand(self, text: str, zone: int) -> bool:
        """DATE=; return False if that is no date."""
        try:
            at = datetime.strptime(text, "%y/%m/%d,%H:%M:%S")
        except ValueError:
            return False
        if not -12 <= zone <= 14:
            return False
        house = self.house
        house.clock, house.offset = BY_HAND, at - timedelta(milliseconds=house.now)
        house.clock_since = house.now
        self._edge(at)
        return True

    def add(self, rule: Rule, full: Exception) -> None:
        """SCHEDULER+."""
        house = self.house
        if rule in house.rules:
            return
        if len(house.rules) >= MOST:
            raise full
        if house.clock not in (NETWORK, BY_HAND):
            house.doubt("a rule while the date is uncertain")
        house.rules.append(rule)
        house.acted[rule] = []
        local = self._time()
        if local is not None:
            self._edge(local)

    def _no_rules(self, why: str) -> None:
        if self.house.rules:
            self.house.doubt(why)

    def _time(self) -> datetime | None:
        local = self.house.local()
        return None if local is None else local.replace(tzinfo=None)

    def _edge(self, local: datetime) -> None:
        """Something happened at this local time: near a rule's minute the model cannot tell."""
        for hhmm, _, _ in self.house.rules:
            minute = local.replace(hour=int(hhmm[:2]), minute=int(hhmm[3:]), second=0)
            for edge in (minute, minute + timedelta(minutes=1)):
                if abs((edge - local).total_seconds()) < 4:
                    self.house.doubt("at the edge of a rule's minute")

    def started(self) -> None:
        """The chip has started."""
        local = self._time()
        if local is not None:
            self._edge(local)

    def near(self) -> bool:
        """Return True if a rule's minute is near, or may be."""
        local = self._time()
        if local is None:
            return True
        soon = (f"{local:%H:%M}", f"{local + timedelta(seconds=30):%H:%M}")
        return any(rule[0] in soon for rule in self.house.rules)

    def tick(self, seen: bool = False) -> None:
        """Let the rules of this minute act; the device is awake.

        It counts whole seconds, and so does the network: its clock may be a second behind, or
        ahead. `seen`: it has just done what a rule may have caused.
        """
        house = self.house
        if not house.rules:
            return
        local = self._time()
        if local is None:
            network = house.world.network.local_time()
            if network is not None and any(rule[0] == f"{network:%H:%M}" for rule in house.rules):
                house.doubt("a rule's minute while the date is not set")
            return
        if local.second * 1000 < 1 * SECOND and house.clock == NETWORK and not seen:
            return
        hhmm, date = f"{local:%H:%M}", f"{local:%Y-%m-%d}"
        for rule in list(house.rules):
            if rule[0] != hhmm or rule[1] not in ("*", str(local.isoweekday())):
                continue
            dates = house.acted.setdefault(rule, [])
            if date not in dates:
                dates.append(date)
                self._act(rule[2])

    def _act(self, action: str) -> None:
        if action in ("ON", "OFF"):
            self.house.order(action == "ON")
            self.ordered()
        elif action == "INF":
            self.status()
        else:
            self.alarm(action == "AON")
