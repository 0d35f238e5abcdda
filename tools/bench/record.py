"""What the device keeps on its flash, as somebody who looks at the chip would read it."""

from __future__ import annotations

from typing import Any

from firmware.store import Store
from tools.bench.flash import Flash


def read(flash: Flash) -> dict[str, Any]:
    """Return the newest whole record, empty on a factory-new device."""
    record: dict[str, Any] = Store(flash, lambda line: None).load()
    return record


def write(flash: Flash, record: dict[str, Any]) -> None:
    """Put a record on a flash, as if the device had committed it."""
    store = Store(flash, lambda line: None)
    store.load()
    store.commit(record)
