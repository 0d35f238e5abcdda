"""The calls of an alarm: one number after the other until somebody answers (manual 9.2).

The cycle is kept in the record together with the errand of the call that is next or under way.
A restart or a power cut finds both: a call that had begun is never begun again, the cycle goes on
with the next number. It keeps the numbers it began with, whatever becomes of the list.
"""

from powersocket.errands import CALL, NOTE
from powersocket.outbox import ALERT

_RING = 20  # s that each number is rung
_LONGEST_WAIT = 1200  # s that a call may wait for the network; then all are sent the message

# A cycle as it is stored: [[numbers], index of the one that is called, text, uptime in seconds at
# which the call was ordered].
_NUMBERS, _INDEX, _TEXT, _ORDERED = 0, 1, 2, 3


class CallCycle:
    """device: owns the record; section: name of the part whose key `cycle` is the cycle, or [];
    ends: results of a call after which nobody else is told.
    """

    def __init__(self, device, section, ends):
        self._device = device
        self._ends = ends
        self._section = section

    @property
    def _cycle(self):
        return self._device.record[self._section]["cycle"]

    @property
    def running(self):
        """True from the alarm until somebody answered or the messages are owed."""
        return _valid(self._cycle)

    def begin(self, numbers, text, now):
        """Call the numbers in their order; if nobody answers, owe the text to all of them."""
        self._keep([list(numbers), 0, text, now])
        self._order()

    def called(self, note, result, now):
        """An errand ended; return True if the cycle is over with it.

        result: of the call, None if a restart cut it off: nobody has picked up then.
        """
        if note != NOTE or not self.running:
            return False
        if result in self._ends:
            self._keep([])
            return True
        return self._next(now)

    def resume(self, now):
        """After a start: go on if the record says so; uptime may have begun anew."""
        if not self.running:
            if self._cycle:
                self._keep([])  # damaged, or of another version
        elif self._errand() is None:
            self._order()
        elif self._cycle[_ORDERED] > now:
            self._cycle[_ORDERED] = now
            self._device.changed()

    def cancel(self):
        """End it now, the running call too; nobody else is told."""
        self._device.errands.cancel(CALL, NOTE)
        if self._cycle:
            self._keep([])

    def deadline(self):
        """Return the uptime in seconds at which a call has waited too long, or None."""
        errand = self._errand()
        if errand is not None and errand[3]:
            return None  # under way: that has an end of its own
        return self._cycle[_ORDERED] + _LONGEST_WAIT

    def give_up(self):
        """There is no network to call by: owe the message to everybody, it waits in the outbox."""
        numbers, text = self._cycle[_NUMBERS], self._cycle[_TEXT]
        self.cancel()
        self._device.outbox.add(ALERT, ["+" + number for number in numbers], text)

    def _next(self, now):
        cycle = self._cycle
        if cycle[_INDEX] + 1 < len(cycle[_NUMBERS]):
            self._keep([cycle[_NUMBERS], cycle[_INDEX] + 1, cycle[_TEXT], now])
            self._order()
            return False
        self.give_up()
        return True

    def _order(self):
        number = self._cycle[_NUMBERS][self._cycle[_INDEX]]
        self._device.errands.add(CALL, "+" + number + " " + str(_RING), NOTE, True)

    def _errand(self):
        for errand in self._device.errands.entries:
            if errand[0] == CALL and errand[2] == NOTE:
                return errand
        return None

    def _keep(self, cycle):
        self._device.record[self._section]["cycle"] = cycle
        self._device.changed()


def _valid(cycle):
    """True if a stored cycle can be used."""
    if len(cycle) != 4 or type(cycle[_NUMBERS]) is not list or type(cycle[_INDEX]) is not int:
        return False
    if type(cycle[_TEXT]) is not str or type(cycle[_ORDERED]) is not int:
        return False
    numbers = all([type(number) is str for number in cycle[_NUMBERS]])
    return numbers and 0 <= cycle[_INDEX] < len(cycle[_NUMBERS])
