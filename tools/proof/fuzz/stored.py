# SPDX-License-Identifier: MIT
"""Target of fuzzing: what is on flash at a start, and the work with it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from powersocket.interpreter import NUMBER, Message
from powersocket.outbox import SENT

from tools.proof.fuzz.device import MODELS, Bench, Memory, slot

OWNER = "+31600000001"
CAUSES = ("power", "restart")
# Makes a record that has something in every part.
STORY = (
    *("SECNUMBER+31600000001", "SECLIST=ON", "ALERTNUMBER+31600000001", "ALERT=CALL", "ALARMON"),
    *("ON600", "DATE=26/01/05,12:00:00+01", "SCHEDULER+08:00,*,ON", "TRISEALERT=30"),
    *("RING=SWITCH", "THERMOSTATON", "RESTARTTIME=20", "PASSWORD=q7Zk2", "q7Zk2STATUS"),
)
ODD: tuple[Any, ...] = (
    *(None, True, False, -1, 0, 1, 2**31, 10**12, 1.5, "", "ON", "9" * 40, [], [[]], {}, {"a": 1}),
)
MOST_EDITS = 5
EDIT = 5  # bytes: four for the way to a value, one for the new one
HERE = 0xFF  # the way ends


def record(data: bytes) -> None:
    """Whatever is on flash, the device starts, works, commits, and loads the same again.

    data: the model and the cause of the start; then changes to a real record, `EDIT` bytes each.
    """
    Memory(data).record()  # any bytes for a file
    if not data:
        return
    kinds = len(MODELS)
    model, cause = MODELS[data[0] % kinds], CAUSES[data[0] // kinds % len(CAUSES)]
    stored = json.loads(_real(data[0] % kinds))
    for start in range(1, min(len(data), MOST_EDITS * EDIT), EDIT):
        *way, new = data[start : start + EDIT]
        stored = _changed(stored, way, _values()[new % len(_values())])
    bench = Bench(model, Memory(slot(json.dumps(stored).encode())), cause)
    if not bench.is_new(cause, bench.loaded):
        return  # the loader had made the same of another record
    bench.check_record()
    _work(bench)
    bench.commit_and_load()
    bench.check_record()


@cache
def _real(model: int) -> str:
    bench = Bench(MODELS[model], Memory())
    device = bench.device
    for number, text in enumerate(STORY):
        request = device.read(Message(OWNER, NUMBER, text, number), bench.now)
        if request is not None:
            device.carry_out(request)
    device.record["outbox"] = device.record["outbox"][-1:]
    device.mains(False, bench.now)
    if device.alarm is not None:
        device.alarm.contact(True, bench.now)
    device.ring.take(OWNER, bench.now)
    device.errands.add("ussd", "*100#", OWNER)
    return json.dumps(device.record)


@cache
def _values() -> list:
    """Return what a value is replaced with: odd ones, and all that a real record has."""
    values: list[Any] = [*ODD]
    todo = [json.loads(_real(0))]
    while todo:
        value = todo.pop()
        parts = value.values() if isinstance(value, dict) else value
        for part in parts if isinstance(value, (dict, list)) else ():
            todo.append(part)
            if part not in values:
                values.append(part)
    assert len(values) <= 256  # one byte chooses
    return values


def _changed(value: Any, way: list[int], new: Any) -> Any:
    """Return a copy of a value in which the part at the end of the way is another."""
    if not way or way[0] == HERE or not value or not isinstance(value, (dict, list)):
        return new
    copy: Any = value.copy()
    keys = list(value) if isinstance(value, dict) else range(len(value))
    key = keys[way[0] % len(keys)]
    copy[key] = _changed(value[key], way[1:], new)
    return copy


def _work(bench: Bench) -> None:
    """Let a device have a bit of everything: weather, mains, calls, messages sent and received."""
    device = bench.device
    for closed in (True, False):
        if device.alarm is not None:
            device.alarm.contact(closed, bench.now)
        device.reading(400 if closed else -160, bench.now)
        device.mains(not closed, bench.now)
        device.read(Message(OWNER, NUMBER, "ON", 99), bench.now)
        if device.ring.acts(OWNER):
            device.ring.take(OWNER, bench.now)
        device.status_text(bench.now)
        errand = device.errands.first()
        if errand is not None:
            device.errands.begin(errand)
            device.errands.done(errand, "busy", bench.now)
        owed = device.outbox.next(bench.now)
        if owed is not None:
            device.outbox.text(owed[0])
            device.outbox.begin(owed[0])
            device.outbox.result(owed[0], owed[1], SENT, bench.now)
        bench.wait(100)
    assert device.faults == 0
