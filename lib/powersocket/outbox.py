# SPDX-License-Identifier: MIT
"""Messages to send (Outbox), and calls and USSD codes for the modem to make (Errands).

Alerts go before replies. An alert is kept until the network has accepted it, so it may arrive
twice but is never lost. A reply is marked *begun* just before it is given to the modem; if sending
is then interrupted, the reply is not sent again (spec chapter 8).

An errand is a USSD code or a call: it takes time and must not be repeated. It is recorded, and
marked *begun* before it begins. A restart that finds it so reports to its feature that it was cut
off; it is never begun twice (spec chapter 8).
"""

from powersocket import const
from powersocket.calendar import DAY

ALERT = const(0)
REPLY = const(1)

# Entries and errands are lists, as they are stored. An entry is
# [ALERT or REPLY, [numbers], text, begun, topic, uptime in seconds of the event or -1, its share
# in the day's budget]; an errand is [USSD or CALL, argument, note, begun].
# Alerts of one topic may replace each other when the outbox is full; the note of an errand is its
# feature's own, e.g. who gets the answer.
KIND = const(0)
_NUMBERS = const(1)
TEXT = const(2)
BEGUN = const(3)
_TOPIC = const(4)
_WHEN = const(5)
_SHARE = const(6)
NOTE = const(2)

USSD = "ussd"  # its argument is a code, its result the answer, "" for none
CALL = "call"  # its argument is `number seconds`, its result how the call ended
ALARM = "alarm"  # topic and note of an alarm, and the owner of the timers that it starts
INF = "inf"  # prefix of a scheduler rule's topic
_REPEATING = const(("alarm", "power", "limit"))  # can come again and again; see _rank

# Eight topics (rise, fall, sensor, notice and smslimit, too) keep two alerts each, and eight rules
# of the scheduler one each: these 24 always find a place.
MOST = const(24)  # entries; an alert is one entry for all its numbers
MOST_REPLIES = const(10)
_TRIES = const((100, 5))  # for one number, of an alert (about two days) and of a reply
_PAUSES = const((10, 30, 120, 600, 1800))  # s between tries
_MOST_ERRANDS = const(6)

# Shares in the day's budget: what is sent within SMSLIMIT only; the alerts that are told once, so
# many of which are sent beyond it; the replies to SMSLIMIT itself.
_WITHIN = const(0)
_ONCE = const(1)
_FREE = const(2)
_BEYOND = const(20)
_REACHED = const("smslimit")  # topic of the alert about it

# After failed attempts, a number of an entry waits until an uptime: [entry, number, tries, until].
# Not in the record: after a restart everything is tried at once.
_ENTRY = const(0)
_NUMBER = const(1)
_TRIED = const(2)
_UNTIL = const(3)

# Results of an attempt to send.
SENT = "sent"
TRANSIENT = "transient"  # certainly not sent, may work later
FINAL = "final"  # certainly not sent, will never work
UNKNOWN = "unknown"  # may have been sent
SPENT = "the limit of today is reached"  # so it is never sent


def _rank(topics, i):
    """Return how important alert i is; topics: of all alerts, in their order.

    Of a rule's INF alerts only the last counts, and less than the other topics, as its rule may be
    gone. Of any other topic the first and the last count; those between them go, first of the
    topics that repeat by nature.
    """
    topic = topics[i]
    inf = topic.startswith(INF)
    if topic not in topics[i + 1 :]:
        return 3 if inf else 4
    if inf:
        return 0
    if topic not in topics[:i]:
        return 4
    return 1 if topic in _REPEATING else 2


