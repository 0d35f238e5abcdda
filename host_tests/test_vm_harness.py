# SPDX-License-Identifier: MIT
"""The portable tests' harness: what fails on the VM fails, is named, and spoils no other test."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from host_tests import vm_harness
from host_tests.vm_harness import TestHung, run_on_cpython, run_on_vm
from tools.bench.runners.cpython import DeviceError
from tools.bench.runners.vm import versions

MODULE = Path(__file__).parent / "vm_app" / "bad_tests.py"
OLDEST = versions()[0]


@pytest.fixture(autouse=True)
def in_the_folder_of_bad_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vm_harness, "PORTABLE", "host_tests/vm_app")


@pytest.mark.parametrize("version", versions())
def test_each_result_goes_to_its_test(version: str) -> None:
    names = ["test_good", "test_bad", "test_sleeps_a_day", "test_raises", "test_printed"]
    results = run_on_vm(MODULE, names, version)
    assert list(results) == names
    assert results["test_good"] == results["test_sleeps_a_day"] == ""
    assert 'File "host_tests/vm_app/bad_tests.py", line ' in results["test_bad"]
    assert "assert 1 + 1 == 3, " in results["test_bad"]  # its source
    assert "AssertionError: bad sum" in results["test_bad"]
    assert "ValueError: raised" in results["test_raises"]
    assert results["test_printed"].endswith("printed: some hint")


def test_a_test_that_waits_for_nothing_is_named() -> None:
    results = run_on_vm(MODULE, ["test_good", "test_waits", "test_raises"], OLDEST)
    assert results["test_good"] == ""
    assert "nothing is left that could wake" in results["test_waits"]
    assert "ValueError" in results["test_raises"]


@pytest.mark.parametrize("name", ["test_loops", "test_spins"])
def test_a_test_that_hangs_is_killed_and_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vm_harness, "HANG_SECONDS", 4.0)  # a busy machine
    results = run_on_vm(MODULE, ["test_good", name, "test_sleeps_a_day"], OLDEST)
    assert "not idle" in results[name]
    assert results["test_good"] == results["test_sleeps_a_day"] == ""


def test_a_test_that_sleeps_for_ever_is_named() -> None:
    results = run_on_vm(MODULE, ["test_sleeps_for_ever"], OLDEST)
    assert "not over" in results["test_sleeps_for_ever"]


def test_a_lost_task_fails_its_test() -> None:
    results = run_on_vm(MODULE, ["test_loses_a_task", "test_good"], OLDEST)
    assert "Task exception wasn't retrieved" in results["test_loses_a_task"]
    assert "ValueError: lost" in results["test_loses_a_task"]
    assert results["test_good"] == ""


def test_the_end_of_the_program_fails_its_test() -> None:
    results = run_on_vm(MODULE, ["test_exits", "test_good"], OLDEST)
    assert "SystemExit" in results["test_exits"]
    assert results["test_good"] == ""


def test_a_module_that_does_not_import_fails_each_test() -> None:
    results = run_on_vm(MODULE.with_name("no_such.py"), ["test_a", "test_b"], OLDEST)
    assert set(results) == {"test_a", "test_b"}
    assert all("ImportError" in text for text in results.values())


# --- on CPython ------------------------------------------------------------------------------


def test_cpython_time_is_virtual() -> None:
    async def sleeps() -> None:
        loop = asyncio.get_running_loop()
        before = loop.time()
        await asyncio.sleep(3600)
        assert 3600 <= loop.time() - before < 3600.001
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 5)

    run_on_cpython(sleeps)


def test_cpython_hanging_tests_are_ended() -> None:
    async def waits() -> None:
        await asyncio.Event().wait()

    async def sleeps() -> None:
        while True:
            await asyncio.sleep(60)

    with pytest.raises(TestHung, match="nothing is left"):
        run_on_cpython(waits)
    with pytest.raises(TestHung, match="not over"):
        run_on_cpython(sleeps)


def test_cpython_lost_tasks_fail() -> None:
    async def loses() -> None:
        async def fails() -> None:
            raise ValueError("lost")

        asyncio.create_task(fails())  # noqa: RUF006 - that is the point
        await asyncio.sleep(1)

    with pytest.raises(DeviceError, match="lost"):
        run_on_cpython(loses)
