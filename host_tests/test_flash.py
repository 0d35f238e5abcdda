# SPDX-License-Identifier: MIT
"""The simulated flash: real LittleFS, power cut at every operation, NOR's rule."""

from __future__ import annotations

import pytest

from tools.bench.world.flash import UNIT, WHERE, Flash, NorViolation, Operations, PowerCut

OLD, NEW, OTHER = b"o" * 900, b"n" * 950, b"x" * 700


def test_a_record_is_what_was_written_and_outlives_a_restart() -> None:
    flash = Flash()
    assert flash.load(0) is None
    flash.commit(0, NEW)
    assert flash.load(0) == NEW
    flash.mount()
    assert flash.load(0) == NEW
    assert flash.load(1) is None


def test_geometry_is_the_boards() -> None:
    flash = Flash()
    flash.ops = Operations()
    flash.commit(0, bytes(UNIT))
    assert len(flash.image) == 2 << 20
    assert flash.ops.programs >= 1
    assert flash.ops.program_bytes % UNIT == 0


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("garbage", [False, True])
@pytest.mark.parametrize("size", [40, 900, 5000])
def test_after_a_cut_anywhere_a_commit_is_old_or_new(where: str, garbage: bool, size: int) -> None:
    flash = Flash(32)
    flash.garbage = garbage
    old, new = b"o" * size, b"n" * (size + 7)
    for _ in range(5):
        flash.commit(1, OTHER)
        flash.commit(0, old)
    before, start = flash.snapshot(), flash.ops.total
    flash.commit(0, new)
    count = flash.ops.total - start
    assert count > 0
    seen = set()
    for op in range(count):
        flash.restore(before)
        flash.cut(op, where)
        with pytest.raises(PowerCut):
            flash.commit(0, new)
        assert not flash.cut_pending
        value = flash.load(0)
        assert value in (old, new)
        assert flash.load(1) == OTHER
        flash.commit(0, b"again")  # and the file system is fit to go on with
        assert flash.load(0) == b"again"
        seen.add(value)
    assert seen == ({old, new} if where == "after" and count > 1 else seen)
    assert (new in seen) == (where == "after")


def test_a_cut_behind_the_last_operation_does_not_come() -> None:
    flash = Flash(32)
    flash.cut(10_000)
    flash.commit(0, NEW)
    assert flash.cut_pending
    flash.no_cut()
    assert flash.load(0) == NEW


def test_hundreds_of_commits_with_cuts_in_between_lose_nothing() -> None:
    flash = Flash(32)
    expected = b""
    flash.commit(0, expected)
    for i in range(400):
        data = bytes((i & 0xFF,)) * (200 + i)
        flash.cut(i % 13, WHERE[i % 3])
        try:
            flash.commit(0, data)
            flash.no_cut()
            expected = data
        except PowerCut:
            assert flash.load(0) in (expected, data)
            expected = flash.load(0) or b""
        assert flash.load(0) == expected


def test_programming_over_cells_that_are_not_erased_is_caught() -> None:
    flash = Flash(32)
    flash.commit(0, OLD)
    context = flash._mounted()
    assert context.prog(None, 20, 0, bytes(UNIT)) == 0
    assert context.prog(None, 20, 0, bytes(UNIT)) != 0
    with pytest.raises(NorViolation):
        flash.commit(0, NEW)
    assert flash.load(0) == OLD


def test_a_full_file_system_refuses_and_keeps_the_old() -> None:
    flash = Flash(8)
    flash.commit(0, OLD)
    with pytest.raises(OSError):
        flash.commit(0, bytes(40_000))
    assert flash.load(0) == OLD
    flash.commit(0, NEW)
    assert flash.load(0) == NEW


def test_a_rename_replaces_and_a_remove_is_for_good() -> None:
    flash = Flash(32)
    flash.mkdir("a")
    flash.write("a/new", NEW)
    flash.write("a/old", OLD)
    flash.rename("a/new", "a/old")
    assert flash.read("a/old") == NEW
    assert flash.read("a/new") is None
    flash.remove("a/old")
    assert flash.read("a/old") is None
