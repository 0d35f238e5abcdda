"""What is owed: messages to send (Outbox), and what else the modem has to do (Errands).

An alert goes before a reply and is kept until the network took it, so that it may come twice but
is never lost. A reply is marked *begun* just before it is given to the modem; if its sending is
then cut off, it is not sent again (spec chapter 8).

An errand is a USSD code or a call: it takes time and cannot be replayed. It is recorded before it
begins and marked as begun; a restart in between finds it so, and its feature hears that it was cut
off: it is never begun twice (spec chapter 8).
"""

from powersocket import const

ALERT = const(0)
REPLY = const(1)

# Entries and errands are lists, as they are stored. An entry is
# [ALERT or REPLY, [numbers], text, begun, topic, uptime in seconds of the event or -1]; an errand
# is [USSD or CALL, argument, note, begun]. The topic of an alert says what it repeats; the note of
# an errand is its feature's own, e.g. who gets the answer.
KIND = const(0)
NUMBERS = const(1)
TEXT = const(2)
BEGUN = const(3)
TOPIC = const(4)
WHEN = const(5)
ARGUMENT = const(1)
NOTE = const(2)

USSD = "ussd"  # its argument is a code, its result the answer, "" for none
CALL = "call"  # its argument is `number seconds`, its result how the call ended
ALARM = "alarm"  # topic and note of an alarm, and the owner of the timers that it starts
INF = "inf"  # a scheduler rule's topic begins so
_REPEATING = (
    ALARM,
    "power",
    "limit",
)  # the thermostat's switching off, too, comes again and again

# There are six topics besides the rules' (the others: rise, fall, sensor), of which two alerts
# each are kept at least, and eight rules, of which one is: these always find a place.
MOST = const(24)  # entries; an alert is one entry for all its numbers
MOST_REPLIES = const(10)
_TRIES = (100, 5)  # of one number, before it is given up: about two days for an alert
_PAUSES = (10, 30, 120, 600, 1800)  # s between tries
_MOST_ERRANDS = const(6)

# Results of a try to send.
SENT = "sent"
TRANSIENT = "transient"  # certainly not sent, may work later
FINAL = "final"  # certainly not sent, will never be
UNKNOWN = "unknown"  # may have been sent


