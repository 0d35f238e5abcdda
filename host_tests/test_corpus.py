# SPDX-License-Identifier: MIT
"""The inputs that fuzzing has kept: they break no promise, and show when one is broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from powersocket import interpreter, record
from powersocket.features.security import Security
from sim800 import at, sms

from tools.proof.fuzz import __main__ as tool
from tools.proof.fuzz import device, orders
from tools.proof.fuzz.targets import TARGETS

Capture = pytest.CaptureFixture[str]


def inputs(target: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((tool.CORPUS / target).iterdir())]


@pytest.mark.parametrize("target", TARGETS)
def test_what_was_kept_breaks_no_promise(target: str) -> None:
    assert inputs(target)
    for data in inputs(target):
        TARGETS[target].check(data)


def test_no_input_at_all_is_one_too() -> None:
    for target in TARGETS.values():
        target.check(b"")


def test_an_input_leaves_nothing_to_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[str] = []

    def note(bench: device.Bench) -> None:
        held = bench.device
        left.append(repr((bench.now, held.record, held.settings, held.next_deadline())))

    monkeypatch.setattr(device.Bench, "check_record", note)
    for data in inputs("interpreter"):
        orders.interpreter(data)
    one_device_for_all, left = left, []
    for data in inputs("interpreter"):
        orders._started.cache_clear()
        orders.interpreter(data)
    assert left == one_device_for_all


FAULTS: dict[str, tuple[str, object, str, object]] = {
    "an alphabet with another letter": ("pdu", sms, "decode_gsm7", lambda *_: "?"),
    "other bits in a message": ("pdu", sms, "pack", lambda *_: b"!" * 9),
    "another error than the declared one": ("pdu", sms, "PduError", KeyError),
    "a URC that is not one": ("at", at.AtParser, "_is_urc", lambda self, line: False),
    "a buffer without an end": ("at", at.AtParser, "_overflow", lambda self: None),
    "a stranger is admitted": ("interpreter", Security, "admits", lambda self, message: True),
    "any password will do": ("interpreter", Security, "unlock", lambda *_: "ON"),
    "00 stays behind a +": ("interpreter", interpreter, "plain_number", lambda n: n.lstrip("+")),
    "a timer is not checked": ("record", record, "_types", lambda value: [int, bool, str]),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_noticed(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    target, place, name, wrong = FAULTS[fault]
    monkeypatch.setattr(place, name, wrong)
    monkeypatch.setattr(device, "_checked", set())  # nothing counts as known
    assert any(_fails(TARGETS[target].check, data) for data in inputs(target))


def _fails(check: Callable[[bytes], None], data: bytes) -> bool:
    try:
        check(data)
    except Exception:
        return True
    return False


@pytest.mark.parametrize(("status", "end"), [(0, "0 failed"), (77, "failed")])
def test_what_atheris_says_is_summed_up(
    status: int, end: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Capture
) -> None:
    said = "#2\tINITED cov: 3 ft: 4 corp: 1/1b\n#500\tDONE   cov: 12 ft: 34 corp: 5/60b\n"
    monkeypatch.setattr(tool, "_run", lambda arguments: (said, status))
    monkeypatch.setattr(tool, "WORK", tmp_path)
    monkeypatch.setattr(tool, "FOUND", tmp_path)
    assert tool.fuzz("interpreter", 500, 0) == (status == 0)
    printed = capsys.readouterr().out.splitlines()[-1]
    assert printed == (
        f"interpreter: 500 inputs, 12 edges, 34 features, 5 kept, {end}, 0 s,"
        " 500 inputs a second of processor time"
    )
    assert '"\\x4f\\x4e"' in (tmp_path / "interpreter.words").read_text().splitlines()  # ON
