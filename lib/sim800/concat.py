# SPDX-License-Identifier: MIT
"""Joins the parts of long messages (3GPP 23.040, 9.2.3.24.1 and 9.2.3.24.8).

Sans-I/O: the caller gives each part with its slot and the time in seconds. The parts stay on the
SIM until their message is complete, so a restart loses nothing: the next sweep adds them again,
and adding a slot twice is harmless. What exceeds a limit is dropped and counted, and `expired`
returns its slots to be deleted.
"""

from sim800 import const
from sim800.sms import Deliver

# A message as it is held: what its parts have in common, when the first of them was seen (s), and
# for each part None or (slot, Deliver).
_KEY = const(0)
_SINCE = const(1)
_PARTS = const(2)


class Reassembler:
    """Collects parts until their message is complete.

    longest: characters, or octets of data, after which a message is cut off, so that a long text
        takes no large block of memory.
    limit_parts: of parts of all messages together; more make the oldest message go, and a message
        with more parts than that is dropped at once. Keep it below the SIM's slots, or incomplete
        messages could fill the SIM.
    patience: seconds from the first part until an incomplete message is dropped.
    overflows, timeouts: count what was dropped because of the limits, and of the patience.
    """

    def __init__(self, longest=4000, limit_parts=6, patience=3600):
        self._longest = longest
        self._limit_parts = limit_parts
        self._patience = patience
        self.overflows = self.timeouts = 0
        self.clear()

    def clear(self):
        """Forget all slots: the SIM may be another one now."""
        self._messages = []  # oldest first, see above
        self._doomed = []  # slots to delete

    def empty(self):
        """Return True if no part is held."""
        return not self._messages and not self._doomed

    def add(self, entry, slot, now):
        """Take a part, a Deliver whose concat is not None, and its slot on the SIM.

        Return (the complete Deliver, the slots of its parts), or None. Its time stamp and sender
        are those of part 1; its concat is None. The slot of a part that is there already, in
        another slot, is returned by `expired`.
        """
        _, total, number = entry.concat
        if slot in self._doomed:
            return None
        for _, _, parts in self._messages:
            if (slot, entry) in parts:
                return None  # this slot was read before
        self.vacate(slot)
        if total > self._limit_parts:
            self.overflows += 1
            self._doomed.append(slot)
            return None
        message = self._find(entry, now)
        parts = message[_PARTS]
        if parts[number - 1] is not None:
            self._doomed.append(slot)
            return None
        parts[number - 1] = (slot, entry)
        if None in parts:
            self._bound(message)
            return None
        self._messages.remove(message)
        return self._join(parts)

    def expired(self, now):
        """Return the slots to delete: copies, and parts of messages that were dropped.

        Each is returned once. If it cannot be deleted, the next sweep adds its part again.
        """
        while self._messages and now - self._messages[0][_SINCE] >= self._patience:
            self.timeouts += 1
            self._drop(0)
        slots, self._doomed = self._doomed, []
        return slots

    def vacate(self, slot):
        """Forget the part in a slot: it has another content now, or none."""
        if slot in self._doomed:
            self._doomed.remove(slot)
        for message in list(self._messages):
            parts = message[_PARTS]
            for i in range(len(parts)):
                if parts[i] is not None and parts[i][0] == slot:
                    parts[i] = None
            if parts.count(None) == len(parts):
                self._messages.remove(message)

    def _find(self, entry, now):
        """Return the message that a part belongs to: the latest that has no other part there.

        A phone may reuse a reference before the earlier message is complete. A copy of a part may
        have a later time stamp.
        """
        reference, total, number = entry.concat
        key = (entry.sender, entry.kind, reference, total)
        for message in reversed(self._messages):
            if message[_KEY] == key:
                held = message[_PARTS][number - 1]
                if held is None or (held[1].text, held[1].data) == (entry.text, entry.data):
                    return message
        message = (key, now, [None] * total)
        self._messages.append(message)
        return message

    def _join(self, parts):
        first = parts[0][1]
        text: str | None = ""
        data, slots = b"", []
        for slot, part in parts:
            slots.append(slot)
            if part.text is None:
                text = None
            if text is not None:
                text += part.text[: self._longest - len(text)]
            data += part.data[: self._longest - len(data)]
        entry = Deliver(first.sender, first.kind, text, data, first.scts, None, first.ports)
        return entry, slots

    def _bound(self, latest):
        """Drop the oldest messages until the limit holds, but not the one that just got a part."""
        messages = self._messages
        while True:
            held = 0
            for _, _, parts in messages:
                held += len(parts) - parts.count(None)
            if held <= self._limit_parts:
                return
            self.overflows += 1
            self._drop(1 if messages[0] is latest else 0)  # the latest alone is within the limit

    def _drop(self, index):
        for part in self._messages.pop(index)[_PARTS]:
            if part is not None:
                self._doomed.append(part[0])