def _rank(topics, i):
    """Return how much an alert among others is missed, given the topics of all in their order.

    Of a rule's INF only the last counts, and not even that if its rule is no more: then it is old.
    Of what repeats by nature the first and the last count, and so of the rest, if it must be.
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


class Rest:
    """A number that an entry could not be sent to: after `tries` it rests `until` an uptime.

    Not in the record: after a restart everything is tried at once.
    """

    def __init__(self, entry, number):
        self.entry = entry
        self.number = number
        self.tries = 0
        self.until = 0


class Outbox:
    """Bounded and ordered; `device` owns the record and the log."""

    def __init__(self, device):
        self._device = device
        self._rests = []
        self.dropped = 0

    @property
    def entries(self):
        """The entries, oldest first."""
        return self._device.record["outbox"]

    def clean(self):
        """After a start: a reply that was begun may have left, and is not sent again."""
        for entry in list(self.entries):
            if entry[KIND] == REPLY and entry[BEGUN]:
                self._remove(entry)
                self._device.log("outbox: a reply that may have left is not sent again")

    def alert(self, topic, numbers, text, when=-1):
        """Owe an alert to each of the numbers.

        topic: what a later alert repeats; when: uptime in seconds of the event, which gives the
        text its time line when it is sent, -1 for none.
        """
        if numbers:
            self._add([ALERT, list(numbers), text, False, topic, when])
            # What is news is tried at once, and what these numbers are owed from before it first.
            for rest in self._rests:
                if rest.number in numbers:
                    rest.until = 0

    def reply(self, number, text):
        """Owe a reply to a number."""
        self._add([REPLY, [number], text, False, "", -1])

    def _add(self, entry):
        """Take an entry; what has to go for it is logged (spec chapter 9.7)."""
        replies = [e for e in self.entries if e[KIND] == REPLY]
        self.entries.append(entry)
        full = len(self.entries) > MOST
        if replies and (full or (entry[KIND] == REPLY and len(replies) >= MOST_REPLIES)):
            self._give_up(replies[0], "too many replies")
        elif full:  # a reply that was only just asked for stays
            self._give_up(self._repeated(), "repeated too often")
        self._device.dirty = True

    def _repeated(self):
        """Return the alert that is missed least, the oldest of these."""
        alerts = [e for e in self.entries if e[KIND] == ALERT]
        topics = [e[TOPIC] for e in alerts]
        ranks = [_rank(topics, i) for i in range(len(topics))]
        return alerts[ranks.index(min(ranks))]

    def drop(self, topic):
        """Forget the alerts of a topic: they are owed no more."""
        for entry in list(self.entries):
            if entry[TOPIC] == topic:
                self._remove(entry)

    def text(self, entry):
        """Return what is to be sent: the last line of an alert is the time of its event."""
        return self._device.stamped(entry[TEXT], entry[WHEN])

    def uptime_ends(self):
        """All power was gone: write the times of events down while the clock still knows them."""
        for entry in self.entries:
            entry[TEXT] = self.text(entry)
            entry[WHEN] = -1

    def _remove(self, entry):
        self._device.record["outbox"] = [e for e in self.entries if e is not entry]
        self._rests = [r for r in self._rests if r.entry is not entry]
        self._device.dirty = True

    def _give_up(self, entry, why):
        self._remove(entry)
        self.dropped += 1
        self._device.log("outbox: dropped a message, " + why)

    def empty(self):
        """Tell whether nothing is owed."""
        return not self.entries

    def next(self, now):
        """Return (entry, number) to send now, alerts first, in their order; None if all rest.

        Alerts to one number keep their order: while an earlier one rests, so do the later ones.
        """
        for entry, number, rest in self._firsts():
            if rest is None or rest.until <= now:
                return entry, number
        return None

    def due(self):
        """Return the uptime in seconds at which something ends its rest, None if nothing rests."""
        ends = [rest.until for _, _, rest in self._firsts() if rest is not None]
        return min(ends) if ends else None

    def _firsts(self):
        """Yield (entry, number, its Rest or None) of what may be sent before all else."""
        for kind in (ALERT, REPLY):
            seen = []
            for entry in self.entries:
                if entry[KIND] != kind:
                    continue
                for number in entry[NUMBERS]:
                    if number not in seen:
                        yield entry, number, self._rest(entry, number)
                        if kind == ALERT:
                            seen.append(number)

    def _rest(self, entry, number):
        for rest in self._rests:
            if rest.entry is entry and rest.number == number:
                return rest
        return None

    def begin(self, entry):
        """The entry is about to be given to the modem."""
        if entry[KIND] == REPLY and not entry[BEGUN]:
            entry[BEGUN] = True
            self._device.dirty = True

    def result(self, entry, number, result, now):
        """Take the result of a try to send an entry to one of its numbers."""
        # A fault may have reloaded the record meanwhile: then there is an equal entry.
        found = [e for e in self.entries if e is entry] or [e for e in self.entries if e == entry]
        if not found or number not in found[0][NUMBERS]:
            return  # dropped meanwhile
        entry = found[0]
        again = result == TRANSIENT or (result == UNKNOWN and entry[KIND] == ALERT)
        if again and self._put_off(entry, number, now):
            if entry[BEGUN]:
                entry[BEGUN] = False  # a reply that certainly has not left is owed again
                self._device.dirty = True
            return
        entry[NUMBERS].remove(number)
        self._device.dirty = True
        self._rests = [r for r in self._rests if r.entry is not entry or r.number != number]
        if not entry[NUMBERS]:
            self._remove(entry)
        if result != SENT:
            self.dropped += 1
            self._device.log("outbox: a message was not sent: " + result)

    def _put_off(self, entry, number, now):
        """Let a number rest before it is tried again; return False if it had its tries."""
        rest = self._rest(entry, number)
        if rest is None:
            rest = Rest(entry, number)
            self._rests.append(rest)
        if rest.tries + 1 >= _TRIES[entry[KIND]]:
            return False
        rest.until = now + _PAUSES[min(rest.tries, len(_PAUSES) - 1)]
        rest.tries += 1
        return True


class Errands:
    """Bounded, first in first out; `device` owns the record and the log."""

    def __init__(self, device):
        self._device = device

    @property
    def entries(self):
        """The errands, oldest first."""
        return self._device.record["errands"]

    def add(self, kind, argument, note, urgent=False):
        """Ask for an errand; return False if too many wait already.

        urgent: it goes before those that wait, however many they are; for whoever asks for no
        more than one at a time.
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
        """It is about to begin: commit before it does."""
        errand[BEGUN] = True
        self._device.dirty = True

    def put_off(self, errand):
        """It could not begin, after all: it waits as before, unless it was cancelled."""
        if errand in self.entries:
            errand[BEGUN] = False
            self._device.dirty = True

    def cancel(self, kind, note):
        """Forget the errands of a kind and note; one that is under way is ended without a word."""
        kept = [e for e in self.entries if e[KIND] != kind or e[NOTE] != note]
        if len(kept) != len(self.entries):
            self._device.record["errands"] = kept
            self._device.dirty = True

    def done(self, errand, result, now):
        """It ended; the features hear of the result (None: cut off by a restart)."""
        if errand in self.entries:
            self.entries.remove(errand)
            self._device.dirty = True
        self._device.notify("errand_done", errand[KIND], errand[NOTE], result, now)

    def cut_off(self, now):
        """After a start: what was under way is over."""
        for errand in [e for e in self.entries if e[BEGUN]]:
            self.done(errand, None, now)
