# SPDX-License-Identifier: MIT
"""Reads the record from flash, at a start and after a fault; released then (see `firmware`).

Each slot is checked in small chunks, then the newest intact one is read; see `firmware/store.py`.
"""

import binascii
import json

from powersocket import const

_CHUNK = const(256)  # bytes that are read at once


def newest(flash, slots, magic, log):
    """Return (sequence, record) of the newest intact record; (0, {}) if there is none.

    flash: its port; slots: how many there are; magic: the word that each begins with.
    """
    whole = []
    for slot in range(slots):
        file = flash.load(slot)
        if file is not None:
            sequence = _sequence(file, magic)
            if sequence is None:
                _report_damage(slot, log)
            else:
                whole.append((sequence, slot))
    whole.sort()
    while whole:
        sequence, slot = whole.pop()
        record = _record(flash.load(slot))
        if record is not None:
            return sequence, record
        _report_damage(slot, log)
    log("store: no record, factory defaults")
    return 0, {}


def _report_damage(slot, log):
    log("store: slot " + str(slot) + " is damaged, not used")


def _sequence(file, magic):
    """Return the sequence of the record in a file, None if it is damaged; close the file."""
    with file:
        try:
            word, sequence, length, checksum = file.readline().decode().split(" ")
            size, crc = 0, binascii.crc32(sequence.encode())
            data = file.read(_CHUNK)
            while data:
                size += len(data)
                crc = binascii.crc32(data, crc)
                data = file.read(_CHUNK)
            if word == magic and size == int(length) and crc == int(checksum):
                return int(sequence)
        except ValueError:
            pass
        return None


def _record(file):
    """Return the record in a file, None if it is not a JSON object; close the file."""
    with file:
        file.readline()
        try:
            record = json.load(file)
        except ValueError:
            return None
        return record if type(record) is dict else None
