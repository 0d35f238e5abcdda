# SPDX-License-Identifier: MIT
"""The walls of the house: who may import whom, from lib/ to the tests.

Every import counts: one for types alone, and one inside a function, too.
"""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tools.build import ROOT

TOPS = ("lib", "firmware", "tools", "host_tests")
# Of the bench, each may import those before it.
BENCH = ("network", "modem", "runners", "world", "scenario", "web")
# A folder of tools/proof is a proof in several files, and proof/ says who imports it.
ROOMS = [
    path.parent.relative_to(ROOT).as_posix()
    for path in sorted((ROOT / "tools").rglob("__init__.py"))
    if path.parent.parent.name != "proof"
]


@cache
def modules() -> dict[str, Path]:
    """Return every module of the repository by its name."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *TOPS]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    files = [name for name in listed.stdout.split("\n") if name.endswith(".py")]
    return {_name(name): ROOT / name for name in files if (ROOT / name).exists()}


def _name(file: str) -> str:
    return (
        file.removesuffix(".py").removesuffix("/__init__").removeprefix("lib/").replace("/", ".")
    )


@cache
def imports() -> dict[str, set[str]]:
    """Return what each module imports of the others."""
    return {name: _imported(path) - {name} for name, path in modules().items()}


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            for each in node.names:
                whole = f"{node.module}.{each.name}"
                names.append(whole if whole in modules() else str(node.module))
        found.update(name for name in names if name in modules())
    return found


def test_nothing_imports_in_a_circle() -> None:
    assert len(imports()) > 300
    TopologicalSorter(imports()).prepare()  # CycleError names the circle


def test_arrows_point_inward() -> None:
    """tools -> firmware -> lib, and neither package of lib/ knows the other."""
    ahead = {
        "sim800": {"powersocket", "firmware", "tools", "host_tests"},
        "powersocket": {"sim800", "firmware", "tools", "host_tests"},
        "firmware": {"tools", "host_tests"},
        "tools": {"host_tests"},
    }
    wrong = [
        f"{name} imports {other}"
        for name, others in imports().items()
        for other in others
        if other.split(".")[0] in ahead.get(name.split(".")[0], ())
    ]
    assert wrong == []


@pytest.mark.parametrize("room", BENCH)
def test_a_room_of_the_bench_imports_those_before_it(room: str) -> None:
    later = BENCH[BENCH.index(room) + 1 :]
    wrong = [
        f"{name} imports {other}"
        for name, others in imports().items()
        for other in others
        if name.startswith(f"tools.bench.{room}.")
        and other.startswith(tuple(f"tools.bench.{each}." for each in later))
    ]
    assert wrong == []


def test_nothing_but_tests_and_other_proofs_imports_a_proof() -> None:
    wrong = [
        f"{name} imports {other}"
        for name, others in imports().items()
        for other in others
        if other.startswith("tools.proof.")
        and not name.startswith(("tools.proof.", "host_tests."))
    ]
    assert wrong == []


def test_each_room_of_the_bench_has_its_place_in_the_order() -> None:
    rooms = {name.split(".")[2] for name in modules() if re.match(r"tools\.bench\.\w+\.", name)}
    assert rooms == set(BENCH)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is_and_who_imports_it(room: str) -> None:
    said = ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_bytes()))
    assert said is not None
    assert "import" in said.lower()