class Outbox:
    """The messages to send, bounded and in order; `device` owns the record and the log."""

    def __init__(self, device):
        self._device = device
        self._rests = []
        self.dropped = 0

    @property
    def entries(self):
        """The entries, oldest first."""
        return self._device.record["outbox"]

    def clean(self, started=False):
        """After a start or a fault: drop the replies that were begun, as they may have been sent.

        started: an alert may have been sent, too, and is counted, but stays.
        """
        if started and ALERT in [entry[KIND] for entry in self.entries]:
            self._budget["sent"] += 1
        for entry in list(self.entries):
            if entry[KIND] == REPLY and entry[BEGUN]:
                self._remove(entry)
                self._device.log("outbox: dropped a reply that may have been sent already")

    def alert(self, topic, numbers, text, when=-1):
        """Queue an alert for each of the numbers.

        topic: see above; when: uptime in seconds of the event, from which the time line is made
        when the alert is sent; -1 for no time line.
        """
        if numbers:
            self._add([ALERT, list(numbers), text, False, topic, when, self._share(topic, text)])
            # Try these numbers at once again; older alerts to them still go first.
            for rest in self._rests:
                if rest[_NUMBER] in numbers:
                    rest[_UNTIL] = 0

    def reply(self, number, text, free=False):
        """Queue a reply to a number; free: it leaves whatever was sent today."""
        self._add([REPLY, [number], text, False, "", -1, _FREE if free else _WITHIN])

    def _add(self, entry):
        """Add an entry; if that is too many, drop another one and log it (spec chapter 9.7)."""
        replies = [e for e in self.entries if e[KIND] == REPLY]
        self.entries.append(entry)
        full = len(self.entries) > MOST
        if replies and (full or (entry[KIND] == REPLY and len(replies) >= MOST_REPLIES)):
            self._give_up(replies[0], "too many replies")
        elif full:  # the only reply stays: it has just been asked for
            self._give_up(self._repeated(), "repeated too often")
        self._device.dirty = True

    def _repeated(self):
        """Return the least important alert, the oldest of these."""
        alerts = [e for e in self.entries if e[KIND] == ALERT]
        topics = [e[_TOPIC] for e in alerts]
        ranks = [_rank(topics, i) for i in range(len(topics))]
        return alerts[ranks.index(min(ranks))]

    def drop(self, topic):
        """Drop the alerts of a topic."""
        for entry in list(self.entries):
            if entry[_TOPIC] == topic:
                self._remove(entry)

    def text(self, entry):
        """Return the text to send; the last line of an alert is the time of its event."""
        return self._device.stamped(entry[TEXT], entry[_WHEN])

    def uptime_ends(self):
        """All power was lost: put the times of events into the texts while the clock is set."""
        for entry in self.entries:
            entry[TEXT] = self.text(entry)
            entry[_WHEN] = -1
        self._budget.update(day=-1, since=0)

    def _remove(self, entry):
        self._device.record["outbox"] = [e for e in self.entries if e is not entry]
        self._rests = [r for r in self._rests if r[_ENTRY] is not entry]
        self._device.dirty = True

    def _give_up(self, entry, why):
        self._remove(entry)
        self.dropped += 1
        self._device.log("outbox: dropped a message, " + why)

    # --- the day's budget: SMSLIMIT ---

    # What has left or may have left is counted, each part of a long message as one. A reply is
    # counted in the commit that marks it as begun, an alert in the one that takes its number off:
    # counting costs no commit. A power cut in between is why `clean` counts one more.

    @property
    def _budget(self):
        return self._device.record["budget"]

    def today(self, now):
        """Return the count, which begins afresh with another day of the calendar.

        While the clock is not set, a day has 24 hours; setting it does not end that day.
        """
        count, local = self._budget, self._device.clock.local(now)
        day = -1 if local is None else local // DAY
        if now - count["since"] >= DAY if day < 0 else count["day"] not in (-1, day):
            count.update(since=now, sent=0, beyond=0, told=[])
        count["day"] = day
        return count

    def _share(self, topic, text):
        """Return an alert's share: what repeats one of today is not sent beyond the limit.

        Of the topics that repeat, the first of each text a day is told, whatever the temperature.
        """
        if topic.startswith(INF):
            return _WITHIN
        if topic in _REPEATING:
            told, text = self._budget["told"], text.partition(" TEMP")[0]
            if text in told:
                return _WITHIN
            told.append(text)
        return _ONCE

    def allows(self, entry, parts, now):
        """Return True if a message of so many parts may leave."""
        count, share = self.today(now), entry[_SHARE]
        if share == _FREE or not self._exceeds(count, parts):
            return True
        return share == _ONCE and count["beyond"] + parts <= _BEYOND

    def count(self, entry, parts, now):
        """Count parts of a message that may have left; less than 0: they have not, after all."""
        if parts:
            count = self.today(now)
            if entry[_SHARE] == _ONCE and self._exceeds(count, parts):
                count["beyond"] += parts
            count["sent"] = max(0, count["sent"] + parts)
            self._exceeds(count, 1)  # from now on
            self._device.dirty = True

    def _exceeds(self, count, parts):
        """Tell whether so many parts are too many; the first alert number hears it once a day."""
        limit, told = self._device.settings["SMSLIMIT"], count["told"]
        if not limit or count["sent"] + parts <= limit:
            return False
        first = self._device.addresses()[:1]
        if first and _REACHED not in told:
            told.append(_REACHED)
            self.alert(_REACHED, first, "SMS limit of today is reached!")
        return True

    def next(self, now):
        """Return (entry, number) to send now, alerts first, in their order; None if all wait.

        Alerts to one number keep their order: while an earlier one waits, so do the later ones.
        """
        for entry, number, rest in self._firsts():
            if rest is None or rest[_UNTIL] <= now:
                return entry, number
        return None

    def due(self):
        """Return the uptime in seconds of the next attempt, None if nothing waits for one."""
        ends = [rest[_UNTIL] for _, _, rest in self._firsts() if rest is not None]
        return min(ends) if ends else None

    def _firsts(self):
        """Yield (entry, number, its rest or None) of what may be sent next."""
        for kind in (ALERT, REPLY):
            seen = []
            for entry in self.entries:
                if entry[KIND] != kind:
                    continue
                for number in entry[_NUMBERS]:
                    if number not in seen:
                        yield entry, number, self._rest(entry, number)
                        if kind == ALERT:
                            seen.append(number)

    def _rest(self, entry, number):
        for rest in self._rests:
            if rest[_ENTRY] is entry and rest[_NUMBER] == number:
                return rest
        return None

    def begin(self, entry):
        """Mark a reply that is about to be given to the modem."""
        if entry[KIND] == REPLY and not entry[BEGUN]:
            entry[BEGUN] = True
            self._device.dirty = True

    def result(self, entry, number, result, now):
        """Take the result of an attempt to send an entry to one of its numbers."""
        # A fault may have reloaded the record meanwhile; then the entry is there as a copy.
        found = [e for e in self.entries if e is entry] or [e for e in self.entries if e == entry]
        if not found or number not in found[0][_NUMBERS]:
            return  # dropped meanwhile
        entry = found[0]
        again = result == TRANSIENT or (result == UNKNOWN and entry[KIND] == ALERT)
        if again and self._put_off(entry, number, now):
            if entry[BEGUN]:
                entry[BEGUN] = False  # the reply was certainly not sent: it may be sent again
                self._device.dirty = True
            return
        entry[_NUMBERS].remove(number)
        self._device.dirty = True
        self._rests = [r for r in self._rests if r[_ENTRY] is not entry or r[_NUMBER] != number]
        if not entry[_NUMBERS]:
            self._remove(entry)
        if result != SENT:
            self.dropped += 1
            self._device.log("outbox: a message was not sent: " + result)

    def _put_off(self, entry, number, now):
        """Set the time of a number's next attempt; return False if it had all its attempts."""
        rest = self._rest(entry, number)
        if rest is None:
            rest = [entry, number, 0, 0]
            self._rests.append(rest)
        if rest[_TRIED] + 1 >= _TRIES[entry[KIND]]:
            return False
        rest[_UNTIL] = now + _PAUSES[min(rest[_TRIED], len(_PAUSES) - 1)]
        rest[_TRIED] += 1
        return True


