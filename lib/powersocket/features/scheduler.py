# SPDX-License-Identifier: MIT
"""The scheduler: rules of a time, a day and an action (manual chapter 10; spec chapter 9.5).

A rule acts once, and only in its minute. If the device was off, the clock not set, or the clock
jumped over it, the minute is missed for good. Each rule remembers the dates on which it has acted,
so a clock that is set back does not make it act again.

The deadline is worked out from the record and from `_seen`, the uptime up to which everything is
done. So the scheduler need not know when the clock is set.
"""

from powersocket import calendar, const
from powersocket.features import Feature
from powersocket.outbox import INF
from powersocket.settings import BLANKS, FULL, Incorrect, Refusal, upper

_MOST = const(8)  # rules
_ACTIONS = ("ON", "OFF", "INF", "AON", "AOF")
_DAYS = const("*1234567")  # 0: every day, 1: Monday
_DATES = const(4)  # the last dates on which a rule has acted are remembered
_MINUTES = const(1440)  # in a day

# A rule as it is stored: [minute of the day, index of _DAYS, action, [days since 2000 acted on]].
_MINUTE = const(0)
_DAY = const(1)
_ACTION = const(2)
_ACTED = const(3)


class Scheduler(Feature):
    """Up to eight rules, which act in the order in which they were added."""

    section = "scheduler"

    commands = (
        ("SCHEDULER+", "add", ""),
        ("SCHEDULER-", "remove", ""),
        ("SCHEDULER?", "show", "Inf"),
    )
    _seen = 0

    # --- events ---

    def start(self, cause, now):
        self._seen = now

    def deadline(self):
        local = self.device.clock.local(self._seen)
        rules = self.state["rules"]
        if local is None or not rules:
            return None
        first = min([_next(rule, local // 60) for rule in rules])
        return first * 60 - local + self._seen

    def tick(self, now):
        self._seen = now
        local = self.device.clock.local(now)
        if local is None:
            return
        minute = local // 60
        for rule in self.state["rules"]:
            if _next(rule, minute) == minute:
                rule[_ACTED] = rule[_ACTED][1 - _DATES :] + [minute // _MINUTES]
                self.device.dirty = True
                self._act(rule, now)

    def _act(self, rule, now):
        device, action = self.device, rule[_ACTION]
        by = "scheduler " + _show(rule)[:5]
        if action == "INF":
            device.alert(INF + _show(rule), device.status_text(now))
        elif action in ("ON", "OFF"):
            device.socket.order(action == "ON", now, by)
        elif device.alarm is not None:
            device.alarm.order(action == "AON", now, by)

    # --- commands ---

    def add(self, request):
        """`SCHEDULER+08:00,*,ON - OK`"""
        parts = [part.strip(BLANKS) for part in request.argument.split(",")]
        if len(parts) != 3:
            raise Incorrect
        minute = _minute(parts[0])
        action = upper(parts[2])
        if len(parts[1]) != 1 or parts[1] not in _DAYS or action not in _ACTIONS:
            raise Incorrect
        rule = [minute, _DAYS.find(parts[1]), action, []]
        rules = self.state["rules"]
        if not any([known[:_ACTED] == rule[:_ACTED] for known in rules]):
            if len(rules) >= _MOST:
                raise Refusal(FULL)
            self.change(rules=rules + [rule])
        return "SCHEDULER+" + _show(rule) + " - OK"

    def remove(self, request):
        """`SCHEDULER-08:00 - OK`, `SCHEDULER-ALL - OK`"""
        if upper(request.argument) == "ALL":
            self.change(rules=[])
            return "SCHEDULER-ALL - OK"
        minute = _minute(request.argument)
        kept = [rule for rule in self.state["rules"] if rule[_MINUTE] != minute]
        if len(kept) == len(self.state["rules"]):
            raise Incorrect
        self.change(rules=kept)
        return "SCHEDULER-" + request.argument + " - OK"

    def show(self, request):
        """a line a rule, `11:59,*,AON`, or `No rules!`"""
        return "\n".join([_show(rule) for rule in self.state["rules"]]) or "No rules!"


def _next(rule, minute):
    """Return the next minute in which a rule acts, `minute` or later; minutes since 2000."""
    day = minute // _MINUTES
    if rule[_MINUTE] < minute % _MINUTES:
        day += 1
    while day in rule[_ACTED] or rule[_DAY] not in (0, calendar.weekday(day)):
        day += 1
    return day * _MINUTES + rule[_MINUTE]


def _minute(typed):
    """Return the minute of the day of `hh:mm`. Raises Incorrect."""
    hour, minute = typed[:2], typed[3:]
    if typed[2:3] != ":" or not calendar.two_digits(hour) or not calendar.two_digits(minute):
        raise Incorrect
    if int(hour) > 23 or int(minute) > 59:
        raise Incorrect
    return int(hour) * 60 + int(minute)


def _show(rule):
    hour, minute = rule[_MINUTE] // 60, rule[_MINUTE] % 60
    return "%02d:%02d,%s,%s" % (hour, minute, _DAYS[rule[_DAY]], rule[_ACTION])
