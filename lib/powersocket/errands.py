"""What the modem has to do for a feature, takes time, and cannot be replayed: a USSD code, a call.

An errand is recorded before it begins and marked as begun; a restart in between finds it so, and
tells its feature that it was cut off: it is never begun twice (spec chapter 8).

An errand is a list, as it is stored: [kind, argument, note, begun]. The note is the feature's own,
e.g. to whom the answer goes.
"""

_MOST = 6
CALL = "call"  # the errand: its argument is `+number seconds`
NOTE = "alarm"  # the mark of the sensor alarm's calls


class Errands:
    """Bounded, first in first out. `device` owns the record and the log."""

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
        if len(self.entries) >= _MOST and not urgent:
            self._device.log("errands: too many, refused " + kind)
            return False
        place = len([e for e in self.entries if e[3]]) if urgent else len(self.entries)
        self.entries.insert(place, [kind, argument, note, False])
        self._device.changed()
        return True

    def first(self):
        """Return the errand to do next, or None."""
        return self.entries[0] if self.entries else None

    def begin(self, errand):
        """It is about to begin: commit before it does."""
        errand[3] = True
        self._device.changed()

    def cancel(self, kind, note):
        """Forget the errands of a kind and note; one that is under way is ended, untold."""
        kept = [e for e in self.entries if e[0] != kind or e[2] != note]
        if len(kept) != len(self.entries):
            self._device.record["errands"] = kept
            self._device.changed()

    def done(self, errand, result, now):
        """It ended; its features hear of the result (None: cut off by a restart)."""
        if errand in self.entries:
            self.entries.remove(errand)
            self._device.changed()
        for feature in self._device.features:
            feature.errand_done(errand[0], errand[1], errand[2], result, now)

    def cut_off(self, now):
        """After a start: what was under way is over."""
        for errand in [e for e in self.entries if e[3]]:
            self.done(errand, None, now)
