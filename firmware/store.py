"""The record on flash: two slots written in turn, so that one of them is always whole.

A slot holds one line `PS1 <sequence> <length> <crc32>` and the record as JSON. The slot with the
higher sequence whose length and checksum are right is the record; the other one is the record
before it, which is used if the newer one is damaged. See `docs/storage.md`.
"""

import binascii
import json

_MAGIC = "PS1"
_SLOTS = 2


class Store:
    """flash: a port with `load(slot)` and `commit(slot, data)`; log: called with one line."""

    def __init__(self, flash, log):
        self._flash = flash
        self._log = log
        self._sequence = 0
        self.commits = 0
        self.failures = 0
        self.bytes = 0

    def load(self):
        """Return the newest whole record as a dict; an empty one if there is none."""
        best = None
        self._sequence = 0
        for slot in range(_SLOTS):
            data = self._flash.load(slot)
            if data is None:
                continue
            found = _decode(data)
            if found is None:
                self._log("store: slot " + str(slot) + " is damaged, not used")
            elif best is None or found[0] > best[0]:
                best = found
        if best is None:
            self._log("store: no record, factory defaults")
            return {}
        self._sequence = best[0]
        return best[1]

    def commit(self, record):
        """Write a record; return True if it is on flash now."""
        sequence = self._sequence + 1
        body = json.dumps(record).encode()
        data = _header(sequence, body) + body
        try:
            self._flash.commit(sequence % _SLOTS, data)
        except OSError as error:
            self.failures += 1
            self._log("store: commit failed: " + repr(error))
            return False
        self._sequence = sequence
        self.commits += 1
        self.bytes += len(data)
        return True


def _checksum(sequence, body):
    return binascii.crc32(body, binascii.crc32(sequence.encode()))


def _header(sequence, body):
    line = (_MAGIC, str(sequence), str(len(body)), str(_checksum(str(sequence), body)))
    return (" ".join(line) + "\n").encode()


def _decode(data):
    """Return (sequence, record), or None if the slot is damaged."""
    end = data.find(b"\n")
    try:
        magic, sequence, length, checksum = data[:end].decode().split(" ")
        body = data[end + 1 :]
        if magic != _MAGIC or len(body) != int(length):
            return None
        if str(_checksum(sequence, body)) != checksum:
            return None
        record = json.loads(body)
        return (int(sequence), record) if type(record) is dict else None
    except (ValueError, UnicodeError):
        return None
