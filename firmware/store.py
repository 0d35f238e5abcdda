# SPDX-License-Identifier: MIT
"""The record on flash: two slots written in turn, so that one of them is always intact.

A slot holds one line `PS1 <sequence> <length> <crc32>` and the record as JSON. The slot with the
higher sequence whose length and checksum are right is the record. The other slot holds the record
before it, which is used if the newer one is damaged. See `docs/storage.md`.

The record can have kilobytes, and after some days no free block of the heap is that large. So it
is written in pieces of a few hundred bytes. `firmware/restore.py` reads it.
"""

import binascii
import json

from powersocket import const
from sim800 import release

MAGIC = "PS1"
SLOTS = const(2)
_PIECE = const(256)  # bytes written at once; more only if a single text is longer


class Store:
    """flash: a port with `load(slot)` and `commit(slot, pieces)`; log: called with one line."""

    def __init__(self, flash, log):
        self._flash = flash
        self._log = log
        self._sequence = 0
        self.commits = 0
        self.failures = 0

    def load(self):
        """Return the newest intact record as a dict; an empty one if there is none."""
        from firmware.restore import newest

        self._sequence, record = newest(self._flash, SLOTS, MAGIC, self._log)
        release("firmware.restore")
        return record

    def commit(self, record):
        """Write a record; return True if it is on flash now."""
        sequence = self._sequence + 1
        try:
            self._flash.commit(sequence % SLOTS, _slot(sequence, record))
        except OSError as error:
            self.failures += 1
            self._log("store: commit failed: " + repr(error))
            return False
        self._sequence = sequence
        self.commits += 1
        return True


def _slot(sequence, record):
    """Yield what a slot holds, in pieces of bytes."""
    size, crc = 0, binascii.crc32(str(sequence).encode())
    for piece in _pieces(record):
        size += len(piece)
        crc = binascii.crc32(piece, crc)
    yield (" ".join((MAGIC, str(sequence), str(size), str(crc))) + "\n").encode()
    yield from _pieces(record)


def _pieces(record):
    """Yield a record as JSON, in pieces of bytes; the same pieces each time."""
    texts: list[str] = []
    size = 0
    for text in _texts(record, 2):
        if texts and size + len(text) > _PIECE:
            yield "".join(texts).encode()
            texts, size = [], 0
        texts.append(text)
        size += len(text)
    yield "".join(texts).encode()


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
