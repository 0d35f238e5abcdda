# SPDX-License-Identifier: MIT
"""VmChip: the lock-step with a MicroPython VM, and every way in which it can go wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tools.bench.runners.cpython import DeviceError, PowerCut
from tools.bench.runners.vm import DeviceHung, VmChip, versions

PARROT = "host_tests/vm_app/parrot.py"
OLDEST = versions()[0]
WRAP = 1 << 30


class FakeHost:
    """Takes down what the device does; `on_output` and `on_call` may do more."""

    def __init__(self) -> None:
        self.outputs: list[tuple[str, str]] = []
        self.on_output: Callable[[str, str], None] = lambda name, arg: None
        self.on_call: Callable[[str, str], str] = lambda name, arg: "-"

    def output(self, name: str, arg: str) -> None:
        self.outputs.append((name, arg))
        self.on_output(name, arg)

    def call(self, name: str, arg: str) -> str:
        self.outputs.append((f"call {name}", arg))
        return self.on_call(name, arg)

    def take(self) -> list[tuple[str, str]]:
        taken, self.outputs = self.outputs, []
        return taken


class Device:
    """A chip that runs the parrot, with a host."""

    def __init__(self, **options: Any) -> None:
        self.host = FakeHost()
        self.chip = VmChip(
            self.host,
            application="host_tests.vm_app.parrot",
            **{"version": OLDEST, "extra": [PARROT], "hang_seconds": 20, **options},
        )

    def boot(self, now: int = 0, ticks: int = 0) -> int | None:
        info = {"ticks": ticks, "cause": "power", "contact": "1", "mains": "1", "config": {}}
        return self.chip.boot(now, info)

    def order(self, now: int, *orders: str) -> int | None:
        return self.chip.resume(now, [("uart", order.encode().hex()) for order in orders])


@pytest.fixture
def make() -> Iterator[Callable[..., Device]]:
    made = []

    def device(**options: Any) -> Device:
        made.append(Device(**options))
        made[-1].boot()
        return made[-1]

    yield device
    for one in made:
        one.chip.kill()


@pytest.fixture
def parrot(make: Callable[..., Device]) -> Device:
    return make()


@pytest.mark.parametrize("version", versions())
def test_it_answers_and_asks_to_be_woken(make: Callable[..., Device], version: str) -> None:
    device = make(version=version)
    assert device.order(100, "echo hello") is None
    assert device.order(200, "sleep 1500") == 1700
    assert device.host.take() == [("uart", b"hello".hex())]
    assert device.chip.resume(1700, []) is None
    assert device.host.take() == [("log", "1700")]


def test_a_timer_is_not_run_before_its_time(parrot: Device) -> None:
    assert parrot.order(0, "sleep 1000") == 1000
    assert parrot.chip.resume(999, []) == 1000
    assert parrot.host.take() == []


@pytest.mark.parametrize("version", versions())
def test_ticks_are_what_the_world_says(version: str) -> None:
    device = Device(version=version)
    device.boot(now=5_000, ticks=WRAP - 200)
    assert (
        device.order(
            5_100,
            "ticks",
        )
        is None
    )
    assert device.order(5_150, "sleep 100") == 5_250  # over the wrap
    device.chip.resume(5_250, [])
    device.order(5_300, "ticks")
    assert device.host.take() == [("log", str(WRAP - 100)), ("log", "50"), ("log", "100")]
    device.chip.kill()


def test_a_call_is_answered_in_its_place(parrot: Device) -> None:
    parrot.host.on_call = lambda name, arg: b"record".hex()
    parrot.order(0, "load 1")
    assert parrot.host.take() == [("call flash.load", "1"), ("log", b"record".hex())]


def test_long_arguments_both_ways(parrot: Device) -> None:
    whole = len("0 ") + 2 * 100_000
    parrot.host.on_call = lambda name, arg: "" if len(arg) == whole else "!short"
    parrot.order(0, "commit 100000")
    assert parrot.host.take()[-1] == ("log", "committed")
    parrot.order(0, "echo " + "x" * 100_000)
    assert parrot.host.take() == [("uart", "78" * 100_000)]


def test_text_beyond_ascii(parrot: Device) -> None:
    parrot.order(0, 'say é€😀 "quoted" \\ \x01')
    assert parrot.host.take() == [("log", 'é€😀 "quoted" \\ \x01')]


def test_printing_without_a_newline_and_empty_lines(parrot: Device) -> None:
    parrot.order(0, "say one\n\ntwo")
    assert parrot.host.take() == [("log", "one"), ("log", ""), ("log", "two")]


def test_a_crash_ends_the_program(parrot: Device) -> None:
    assert parrot.order(0, "crash on purpose") is None
    [(name, text)] = parrot.host.take()
    assert name == "crash"
    assert text.startswith("Traceback") and text.endswith("|ValueError: on purpose")
    assert f'File "{PARROT}", line ' in text
    assert not parrot.chip.alive


@pytest.mark.parametrize("version", versions())
def test_a_lost_exception_is_an_error(make: Callable[..., Device], version: str) -> None:
    device = make(version=version)
    with pytest.raises(DeviceError, match="exception wasn't retrieved") as caught:
        device.order(0, "lose unseen")
        device.chip.resume(1, [])
    assert "ValueError: unseen" in str(caught.value)
    assert PARROT in str(caught.value)
    assert not device.chip.alive


def test_system_exit_in_a_task_is_an_error(parrot: Device) -> None:
    with pytest.raises(DeviceError, match="SystemExit"):
        parrot.order(0, "end")
    assert not parrot.chip.alive


def test_an_input_that_the_board_does_not_know_is_an_error(parrot: Device) -> None:
    with pytest.raises(DeviceError, match="unknown input nonsense"):
        parrot.chip.resume(0, [("nonsense", "")])


def test_an_application_that_does_not_import_crashes() -> None:
    host = FakeHost()
    chip = VmChip(host, version=OLDEST, application="host_tests.vm_app.none")
    info = {"ticks": 0, "cause": "power", "contact": "1", "mains": "1", "config": {}}
    assert chip.boot(0, info) is None
    assert host.take()[0][0] == "crash"
    assert not chip.alive


def test_what_hangs_is_killed(parrot: Device) -> None:
    assert parrot.chip._child is not None
    parrot.chip._child.hang_seconds = 0.5  # only now: a busy machine may take longer to boot
    with pytest.raises(DeviceHung, match=r"not idle after 0\.5 s"):
        parrot.order(0, "hang")
    assert not parrot.chip.alive


def test_a_vm_that_dies_says_what_it_said(parrot: Device) -> None:
    assert parrot.chip._child is not None
    parrot.chip._child._process.kill()
    parrot.chip._child._process.wait()
    with pytest.raises(DeviceError, match="ended with status -9"):
        parrot.chip.resume(0, [])
    assert not parrot.chip.alive


def test_power_that_fails_in_a_call(parrot: Device) -> None:
    def cut(name: str, arg: str) -> str:
        raise PowerCut

    parrot.host.on_call = cut
    assert parrot.order(0, "load 0") is None
    assert not parrot.chip.alive
    assert parrot.host.take() == [("call flash.load", "0")]


def test_killed_by_its_own_output(parrot: Device) -> None:
    parrot.host.on_output = lambda name, arg: parrot.chip.kill()
    assert parrot.order(0, "restart because") is None
    assert parrot.host.take() == [("restart", "because")]  # and what it said after that is lost
    assert not parrot.chip.alive


def test_an_error_of_the_host_is_passed_on(parrot: Device) -> None:
    def fail(name: str, arg: str) -> None:
        raise KeyError(name)

    parrot.host.on_output = fail
    with pytest.raises(KeyError):
        parrot.order(0, "echo x")
    assert not parrot.chip.alive


def test_it_can_be_booted_again(parrot: Device) -> None:
    parrot.chip.kill()
    parrot.chip.kill()
    assert not parrot.chip.alive
    parrot.boot(now=10_000, ticks=7)
    parrot.order(10_001, "ticks")
    assert parrot.host.take() == [("log", "8")]


@pytest.mark.parametrize("version", versions())
def test_the_heap_is_measured_and_capped(make: Callable[..., Device], version: str) -> None:
    device = make(version=version, heap=64 * 1024, hang_seconds=5)
    used = device.chip.measure()
    assert 5_000 < used < 40_000
    try:
        device.order(0, "fill 200")
    except DeviceError:
        # A heap that is full to the last byte may hang the VM or break its tasks in place of a
        # MemoryError, and does so or not by a few bytes: the limit held all the same.
        return
    [(_, count)] = device.host.take()
    assert (64 * 1024 - used) / 1024 - 8 < int(count) < (64 * 1024 - used) / 1000 + 1
    assert device.chip.measure() < used + 4_000
    device.order(1, "echo " + "x" * 2_000)
    assert device.host.take() == [("uart", "78" * 2_000)]


def test_the_heap_grows_if_it_may(parrot: Device) -> None:
    parrot.order(0, "fill 1000")
    assert parrot.host.take() == [("log", "1000")]


@pytest.mark.parametrize("version", versions())
def test_modules_that_the_board_does_not_have_are_not_found(
    make: Callable[..., Device], version: str
) -> None:
    device = make(version=version)
    device.order(0, "find logging")
    device.order(1, "find asyncio")
    assert device.host.take() == [("log", "no"), ("log", "yes")]


def test_versions_that_are_not_pinned() -> None:
    with pytest.raises(ValueError, match=r"no MicroPython 1\.0; there is "):
        Device(version="1.0").boot()
