# SPDX-License-Identifier: MIT
"""Makes each portable test run twice: on CPython, and on the MicroPython VM as an item of its own.

host_tests/portable/test_*.py hold plain functions, `def` or `async def`, and import no pytest.
Modules with `SMOKE = True`, most of them, run on the newest version of MicroPython too; those that
try all lengths or bytes do not. An item of the VM is chosen by its name:
`pytest "host_tests/portable/test_at.py::test_x[micropython-1.24.1]"`.

pytest-xdist gives out the tests one by one. Those that share something that is slow to make, as
a run of the VM or a browser, are of one `xdist_group` and stay on one worker. So do those that
mostly wait for real time: side by side they would leave the cores idle, and disturb each other.
"""

from __future__ import annotations

import gc
import inspect
import signal
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from host_tests.vm_harness import PORTABLE, run_on_cpython, run_on_vm
from tools.bench.runners.vm import versions
from tools.build import ROOT, BuildError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGE_MS = 30_000  # what a page may take to show something while the other tests run
TIMEOUT = 90  # s of real time on CPython; virtual time is bounded by the harness
# They wait for real time, as does all of host_tests/interop. There are so many of them that
# pytest-xdist, which begins with the largest groups, gives them to a worker at once.
WAITING = {
    "test_board_upkeep.py",
    "test_deploy.py",
    "test_deploy_cut_off.py",
    "test_deploy_errors.py",
    "test_modem_at_a_port.py",
    "test_port_errors.py",
    "test_terminal.py",
}
_RESULTS = pytest.StashKey[dict[tuple[Path, str], dict[str, str]]]()


def _portable(path: Path) -> bool:
    return path.parent == ROOT / PORTABLE


@pytest.fixture(scope="module")
def browser() -> Generator[Browser, None, None]:
    """Give a headless Chromium. Tests that want it are skipped where there is none."""
    # Slow to import, and few tests need them.
    from playwright.sync_api import expect, sync_playwright

    from tools.bench.web.background import BROWSER_OPTIONS, chromium

    expect.set_options(timeout=PAGE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=BROWSER_OPTIONS)
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> Generator[None, Any, Any]:
    """Add the VM's items after each portable test."""
    made = yield
    if not (isinstance(collector, pytest.Module) and _portable(collector.path)):
        return made
    if not (name.startswith("test_") and inspect.isfunction(obj)):
        return made
    if inspect.signature(obj).parameters:
        raise collector.CollectError(f"{name}: a portable test has no parameters")
    oldest, *newer = versions()
    smoke = getattr(collector.module, "SMOKE", False)
    # An async function is made by hand: pytest wants a plug-in for those.
    items: list[pytest.Item] = list(made or [])
    if not items:
        items.append(pytest.Function.from_parent(collector, name=name))
    for version in [oldest, *newer] if smoke else [oldest]:
        item = VmItem.from_parent(
            collector, name=f"{name}[micropython-{version}]", test=name, version=version
        )
        item.add_marker(pytest.mark.xdist_group(f"{collector.path.stem} {version}"))
        items.append(item)
    return items


def pytest_configure() -> None:
    """Let Ctrl-C be heard by what the tests start, also if a shell runs them in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bound the portable tests, and put those together that wait.

    On the VM the harness bounds them, and an item may run its module.
    """
    for item in items:
        if _portable(item.path) and not isinstance(item, VmItem):
            item.add_marker(pytest.mark.timeout(TIMEOUT))
        if item.path.name in WAITING or item.path.parent.name == "interop":
            item.add_marker(pytest.mark.xdist_group("waiting"))


def pytest_collection_finish() -> None:
    """Leave what stays to the end out of the garbage collections that tests ask for.

    Each would otherwise go through some thousand items and all that they import.
    """
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run async tests, in virtual time."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    run_on_cpython(pyfuncitem.obj)
    return True


class VmFailure(Exception):
    """A test failed on the VM; the text is what there is to say."""


class VmItem(pytest.Item):
    """One portable test on the MicroPython VM."""

    def __init__(self, *, test: str, version: str, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.test = test
        self.version = version

    def runtest(self) -> None:
        problem = self._results()[self.test]
        if problem:
            raise VmFailure(problem)

    def _results(self) -> dict[str, str]:
        """Run all chosen tests of this module on this version, once in the session."""
        known = self.session.stash.setdefault(_RESULTS, {})
        key = (self.path, self.version)
        if key not in known:
            tests = [
                item.test
                for item in self.session.items
                if isinstance(item, VmItem) and (item.path, item.version) == key
            ]
            if not (ROOT / ".venv" / "micropython" / self.version / "micropython.mjs").is_file():
                raise VmFailure(f"MicroPython {self.version} is not installed: run make test")
            try:
                known[key] = run_on_vm(self.path, tests, self.version)
            except BuildError as error:
                known[key] = dict.fromkeys(tests, str(error))
        return known[key]

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, VmFailure):
            return f"{self.test} on MicroPython {self.version}:\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        line = inspect.getsourcelines(getattr(self.parent.obj, self.test))[1] - 1  # type: ignore[union-attr]
        return self.path, line, self.name
