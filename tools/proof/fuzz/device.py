# SPDX-License-Identifier: MIT
"""A device on a store in memory: no hardware, no modem, and as quick as it can be."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterable
from typing import Any

from powersocket import models
from powersocket.device import Device
from powersocket.record import complete

from firmware.restore import newest
from firmware.store import MAGIC, SLOTS, Store

MODELS = tuple(
    models.load(name, us)
    for name, us in (
        ("EP", False),
        ("GSM707", False),
        ("GSM706", False),
        ("GSM707", True),
        ("GSM707-LIGHT", False),
        ("GSM706-LIGHT", False),
    )
)
MOST_TICKS = 1000  # in a row; the busiest device has some dozen an hour
OURS = ("powersocket", "tools")  # whose objects hold something that an input changes
_checked: set[int] = set()  # hashes of what `Bench.is_new` was asked about


class Memory:
    """The port of the flash: two files in memory."""

    def __init__(self, *files: bytes) -> None:
        self._files: list[bytes | None] = [*files, None, None][:2]

    def load(self, slot: int) -> io.BytesIO | None:
        file = self._files[slot]
        return None if file is None else io.BytesIO(file)

    def commit(self, slot: int, pieces: Iterable[bytes]) -> None:
        self._files[slot] = b"".join(pieces)

    def record(self) -> dict:
        """Return the newest intact record, as `Store.load` does at every start."""
        return newest(self, SLOTS, MAGIC, _log)[1]


def slot(content: bytes, sequence: int = 7) -> bytes:
    """Return an intact file of the record, whatever it holds (docs/storage.md)."""
    crc = zlib.crc32(content, zlib.crc32(b"%d" % sequence))
    return b"%s %d %d %d\n%s" % (MAGIC.encode(), sequence, len(content), crc, content)


class Bench:
    """A device that has started; `now` is its uptime in seconds.

    `loaded` is the record that it has started with, as text.
    """

    def __init__(self, model: models.Model, flash: Memory, cause: str = "power") -> None:
        self.now = 100
        self._model = model
        self._flash = flash
        self.device = Device(model, {}, b"\x24\x0a\xc4\x12\x34\x56", _log, self._load)
        self.device.start(cause, self.now)

    def _load(self, features: list, record: dict | None = None) -> tuple[dict, dict]:
        if record is None:
            record = self._flash.record()
        settings = complete(record, features)
        self.loaded = repr(record)
        return record, settings

    def wait(self, seconds: int) -> None:
        """Let time pass, deadlines included."""
        device, end = self.device, self.now + seconds
        for _ in range(MOST_TICKS):
            deadline = device.next_deadline()
            if deadline is None or deadline > end:
                self.now = end
                return
            self.now = max(self.now, deadline)
            device.tick(self.now)
            assert device.next_deadline() != deadline, "a deadline is still there after its tick"
        raise AssertionError("the device ticks without end")

    def commit_and_load(self) -> None:
        """Write the record to flash and read it: it must be the same."""
        if not self.is_new("commit", *self.device.record.items(), self.device.settings):
            return
        flash = Memory()
        assert Store(flash, _log).commit(self.device.record)
        assert json.dumps(flash.record()) == json.dumps(self.device.record)

    def check_record(self) -> None:
        """Complete the record as the next start will: nothing may be lost or left to change."""
        device = self.device
        # The loader puts alerts before replies, which is how they are sent anyway.
        device.record["outbox"].sort(key=lambda entry: entry[0])
        if not self.is_new("load", *device.record.items(), device.settings):
            return
        committed = json.dumps(device.record)
        loaded = json.loads(committed)
        settings = complete(loaded, device.features)
        assert json.dumps(loaded) == committed, "the loader changed what the device has committed"
        assert settings == device.settings, "the device has other settings after a restart"

    def is_new(self, check: str, *values: Any) -> bool:
        """Tell whether this check of this model had not got one of the values before.

        Most inputs end in what others ended in, and to check that again takes most of their time.
        """
        known = {hash((check, id(self._model), repr(value))) for value in values}
        new = not known <= _checked
        _checked.update(known)
        return new


class Snapshot:
    """What a bench holds, to put it back: much quicker than to copy a bench for each input."""

    def __init__(self, bench: Bench) -> None:
        self._held: dict[int, tuple[Any, Any]] = {}  # by id: a list or dict, and what is in it
        self._hold(bench)

    def _hold(self, value: Any) -> None:
        if type(value).__module__.startswith(OURS) and not isinstance(value, tuple):
            value = vars(value)
        if isinstance(value, (list, dict)):
            if id(value) in self._held:
                return
            self._held[id(value)] = value, value.copy()
        if isinstance(value, (list, dict, tuple)):
            for part in value.values() if isinstance(value, dict) else value:
                self._hold(part)

    def restore(self) -> None:
        """Put all lists and dicts back."""
        for value, content in self._held.values():
            if isinstance(value, list):
                value[:] = content
            else:
                value.clear()
                value.update(content)


def _log(line: Any) -> None:
    assert isinstance(line, str)
