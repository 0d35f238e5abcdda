"""Messages in parts put together (3GPP 23.040, 9.2.3.24.1 and 9.2.3.24.8).

Sans-I/O: told where a part lies and the time in seconds. The parts stay on the SIM until their
message is whole, so a restart loses nothing: the sweep feeds them again, and to feed a slot twice
is harmless. Bounded: what is too much is dropped, counted, and its slots are given out by
`expired`, never silently kept.
"""

from sim800.pdu import Deliver


class _Message:
    """What is there of one message."""

    def __init__(self, key, now):
        self.key = key
        self.since = now  # s, when its first part was seen here
        self.parts = [None] * key[3]  # (slot, Deliver) by number
        self.missing = key[3]


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
        self._messages = []  # oldest first
        self._doomed = []  # slots to delete
        self.overflows = 0
        self.timeouts = 0

    def add(self, entry, slot, now):
        """Take a part (a Deliver whose concat is not None) that lies in a slot.

        Returns (the whole Deliver, the slots of its parts), or None. Its time stamp and sender
        are those of part 1, whatever came first; concat is None. A part that is there already,
        in another slot, is given out by `expired`.
        """
        reference, total, number = entry.concat
        if slot in self._doomed or self._holds(entry, slot):
            return None
        self.vacate(slot)
        if total > self._limit_parts:
            self.overflows += 1
            self._doomed.append(slot)
            return None
        message = self._find((entry.sender, entry.kind, reference, total), entry, now)
        if message.parts[number - 1] is not None:
            self._doomed.append(slot)
            return None
        message.parts[number - 1] = (slot, entry)
        message.missing -= 1
        if message.missing:
            self._bound(message)
            return None
        self._messages.remove(message)
        return _joined(message.parts), [part[0] for part in message.parts]

    def expired(self, now):
        """Return the slots to delete: copies, and parts of messages that were dropped.

        Each is given once. If it could not be deleted, its part comes in again with the sweep.
        """
        for message in list(self._messages):
            if now - message.since >= self._patience:
                self.timeouts += 1
                self._drop(message)
        slots, self._doomed = self._doomed, []
        return slots

    def vacate(self, slot):
        """Forget what lay in a slot: something else lies there now, or nothing."""
        if slot in self._doomed:
            self._doomed.remove(slot)
        for message in list(self._messages):
            for i in range(len(message.parts)):
                part = message.parts[i]
                if part is not None and part[0] == slot:
                    message.parts[i] = None
                    message.missing += 1
            if message.missing == len(message.parts):
                self._messages.remove(message)

    def clear(self):
        """Forget all slots: the SIM may be another one now."""
        self._messages = []
        self._doomed = []

    def _holds(self, entry, slot):
        """Return True if it is this part that was taken from this slot before."""
        for message in self._messages:
            for part in message.parts:
                if part is not None and part[0] == slot:
                    return part[1] == entry
        return False

    def _find(self, key, entry, now):
        """Return the message that a part belongs to: the latest that has no other in its place.

        A phone may use a reference again before the message it was used for is whole.
        """
        for i in range(len(self._messages) - 1, -1, -1):
            message = self._messages[i]
            if message.key == key:
                held = message.parts[entry.concat[2] - 1]
                if held is None or _same(held[1], entry):
                    return message
        message = _Message(key, now)
        self._messages.append(message)
        return message

    def _bound(self, latest):
        """Drop the oldest messages, but not the one that has just got a part."""
        while len(self._messages) > self._limit_messages or self._held() > self._limit_parts:
            oldest = self._messages[0]
            if oldest is latest:
                oldest = self._messages[1]
            self.overflows += 1
            self._drop(oldest)

    def _held(self):
        held = 0
        for message in self._messages:
            held += len(message.parts) - message.missing
        return held

    def _drop(self, message):
        self._messages.remove(message)
        for part in message.parts:
            if part is not None:
                self._doomed.append(part[0])


def _same(one, other):
    """Return True if two parts in the same place say the same; a copy may be stamped later."""
    return one.text == other.text and one.data == other.data


def _joined(parts):
    first = parts[0][1]
    texts = [part[1].text for part in parts]
    text = None if None in texts else "".join(texts)
    data = b"".join([part[1].data for part in parts])
    return Deliver(
        first.sender,
        first.kind,
        text,
        data,
        first.scts,
        None,
        first.pid,
        first.ports,
        first.dcs_class,
    )
