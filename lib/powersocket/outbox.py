"""The messages that are owed: alerts and replies, kept in the record until they have left.

An alert goes before a reply and is kept until the network took it, so that it may come twice but
is never lost. A reply is marked *begun* just before it is given to the modem; if its sending is
then cut off, it is not sent again (spec chapter 8).

An entry is a list, as it is stored: [kind, [numbers], text, begun].
"""

ALERT = 0
REPLY = 1

_MOST = (20, 10)  # entries of each kind; alerts hold one entry for all their numbers
_TRIES = (24, 5)  # of a transient error, before a number is given up
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
        self._tries = 0
        self._due = 0
        self.dropped = 0

    @property
    def entries(self):
        """The entries, oldest first."""
        return self._device.record["outbox"]

    def clean(self):
        """After a start: a reply that was begun may have left, and is not sent again."""
        kept = [e for e in self.entries if not (e[0] == REPLY and e[3])]
        if len(kept) != len(self.entries):
            self._drop(len(self.entries) - len(kept), "reply cut off by a restart")
            self._device.record["outbox"] = kept

    def add(self, kind, numbers, text):
        """Owe a text to each of the numbers."""
        if not numbers:
            return
        same = [e for e in self.entries if e[0] == kind]
        if len(same) >= _MOST[kind]:
            self.entries.remove(same[0])
            self._drop(1, "outbox full")
        self.entries.append([kind, list(numbers), text, False])
        self._device.changed()

    def _drop(self, count, why):
        self.dropped += count
        self._device.changed()
        self._device.log("outbox: dropped " + str(count) + ", " + why)

    def first(self):
        """Return the entry to send next, or None."""
        best = None
        for entry in self.entries:
            if best is None or entry[0] < best[0]:
                best = entry
        return best

    def due(self):
        """Return the uptime in seconds before which nothing is to be tried."""
        return self._due

    def begin(self, entry):
        """The entry is about to be given to the modem."""
        if entry[0] == REPLY and not entry[3]:
            entry[3] = True
            self._device.changed()

    def result(self, entry, number, result, now):
        """Take the result of a try to send an entry to one of its numbers."""
        if entry not in self.entries:
            return
        again = result == TRANSIENT or (result == UNKNOWN and entry[0] == ALERT)
        if again and self._tries + 1 < _TRIES[entry[0]]:
            self._due = now + _PAUSES[min(self._tries, len(_PAUSES) - 1)]
            self._tries += 1
            self._retry_later(entry, number)
            return
        self._tries = 0
        self._due = 0
        entry[1].remove(number)
        entry[3] = False
        if not entry[1]:
            self.entries.remove(entry)
        self._device.changed()
        if result != SENT:
            self._drop(1, "not sent, " + result)

    def _retry_later(self, entry, number):
        """Let the other numbers and entries have their turn first."""
        entry[1].remove(number)
        entry[1].append(number)
        entry[3] = False
