# SPDX-License-Identifier: MIT
"""Modules that are imported when they are needed: few, in one list, and really gone afterwards."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

import firmware
from host_tests.world_kit import on_line
from tools.bench.runners.vm import VmChip
from tools.bench.world.board_world import BoardWorld
from tools.bench.world.world import Host, World
from tools.build import ROOT, build_tree

LISTED = re.findall(r"^    (\S+\.\S+) ", firmware.__doc__ or "", re.MULTILINE)
SOMETIMES = {"powersocket.handbook", "sim800.concat"}
AT_THE_REPL = ("firmware.crash", "firmware.debug", "firmware.pins", "firmware.selftest")
AT_A_START = [name for name in LISTED if name not in {*SOMETIMES, *AT_THE_REPL}]
# Imported late but for good: what only some boards and models have, and what main.py starts.
FOR_GOOD = (
    "firmware.talk",
    "sim800",  # release
    "sim800.families.sim800l",
    "firmware.board",
    "firmware.app",
    "firmware.hardware",
)
MINUTE = 60_000


def late_imports() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef, str]]:
    """Yield (file, function, module) of each import within a function of the device's code."""
    files = [ROOT / "main.py", *(ROOT / "firmware").rglob("*.py"), *(ROOT / "lib").rglob("*.py")]
    for file in files:
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    yield str(file), function, node.names[0].name
                elif isinstance(node, ast.ImportFrom):
                    name = node.module or ""
                    if not (ROOT / name).is_dir():
                        yield str(file), function, name
                    for one in node.names if (ROOT / name).is_dir() else ():
                        yield str(file), function, f"{name}.{one.name}"


def test_the_list_is_short_and_names_what_there_is() -> None:
    assert len(LISTED) <= 14
    assert {*SOMETIMES, *AT_THE_REPL} < set(LISTED)
    for name in LISTED:
        path = name.replace(".", "/")
        files = (f"{path}.py", f"lib/{path}.py", f"lib/{path}/__init__.py")
        assert any((ROOT / file).is_file() for file in files), name


def test_who_imports_one_releases_it() -> None:
    found = set()
    for file, function, module in late_imports():
        if module in FOR_GOOD:
            continue
        found.add(module)
        where = f"{file}: {function.name} imports {module}"
        assert module in LISTED, where
        if module == "firmware.crash":
            continue  # the chip restarts
        assert isinstance(function, ast.FunctionDef), where
        assert f"release('{module}')" in ast.unparse(function), where
    # The other two are for a person at the REPL.
    assert found == {
        name for name in LISTED if name not in ("firmware.debug", "firmware.selftest")
    }


def live(held: str) -> tuple[int, list[str]]:
    """Return the live heap of a firmware that keeps a released module, and what is loaded."""
    chips: list[VmChip] = []

    def factory(host: Host) -> VmChip:
        program = "host_tests.vm_app.programs"
        extra = ["host_tests/vm_app/programs.py"]
        chips.append(VmChip(host, application=program, extra=extra))
        return chips[-1]

    world = World(chip_factory=factory, config={"program": "held", "held": held})
    on_line(world)
    world.run_for(2 * MINUTE)
    found = chips[-1].measure(), chips[-1].modules()
    world.close()
    return found


def test_what_a_start_needs_is_gone_afterwards() -> None:
    """A module that is kept on purpose takes its size more: so the released one was free.

    The collector takes every word for a pointer, and some are none: hence a part of the size.
    """
    bytes_live, loaded = live("")
    assert not set(loaded) & set(LISTED)
    for name in AT_A_START:
        path = name.replace(".", "/")
        files = (f"{path}.mpy", f"lib/{path}.mpy", f"lib/{path}/__init__.mpy")
        (file,) = (build_tree() / each for each in files if (build_tree() / each).is_file())
        held, _ = live(name)
        assert held - bytes_live > 0.6 * file.stat().st_size, name


@pytest.mark.parametrize("name", AT_THE_REPL)
def test_what_main_and_a_person_need_can_be_released(name: str) -> None:
    """The second time, when its names are known, it leaves nothing behind."""
    world = BoardWorld()
    world.button_held = True
    world.power_on()
    world.run_for(1000)
    chip = world.chip._chip
    assert isinstance(chip, VmChip)
    assert not set(chip.modules()) & set(LISTED)

    def typed(line: str) -> int:
        world.repl(line)
        world.run_for(1000)
        assert "Error" not in world.prints[-1], world.prints[-1]
        return chip.measure()

    package, _, module = name.rpartition(".")
    typed("from sim800 import release")
    bring, drop = f"from {package} import {module}", f"{module} = release('{name}')"
    typed(bring)
    before = typed(drop)
    assert typed(bring) - before > 500
    after = typed(drop)
    assert name not in chip.modules()
    assert abs(after - before) < 100  # a line typed is a few blocks of 16 bytes more or less
    world.close()
