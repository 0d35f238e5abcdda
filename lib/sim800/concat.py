"""Messages in parts put together (3GPP 23.040, 9.2.3.24.1 and 9.2.3.24.8).

Sans-I/O: told where a part lies and the time in seconds. The parts stay on the SIM until their
message is whole, so a restart loses nothing: the sweep feeds them again, and to feed a slot twice
is harmless. Bounded: what is too much is dropped, counted, and its slots are given out by
`expired`, never silently kept.
"""

from sim800.sms import Deliver


class Reassembler:
    """Collects parts until their message is whole.

    limit_parts: most parts held, of all messages together; a message of more is dropped at once.
        Keep it below the slots of the SIM, or an unfinished message locks the others out.
    limit_messages: most unfinished messages; the oldest has to go.
    patience: seconds from the first part seen until a message that is not whole is dropped.
    overflows, timeouts: how often something was dropped because of a limit, and of the patience.
    """

    def __init__(self, limit_parts=6, limit_messages=3, patience=3600):
        self._limit_parts = limit_parts
        self._limit_messages = limit_messages
        self._patience = patience
        self._messages = []  # oldest first: (key, s when first seen, [None or (slot, Deliver)])
        self._doomed = []  # slots to delete
        self.overflows = self.timeouts = 0

    def add(self, entry, slot, now):
        """Take a part (a Deliver whose concat is not None) that lies in a slot.

        Returns (the whole Deliver, the slots of its parts), or None. Its time stamp and sender
        are those of part 1, whatever came first; concat is None. A part that is there already,
        in another slot, is given out by `expired`.
        """
        reference, total, number = entry.concat
        if slot in self._doomed:
            return None
        for message in self._messages:
            if (slot, entry) in message[2]:
                return None  # taken from this slot before
        self.vacate(slot)
        if total > self._limit_parts:
            self.overflows += 1
            self._doomed.append(slot)
            return None
        message = self._find((entry.sender, entry.kind, reference, total), entry, now)
        parts = message[2]
        if parts[number - 1] is not None:
            self._doomed.append(slot)
            return None
        parts[number - 1] = (slot, entry)
        if None in parts:
            self._bound(message)
            return None
        self._messages.remove(message)
        first = parts[0][1]
        texts = [part[1].text for part in parts]
        text = None if None in texts else "".join(texts)
        data = b"".join([part[1].data for part in parts])
        entry = Deliver(first.sender, first.kind, text, data, first.scts, None, first.ports)
        return entry, [part[0] for part in parts]

    def expired(self, now):
        """Return the slots to delete: copies, and parts of messages that were dropped.

        Each is given once. If it could not be deleted, its part comes in again with the sweep.
        """
        for message in list(self._messages):
            if now - message[1] >= self._patience:
                self.timeouts += 1
                self._drop(message)
        slots, self._doomed = self._doomed, []
        return slots

    def vacate(self, slot):
        """Forget what lay in a slot: something else lies there now, or nothing."""
        if slot in self._doomed:
            self._doomed.remove(slot)
        for message in list(self._messages):
            parts = message[2]
            for i in range(len(parts)):
                if parts[i] is not None and parts[i][0] == slot:
                    parts[i] = None
            if parts.count(None) == len(parts):
                self._messages.remove(message)

    def clear(self):
        """Forget all slots: the SIM may be another one now."""
        self._messages = []
        self._doomed = []

    def _find(self, key, entry, now):
        """Return the message that a part belongs to: the latest that has no other in its place.

        A phone may use a reference again before the message it was used for is whole. A copy of a
        part may be stamped later.
        """
        for message in reversed(self._messages):
            if message[0] == key:
                held = message[2][entry.concat[2] - 1]
                if held is None or (held[1].text, held[1].data) == (entry.text, entry.data):
                    return message
        message = (key, now, [None] * key[3])
        self._messages.append(message)
        return message

    def _bound(self, latest):
        """Drop the oldest messages, but not the one that has just got a part."""
        messages = self._messages
        while len(messages) > self._limit_messages or self._limit_parts < sum(
            [len(message[2]) - message[2].count(None) for message in messages]
        ):
            self.overflows += 1
            self._drop(messages[1 if messages[0] is latest else 0])

    def _drop(self, message):
        self._messages.remove(message)
        self._doomed += [part[0] for part in message[2] if part is not None]
