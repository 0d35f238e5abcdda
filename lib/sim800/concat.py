"""Messages in parts put together (3GPP 23.040, 9.2.3.24.1).

The parts stay in the SIM until they are whole, so a restart loses nothing: the sweep feeds them
again. Told the time in seconds; bounded.
"""

_MOST_MESSAGES = 3
_MOST_PARTS = 6  # of all messages together: they may not fill a SIM of ten
_PATIENCE = 3600  # s for which a missing part is waited for


class _Incomplete:
    def __init__(self, key, now):
        self.key = key
        self.since = now
        self.parts = {}  # number -> (slot, Deliver)
        self.spare = []  # slots of parts that came twice


class Reassembler:
    """Collects parts until their message is whole."""

    def __init__(self):
        self._messages = []
        self._doomed = []

    def add(self, entry, slot, now):
        """Take a part from a slot; return (the whole Deliver, its slots), or None.

        Feeding the same slot again is harmless.
        """
        reference, total, number = entry.concat
        message = self._find((entry.sender, reference, total), now)
        known = message.parts.get(number)
        if known is None:
            message.parts[number] = (slot, entry)
        elif known[0] != slot and slot not in message.spare:
            message.spare.append(slot)
        if len(message.parts) < total:
            self._bound()
            return None
        self._messages.remove(message)
        parts = [message.parts[i] for i in range(1, total + 1)]
        return _joined(parts), [part[0] for part in parts] + message.spare

    def _find(self, key, now):
        for message in self._messages:
            if message.key == key:
                return message
        message = _Incomplete(key, now)
        self._messages.append(message)
        return message

    def _bound(self):
        while len(self._messages) > _MOST_MESSAGES or self._held() > _MOST_PARTS:
            self._doom(self._messages[0])

    def _held(self):
        return sum([len(m.parts) for m in self._messages])

    def _doom(self, message):
        self._messages.remove(message)
        self._doomed.extend([message.parts[n][0] for n in message.parts])
        self._doomed.extend(message.spare)

    def expired(self, now):
        """Return the slots to delete: of parts too old, or too many to be kept."""
        for message in list(self._messages):
            if now - message.since >= _PATIENCE:
                self._doom(message)
        slots, self._doomed = self._doomed, []
        return slots


def _joined(parts):
    first = parts[0][1]
    texts = [part[1].text for part in parts]
    whole = None if None in texts else "".join(texts)
    fields = list(first)
    fields[2] = whole
    fields[5] = None
    return type(first)(*fields)
