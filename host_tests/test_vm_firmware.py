# SPDX-License-Identifier: MIT
"""VmChip beside CPythonChip: the same firmware does the same; and long runs stay sound."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from host_tests.world_kit import on_line
from tools.bench.runners.cpython import TICKS
from tools.bench.runners.vm import DeviceHung, VmChip, versions
from tools.bench.world.world import World

PROGRAMS = "host_tests/vm_app/programs.py"
HOUR = 3_600_000  # ms


class FakeHost:
    """Takes down what the device does."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self.passes: list[tuple[int, int]] = []

    def passed(self, now: int, turns: int) -> None:
        self.passes.append((now, turns))

    def output(self, name: str, arg: str) -> None:
        self.seen.append((name, arg))

    def call(self, name: str, arg: str) -> str:
        self.seen.append((name, arg))
        return "-"


class Device:
    """A chip with one of the programs in vm_app/programs.py."""

    def __init__(self, program: str, config: dict[str, Any] | None = None, **options: Any) -> None:
        self.host = FakeHost()
        self.config = {"program": program, **(config or {})}
        self.chip = VmChip(
            self.host, application="host_tests.vm_app.programs", extra=[PROGRAMS], **options
        )

    def boot(self) -> int | None:
        info = {"ticks": 0, "cause": "power", "contact": "0", "mains": "1", "config": self.config}
        return self.chip.boot(0, info)

    def __enter__(self) -> Device:
        return self

    def __exit__(self, *exception: object) -> None:
        self.chip.kill()


def _switch_on(vm: str, **options: Any) -> list[tuple[int, str, str]]:
    """Let the device come on line, get ON, and run for three hours; return what it did, and when.

    A dict of MicroPython has no order, so what is on flash differs (but not how often), and each
    LED is looked at by itself.
    """
    world = World(vm=vm, **options)
    seen: list[tuple[int, str, str]] = []
    leds: dict[str, list[tuple[int, str, str]]] = {}

    def observe(kind: str, text: str) -> None:
        if kind in ("uart_tx", "relay"):
            seen.append((world.now, kind, text))
        elif kind == "commit":
            seen.append((world.now, kind, ""))
        elif kind == "led":
            leds.setdefault(text.partition(" ")[0], []).append((world.now, kind, text))

    world.observe(observe)
    try:
        on_line(world)
        world.network.deliver("+31600000001", "ON")
        world.run_for(60_000)
        assert world.relay_on
        assert [message.text for message in world.network.messages] == ["Power socket ON"]
        world.run_for(3 * HOUR)
        assert world.crashes == 0, world.crash_texts[-1:]
    finally:
        world.close()
    return seen + [event for name in sorted(leds) for event in leds[name]]


@pytest.mark.parametrize("vm", ["micropython", f"micropython-{versions()[-1]}"])
def test_the_firmware_does_the_same_as_on_cpython(vm: str) -> None:
    expected = _switch_on("cpython")
    assert len(expected) > 300
    assert _switch_on(vm) == expected


def test_the_firmware_over_the_wrap_of_the_ticks() -> None:
    at_the_wrap = {"boot_ticks": TICKS - HOUR}
    assert _switch_on("micropython", **at_the_wrap) == _switch_on("cpython", **at_the_wrap)


def test_ticks_run_on_for_months() -> None:
    hours = 24 * 100  # 2^30 ms are 12.4 days, 2^32 are 49.7
    with Device("sleeper", {"times": hours, "ms": HOUR}) as device:
        wake, last = device.boot(), 0
        while wake is not None:
            last, wake = wake, device.chip.resume(wake, [])
        assert last == hours * HOUR
        assert device.host.seen == [("log", str(last % TICKS))]


def test_it_goes_on_by_itself_up_to_what_is_due_elsewhere_or_what_it_says() -> None:
    with Device("sleeper", {"times": 50, "ms": 100}) as device:
        assert device.boot() == 100
        device.chip.until = 1001
        assert device.chip.resume(100, []) == 1100
        assert device.host.passes == [(1000, 9)]
        device.chip.until = HOUR
        assert device.chip.resume(1100, []) is None
        assert device.host.passes[1:] == [(5000, 39)]
        assert device.host.seen == [("log", "5000")]


def test_the_heap_in_use_does_not_creep() -> None:
    with Device("echo") as device:
        device.boot()
        for now in range(1000):
            device.chip.resume(now, [("uart", "00")])
        before = device.chip.measure()
        for now in range(1000, 11_000):
            device.chip.resume(now, [("uart", "00")])
        assert abs(device.chip.measure() - before) < 500


@pytest.mark.parametrize("version", versions())
def test_nothing_comes_after_a_crash(version: str) -> None:
    with Device("end", version=version) as device:
        assert device.boot() is None
        [(name, text)] = device.host.seen
        assert name == "crash"
        assert text.endswith("|ValueError: first line|second ä")
        assert not device.chip.alive


def test_a_program_that_never_gets_idle_though_its_tasks_run() -> None:
    with Device("spin", hang_seconds=1) as device:
        with pytest.raises(DeviceHung):
            device.boot()
        assert not device.chip.alive


def test_a_chip_that_is_let_go_ends_its_process() -> None:
    device = Device("echo")
    device.boot()
    assert device.chip._child is not None
    process = device.chip._child._process
    del device
    gc.collect()
    assert process.returncode is not None
