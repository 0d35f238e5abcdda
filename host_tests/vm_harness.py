# SPDX-License-Identifier: MIT
"""Runs the portable tests on CPython, in virtual time, and on the MicroPython VM as .mpy files."""

from __future__ import annotations

import asyncio
import gc
import re
import selectors
import traceback
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from tools.bench.runners.cpython import DeviceError
from tools.bench.runners.vm import VmChip
from tools.build import ROOT

RUNNER = "host_tests/vm_app/run_tests.py"
PORTABLE = "host_tests/portable"
BESIDE = ("lib/sim800/reports.py",)  # of the library; not on the board, which never uses it
LONGEST = 7 * 24 * 3600 * 1000  # ms of virtual time that one test may take
MOST_WAKEUPS = 100_000  # in one test
HANG_SECONDS = 60.0  # of real time without an answer, on a machine that may be busy
INFO = {"ticks": 0, "cause": "power", "contact": "1", "mains": "1"}


class TestHung(Exception):
    """The test waits for what will never come, or goes on for ever."""

    __test__ = False


# --- CPython ---------------------------------------------------------------------------------


class _SkippingSelector(selectors.SelectSelector):
    """Lets time jump to the next timer instead of waiting for it."""

    def __init__(self) -> None:
        super().__init__()
        self.skip: Callable[[float | None], None] = lambda timeout: None

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None or timeout > 0:
            self.skip(timeout)
        return []


class _TestLoop(asyncio.SelectorEventLoop):
    """An event loop in virtual time."""

    def __init__(self) -> None:
        selector = _SkippingSelector()
        super().__init__(selector)
        selector.skip = self._skip
        self._now = 0.0
        self._closing = False
        self.faults: list[str] = []
        self.set_exception_handler(self._on_fault)

    def time(self) -> float:
        return self._now

    def _skip(self, timeout: float | None) -> None:
        if timeout is None:
            raise TestHung("nothing is left that could wake the test")
        # A hair more than asked for, so that rounding never leaves the timer ahead.
        self._now += timeout + 1e-9
        if self._now > LONGEST / 1000:
            raise TestHung(f"the test is not over after {LONGEST // 1000} s of its time")

    def _on_fault(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        text = str(context.get("message"))
        if error is not None:
            text += "\n" + "".join(traceback.format_exception(error)).strip()
        self.faults.append(text)


def run_on_cpython(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run an async test in virtual time.

    Raises:
        what the test raises; TestHung; DeviceError: a task ended by an exception nobody took.
    """
    loop = _TestLoop()
    try:
        main = loop.create_task(test())
        try:
            loop.run_until_complete(main)
        finally:
            # What the test left behind is cancelled, as asyncio.run() does it.
            left = asyncio.all_tasks(loop)
            for task in left:
                task.cancel()
            if left:
                loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            if main.done() and not main.cancelled():
                main.exception()
        del main, left
        gc.collect()  # a lost task reports itself when it is collected
        if loop.faults:
            raise DeviceError("\n".join(loop.faults))
    finally:
        loop.close()


# --- MicroPython -----------------------------------------------------------------------------


class _Host:
    """The other end of run_tests.py: takes down how each test ended."""

    def __init__(self, results: dict[str, str]) -> None:
        self.results = results
        self.current: str | None = None
        self.done = False
        self.printed: list[str] = []
        self.crash = ""
        self.begun_at_wakeup = True

    def output(self, name: str, arg: str) -> None:
        if name == "test.passed":
            self.results[arg] = ""
            self.current = None
        elif name == "test.failed":
            assert self.current is not None
            self.fail(arg)
        elif name == "test.done":
            self.done = True
        elif name == "log":
            self.printed.append(arg)
        elif name == "crash" and not self.done:
            self.crash = arg.replace("|", "\n")

    def call(self, name: str, arg: str) -> str:
        if name != "test.begin":
            return "-"
        self.current = arg
        self.printed = []
        self.begun_at_wakeup = True
        return ""

    def fail(self, text: str) -> None:
        assert self.current is not None
        printed = "".join(f"\n  printed: {line}" for line in self.printed)
        self.results[self.current] = (with_source(text.strip()) or "failed") + printed
        self.current = None


def run_on_vm(module: Path, tests: Sequence[str], version: str) -> dict[str, str]:
    """Run tests of a portable module on the VM, in one process as long as none fails.

    Args:
        module: a file in host_tests/portable.
        tests: names of its functions.
        version: of MicroPython.

    Returns:
        For each test an empty text if it passed, else what went wrong.
    """
    results: dict[str, str] = {}
    left = list(tests)
    while left:
        host = _Host(results)
        try:
            _run_until_failure(host, module, left, version)
            problem = host.crash
        except DeviceError as error:
            problem = str(error)
        if host.current is not None:
            host.fail(problem or "the program ended in the middle of the test")
        remaining = [name for name in left if name not in results]
        if len(remaining) == len(left):  # it did not even begin: an import that fails, mostly
            results.update(dict.fromkeys(left, with_source(problem or "the test did not begin")))
            break
        left = remaining
    return results


def _run_until_failure(host: _Host, module: Path, tests: list[str], version: str) -> None:
    # With its helpers, but not the other tests: one that does not compile would fail them all.
    beside = (path.name for path in sorted(module.parent.glob("*.py")) if path != module)
    helpers = [name for name in beside if not name.startswith("test_")]
    files = [*helpers, module.name] if module.is_file() else helpers
    extra = [RUNNER, *BESIDE, *(f"{PORTABLE}/{name}" for name in files)]
    application = RUNNER.removesuffix(".py").replace("/", ".")
    chip = VmChip(
        host, version=version, application=application, extra=extra, hang_seconds=HANG_SECONDS
    )
    config = {"folder": f"/{PORTABLE}", "module": module.stem, "tests": tests}
    try:
        wake = chip.boot(0, {**INFO, "config": config})
        begun = wakeups = 0
        while chip.alive and not host.done:
            if wake is None:
                raise DeviceError("hangs: nothing is left that could wake the test")
            now, wakeups = wake, wakeups + 1
            if host.begun_at_wakeup:
                host.begun_at_wakeup, begun, wakeups = False, now, 0
            if now - begun > LONGEST or wakeups > MOST_WAKEUPS:
                raise DeviceError(f"hangs: not over after {(now - begun) // 1000} s of its time")
            wake = chip.resume(now, [])
    finally:
        chip.kill()


def with_source(text: str) -> str:
    """Put its source line below each line of a MicroPython traceback that names one."""
    lines = []
    for line in text.splitlines():
        lines.append(line)
        found = re.match(r'\s*File "([^"]+)", line (\d+)', line)
        if found:
            source, number = ROOT / found[1], int(found[2])
            if source.is_file():
                code = source.read_text(encoding="utf-8").splitlines()
                if number <= len(code):
                    lines.append("    " + code[number - 1].strip())
    return "\n".join(lines)
