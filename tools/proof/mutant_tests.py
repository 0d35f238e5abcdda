# SPDX-License-Identifier: MIT
"""Which tests run which functions of lib/: a plug-in of pytest, and what it writes down.

    MUTANT_MAP=map.json pytest -p tools.proof.mutant_tests ...    writes the map
    MUTANT_TESTS=names.txt pytest -p tools.proof.mutant_tests ... runs these tests, in this order

A function is known by its file and its first line, a test by the name that pytest gives it.
"""

from __future__ import annotations

import ast
import json
import os
import re
import sys
import threading
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = "lib"
Place = tuple[str, int]  # a file of lib/ and a function's first line


@dataclass
class TestMap:
    """What a run of all tests showed: each test's seconds, and each function's tests."""

    __test__ = False

    seconds: dict[str, float] = field(default_factory=dict)
    tests: dict[Place, list[str]] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write it to a file."""
        tests = [[*place, names] for place, names in self.tests.items()]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"seconds": self.seconds, "tests": tests}))

    @classmethod
    def load(cls, path: Path) -> TestMap:
        """Read it from a file."""
        read = json.loads(path.read_text())
        return cls(read["seconds"], {(file, line): names for file, line, names in read["tests"]})

    def of(self, places: Iterable[Place]) -> set[str]:
        """Return the tests that run one of the functions."""
        return {name for place in places for name in self.tests.get(place, ())}

    def of_files(self, files: Iterable[str]) -> set[str]:
        """Return the tests that run any function of the files."""
        wanted = set(files)
        return self.of(place for place in self.tests if place[0] in wanted)

    def order(self, names: Iterable[str], budget: float) -> list[str]:
        """Return the tests in the order to try them, as many as fit into `budget` seconds.

        The quickest first, and each group has its turn: those of one file are alike, a scenario
        is a group of its own. A test comes when its group has had as many seconds.
        """
        spent: dict[str, float] = {}
        turns = []
        for name in sorted(names, key=lambda name: (self.seconds[name], name)):
            group = name if ".scn" in name else name.split("::")[0]
            spent[group] = spent.get(group, 0) + self.seconds[name]
            turns.append((spent[group], name))
        chosen: list[str] = []
        total = 0.0
        for _, name in sorted(turns):
            if total + self.seconds[name] <= budget or not chosen:
                chosen.append(name)
                total += self.seconds[name]
        return chosen


# --- what a place in the code is, to the tests -------------------------------------------------


def function_of(tree: ast.Module, line: int) -> int | None:
    """Return the first line of the innermost function around a line; None: outside of all."""
    found = None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            inside = first <= line <= (node.end_lineno or 0)
            if inside and (found is None or first > found):
                found = first
    return found


def users_of(file: str, texts: dict[str, str]) -> list[str]:
    """Return a file and those that import it: who runs what stands outside of functions."""
    path = Path(file)
    name = path.stem if path.stem != "__init__" else path.parent.name
    named = re.compile(rf"^\s*(from|import)\b.*\b{re.escape(name)}\b", re.MULTILINE)
    return [other for other, text in texts.items() if other == file or named.search(text)]


# --- in pytest ---------------------------------------------------------------------------------


class Recorder:
    """Notes which functions of lib/ each test that passes runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.map = TestMap()
        self.run: set[Place] = set()

    def _called(self, frame: FrameType, event: str, arg: object) -> None:
        self.run.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Watch the calls of a test, of its making and of its clearing away."""
        self.run = set()
        threading.settrace(self._called)
        sys.settrace(self._called)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)
            self._note(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take down how long a test took; one that did not pass kills nothing."""
        if not report.passed:
            self.map.seconds[report.nodeid] = -1
        elif self.map.seconds.get(report.nodeid, 0) >= 0:
            before = self.map.seconds.get(report.nodeid, 0)
            self.map.seconds[report.nodeid] = round(before + report.duration, 3)

    def _note(self, name: str) -> None:
        if self.map.seconds.get(name, -1) < 0:
            return
        code = f"{ROOT / CODE}{os.sep}"
        for file, line in self.run:
            if file.startswith(code):
                place = (Path(file).relative_to(ROOT).as_posix(), line)
                self.map.tests.setdefault(place, []).append(name)

    def pytest_sessionfinish(self) -> None:
        """Write it all down."""
        self.map.save(self.path)


class Chooser:
    """Runs the named tests alone, in the order of their names."""

    def __init__(self, names: Sequence[str]) -> None:
        self.order = {name: i for i, name in enumerate(names)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Drop what was not asked for, and order the rest."""
        items[:] = [item for item in items if item.nodeid in self.order]
        items.sort(key=lambda item: self.order[item.nodeid])


def pytest_configure(config: pytest.Config) -> None:
    """Do what the environment asks for."""
    if os.environ.get("MUTANT_MAP"):
        config.pluginmanager.register(Recorder(Path(os.environ["MUTANT_MAP"])))
    if os.environ.get("MUTANT_TESTS"):
        names = Path(os.environ["MUTANT_TESTS"]).read_text(encoding="utf-8").splitlines()
        config.pluginmanager.register(Chooser(names))
