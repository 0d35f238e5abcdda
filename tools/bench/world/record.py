# SPDX-License-Identifier: MIT
"""What the device keeps on its flash, as somebody who looks at the chip would read it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from firmware.store import Store
from tools.bench.world.flash import Flash


class _Port:
    """The flash in the shape that the firmware's store wants."""

    def __init__(self, flash: Flash) -> None:
        self._flash = flash

    def load(self, slot: int) -> io.BytesIO | None:
        data = self._flash.load(slot)
        return None if data is None else io.BytesIO(data)

    def commit(self, slot: int, pieces: Iterable[bytes]) -> None:
        self._flash.commit(slot, b"".join(pieces))


def read(flash: Flash) -> dict[str, Any]:
    """Return the newest whole record, empty on a factory-new device."""
    record: dict[str, Any] = Store(_Port(flash), lambda line: None).load()
    return record


def cause(record: dict[str, Any], relay: str, on: bool) -> str:
    """Return what gave a relay its state, in the words of WHY.

    Args:
        relay: socket or micro.
        on: the state; if the record has another, there is no power, and no cause: "".
    """
    part = record.get(relay, {})
    return str(part.get("by", "")) if part.get("on") == on else ""


def write(flash: Flash, record: dict[str, Any]) -> None:
    """Put a record on a flash, as if the device had committed it."""
    store = Store(_Port(flash), lambda line: None)
    store.load()
    store.commit(record)
