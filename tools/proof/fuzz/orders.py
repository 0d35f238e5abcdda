# SPDX-License-Identifier: MIT
"""Target of fuzzing: the interpreter, with all features behind it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, lru_cache, partial

from powersocket import handbook
from powersocket.interpreter import ALPHA, DENIED, HIDDEN, NUMBER, Message

from tools.proof.fuzz.device import MODELS, Bench, Memory, Snapshot, slot

OWNER = "+31600000001"
PASSWORD = "q7Zk2"
SENDERS = (
    (OWNER, NUMBER),
    ("0600000002", NUMBER),
    ("+0031600000003", NUMBER),
    ("+31600000009", NUMBER),
    ("1234", NUMBER),
    ("", NUMBER),
    (OWNER[1:], ALPHA),
    ("", HIDDEN),
)
LISTED = {"SECNUMBER": [OWNER[1:]], "SECLIST": "ON", "ALERTNUMBER": [OWNER[1:]]}
FLASHES = tuple(
    slot(json.dumps({"settings": settings}).encode())
    for settings in (LISTED, {"PASSWORD": PASSWORD}, {})
)
BLANKS = " \t\r\n"
END = b"\xff"  # of a message in the input: UTF-8 never has it
MOST_MESSAGES = 4
GAP = 61  # s, times 0 to 31


def interpreter(data: bytes) -> None:
    """Strangers change nothing, nobody locks himself out, what a command leaves can be loaded.

    data: the model, and whether a list, a password or nothing protects it; then messages, each who
    sends it and how long after the last one, then the text in UTF-8.
    """
    if not data:
        return
    kinds = len(MODELS)
    bench, restore = _started(data[0] % kinds, data[0] // kinds % len(FLASHES))
    restore()
    for number, message in enumerate(data[1:].split(END)[:MOST_MESSAGES]):
        if message:
            bench.wait(GAP * (message[0] >> 3))
            sender, kind = SENDERS[message[0] & 7]
            _receive(bench, Message(sender, kind, message[1:].decode("utf-8", "replace"), number))
    if bench.device.dirty:
        bench.check_record()


@cache
def _started(model: int, flash: int) -> tuple[Bench, Callable[[], None]]:
    """Return a device that has started, and what puts it back there: quicker than to start one."""
    bench = Bench(MODELS[model], Memory(FLASHES[flash]))
    bench.device.dirty = False
    for feature in bench.device.features:
        feature.rows = partial(list, tuple(feature.rows()))  # its model alone decides them
    return bench, Snapshot(bench).restore


def remember() -> None:
    """Work out once what a device's model alone decides, and which names are near a word.

    The hint to an unknown command took longer than all else. Only for a process of its own.
    """
    groups = handbook.groups
    handbook.groups = cache(lambda device: tuple(groups(device)))
    handbook.near = lru_cache(1 << 16)(handbook.near)


def _receive(bench: Bench, message: Message) -> None:
    device = bench.device
    device.record["outbox"] = []
    refused = _why_refused(device.settings, message)
    before = _state(device.record) if refused else ""
    listed = device.settings["SECLIST"]
    request = device.read(message, bench.now)
    if request is not None:
        device.carry_out(request)
    assert device.faults == 0, "a command failed"
    if device.settings["SECLIST"] != listed == "OFF":
        assert not _why_refused(device.settings, message), "who activated the list is locked out"
    if refused:
        assert request is None and _state(device.record) == before, refused
        assert not device.restart_wanted
        for _, to, text, *_ in device.record["outbox"]:
            assert to == [message.sender]
            if refused == "not listed":
                assert text.startswith(DENIED) and device.settings["SMSCONFIRMUNAUTH"] == "ON"


def _why_refused(settings: dict, message: Message) -> str:
    """Return why the message must not do anything, "" if it may."""
    if settings["SECLIST"] == "ON" and message.number not in settings["SECNUMBER"]:
        return "not listed"
    if not message.text.strip(BLANKS).startswith(settings["PASSWORD"]):
        return "without the password"
    return ""


def _state(record: dict) -> str:
    """Return all of a record but what an error reply leaves there."""
    return json.dumps({key: record[key] for key in record if key not in ("ids", "outbox")})
