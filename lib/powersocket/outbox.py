"""The messages that are owed: alerts and replies, kept in the record until they have left.

An alert goes before a reply and is kept until the network took it, so that it may come twice but
is never lost. A reply is marked *begun* just before it is given to the modem; if its sending is
then cut off, it is not sent again (spec chapter 8).

An entry is a list, as it is stored: [kind, [numbers], text, begun].
"""

ALERT = 0
REPLY = 1

_MOST = (20, 10)  # entries of each kind; an alert is one entry for all its numbers
_TRIES = (100, 5)  # of one number, before it is given up: about two days for an alert
_PAUSES = (10, 30, 120, 600, 1800)  # s between tries

# Results of a try.
SENT = "sent"
TRANSIENT = "transient"  # certainly not sent, may work later
FINAL = "final"  # certainly not sent, will never be
UNKNOWN = "unknown"  # may have been sent


class Outbox:
    """Bounded, ordered, told the time. `device` owns the record and the log."""

    def __init__(self, device):
        self._device = device
        # What was tried in vain: [entry, number, tries, uptime before which it rests]. Not in the
        # record: after a restart everything is tried at once.
        self._resting = []
        self.dropped = 0

    @property
    def entries(self):
        """The entries, oldest first."""
        return self._device.record["outbox"]

    def clean(self):
        """After a start: a reply that was begun may have left, and is not sent again."""
        kept: list = []
        for entry in self.entries:
            if not _valid(entry):
                self._drop("damaged")
            elif entry[0] == REPLY and entry[3]:
                self._device.changed()
                self._device.log("outbox: a reply that may have left is not sent again")
            elif len([e for e in kept if e[0] == entry[0]]) >= _MOST[entry[0]]:
                self._drop("outbox full")
            else:
                kept.append(entry)
        if len(kept) != len(self.entries):
            self._device.record["outbox"] = kept

    def add(self, kind, numbers, text):
        """Owe a text to each of the numbers."""
        if not numbers:
            return
        same_kind = [e for e in self.entries if e[0] == kind]
        if len(same_kind) >= _MOST[kind]:
            self._remove(same_kind[0])
            self._drop("outbox full")
        self.entries.append([kind, list(numbers), text, False])
        if kind == ALERT:
            # What is news is tried at once, and what these numbers are owed from before it first.
            for rest in self._resting:
                if rest[1] in numbers:
                    rest[3] = 0
        self._device.changed()

    def drop_alerts(self, texts):
        """Forget the alerts whose text begins with one of `texts`: they are owed no more."""
        for entry in list(self.entries):
            if entry[0] == ALERT and any([entry[2].startswith(text) for text in texts]):
                self._remove(entry)
                self._device.changed()

    def _remove(self, entry):
        self._device.record["outbox"] = [e for e in self.entries if e is not entry]
        self._resting = [r for r in self._resting if r[0] is not entry]

    def _same(self, entry):
        """Return the entry as the record holds it now, or None: a fault may have reloaded it."""
        for equal in (False, True):
            for other in self.entries:
                if other is entry or (equal and other == entry):
                    return other
        return None

    def _drop(self, why):
        self.dropped += 1
        self._device.changed()
        self._device.log("outbox: dropped a message, " + why)

    def empty(self):
        """Tell whether nothing is owed."""
        return not self.entries

    def next(self, now):
        """Return (entry, number) to send now, alerts first, in their order; None if all rest.

        Alerts to one number keep their order: while an earlier one rests, so do the later ones.
        """
        for entry, number, rest in self._firsts():
            if rest is None or rest[3] <= now:
                return entry, number
        return None

    def due(self):
        """Return the uptime in seconds at which something ends its rest, None if nothing rests."""
        ends = [rest[3] for _, _, rest in self._firsts() if rest is not None]
        return min(ends) if ends else None

    def _firsts(self):
        """Yield (entry, number, its rest or None) of what may be sent before all else."""
        for kind in (ALERT, REPLY):
            seen = []
            for entry in self.entries:
                if entry[0] != kind:
                    continue
                for number in entry[1]:
                    if number not in seen:
                        yield entry, number, self._rest(entry, number)
                        if kind == ALERT:
                            seen.append(number)

    def _rest(self, entry, number):
        for rest in self._resting:
            if rest[0] is entry and rest[1] == number:
                return rest
        return None

    def begin(self, entry):
        """The entry is about to be given to the modem."""
        if entry[0] == REPLY and not entry[3]:
            entry[3] = True
            self._device.changed()

    def result(self, entry, number, result, now):
        """Take the result of a try to send an entry to one of its numbers."""
        entry = self._same(entry)
        if entry is None or number not in entry[1]:
            return  # dropped meanwhile
        again = result == TRANSIENT or (result == UNKNOWN and entry[0] == ALERT)
        if again and self._put_off(entry, number, now):
            if entry[3]:
                entry[3] = False  # a reply that certainly has not left is owed again
                self._device.changed()
            return
        entry[1].remove(number)
        self._resting = [r for r in self._resting if r[0] is not entry or r[1] != number]
        if not entry[1]:
            self._remove(entry)
        self._device.changed()
        if result != SENT:
            self._drop("not sent: " + result)

    def _put_off(self, entry, number, now):
        """Let a number rest before it is tried again; return False if it had its tries."""
        rest = self._rest(entry, number)
        if rest is None:
            rest = [entry, number, 0, 0]
            self._resting.append(rest)
        if rest[2] + 1 >= _TRIES[entry[0]]:
            return False
        rest[3] = now + _PAUSES[min(rest[2], len(_PAUSES) - 1)]
        rest[2] += 1
        return True


def _valid(entry):
    """Tell whether a stored entry can be used."""
    return (
        type(entry) is list
        and len(entry) == 4
        and entry[0] in (ALERT, REPLY)
        and type(entry[1]) is list
        and all([type(n) is str for n in entry[1]])
        and len(entry[1]) > 0
        and type(entry[2]) is str
    )