class Errands:
    """Calls and USSD codes, bounded, first in first out; `device` owns the record and the log."""

    def __init__(self, device):
        self._device = device

    @property
    def entries(self):
        """The errands, oldest first."""
        return self._device.record["errands"]

    def add(self, kind, argument, note, urgent=False):
        """Queue an errand; return False if too many wait already.

        urgent: it goes before those that wait, and is never refused; the caller never has more
        than one of these at a time.
        """
        entries = self.entries
        if len(entries) >= _MOST_ERRANDS and not urgent:
            self._device.log("errands: too many, refused " + kind)
            return False
        place = len([e for e in entries if e[BEGUN]]) if urgent else len(entries)
        entries.insert(place, [kind, argument, note, False])
        self._device.dirty = True
        return True

    def first(self):
        """Return the errand to do next, or None."""
        return self.entries[0] if self.entries else None

    def begin(self, errand):
        """Mark an errand that is about to begin; the caller commits before it does."""
        errand[BEGUN] = True
        self._device.dirty = True

    def put_off(self, errand):
        """It could not begin, after all: it waits as before, unless it was cancelled."""
        if errand in self.entries:
            errand[BEGUN] = False
            self._device.dirty = True

    def cancel(self, kind, note):
        """Drop the errands of a kind and note; one under way ends without an `errand_done`."""
        kept = [e for e in self.entries if e[KIND] != kind or e[NOTE] != note]
        if len(kept) != len(self.entries):
            self._device.record["errands"] = kept
            self._device.dirty = True

    def done(self, errand, result, now):
        """An errand has ended: pass the result to the features (None: cut off by a restart)."""
        if errand in self.entries:
            self.entries.remove(errand)
            self._device.dirty = True
        self._device.notify("errand_done", errand[KIND], errand[NOTE], result, now)

    def cut_off(self, now):
        """After a start: report the errands that the restart cut off."""
        for errand in [e for e in self.entries if e[BEGUN]]:
            self.done(errand, None, now)
