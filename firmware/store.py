"""The record on flash: two slots written in turn, so that one of them is always whole.

A slot holds one line `PS1 <sequence> <length> <crc32>` and the record as JSON. The slot with the
higher sequence whose length and checksum are right is the record; the other one is the record
before it, which is used if the newer one is damaged. See `docs/storage.md`.

A record has kilobytes, and the chip's heap is in pieces after some days: nothing here asks for
more than a few hundred bytes at once, but for a single text that is longer.
"""

import binascii
import json

_MAGIC = "PS1"
_SLOTS = 2
_PIECE = 256  # bytes that are read or written at once


class Store:
    """flash: a port with `load(slot)` and `commit(slot, pieces)`; log: called with one line."""

    def __init__(self, flash, log):
        self._flash = flash
        self._log = log
        self._sequence = 0
        self.commits = 0
        self.failures = 0

    def load(self):
        """Return the newest whole record as a dict; an empty one if there is none."""
        whole = []
        for slot in range(_SLOTS):
            file = self._flash.load(slot)
            if file is not None:
                sequence = _sequence(file)
                if sequence is None:
                    self._report_damage(slot)
                else:
                    whole.append((sequence, slot))
        whole.sort()
        while whole:
            sequence, slot = whole.pop()
            record = _record(self._flash.load(slot))
            if record is not None:
                self._sequence = sequence
                return record
            self._report_damage(slot)
        self._sequence = 0
        self._log("store: no record, factory defaults")
        return {}

    def _report_damage(self, slot):
        self._log("store: slot " + str(slot) + " is damaged, not used")

    def commit(self, record):
        """Write a record; return True if it is on flash now."""
        sequence = self._sequence + 1
        try:
            self._flash.commit(sequence % _SLOTS, _slot(sequence, record))
        except OSError as error:
            self.failures += 1
            self._log("store: commit failed: " + repr(error))
            return False
        self._sequence = sequence
        self.commits += 1
        return True


def _sequence(file):
    """Return the sequence of the record in a file, None if the record is damaged; close it."""
    with file:
        try:
            magic, sequence, length, checksum = file.readline().decode().split(" ")
            size, crc = 0, binascii.crc32(sequence.encode())
            data = file.read(_PIECE)
            while data:
                size += len(data)
                crc = binascii.crc32(data, crc)
                data = file.read(_PIECE)
            if magic == _MAGIC and size == int(length) and crc == int(checksum):
                return int(sequence)
        except ValueError:
            pass
        return None


def _record(file):
    """Return the record in a file, None if it is no object; close it."""
    with file:
        file.readline()
        try:
            record = json.load(file)
        except ValueError:
            return None
        return record if type(record) is dict else None


def _slot(sequence, record):
    """Yield what a slot holds, in pieces of bytes."""
    size, crc = 0, binascii.crc32(str(sequence).encode())
    for piece in _pieces(record):
        size += len(piece)
        crc = binascii.crc32(piece, crc)
    yield (" ".join((_MAGIC, str(sequence), str(size), str(crc))) + "\n").encode()
    yield from _pieces(record)


def _pieces(record):
    """Yield a record as JSON, in pieces of bytes: the same ones each time."""
    piece = ""
    for text in _texts(record, 2):
        if piece and len(piece) + len(text) > _PIECE:
            yield piece.encode()
            piece = ""
        piece += text
    yield piece.encode()


def _texts(value, depth):
    """Yield a value as JSON; down to `depth`, each item of a dict or list is a text of its own."""
    comma = ""
    if depth and type(value) is dict:
        yield "{"
        for key in value:
            yield comma + json.dumps(key) + ": "
            yield from _texts(value[key], depth - 1)
            comma = ", "
        yield "}"
    elif depth and type(value) is list:
        yield "["
        for item in value:
            yield comma
            yield from _texts(item, depth - 1)
            comma = ", "
        yield "]"
    else:
        yield json.dumps(value)
