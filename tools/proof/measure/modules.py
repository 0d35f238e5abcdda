# SPDX-License-Identifier: MIT
"""Where the heap at rest goes: to each module, to the names, and to what runs.

The modules are imported one by one into an empty VM, those first that others need. The names of a
program are in pools that double when they are full: they are counted apart, lest the module that
needed one more name is charged with all the names to come.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tools.bench.runners.vm import BENCH_SOURCES, Child, VmChip, command, versions
from tools.bench.world.board_world import CHIP
from tools.build import ROOT, build_tree, sizes
from tools.proof.measure.budget import wrapped
from tools.proof.measure.device import SETTLE, Device, Failed

STAGES = "tools.proof.measure.stages"
ON_THE_CHIP = ("firmware.hardware", "ds18b20")  # in whose place are the bench's ports
HALTS = 4
# What stands in for the board's modules, that hardware.py can be imported.
STAND_INS = [file.removesuffix(".py").replace("/", ".") for file in CHIP[:4]]
BENCH = [file.removesuffix(".py").replace("/", ".") for file in BENCH_SOURCES]


class Reading(NamedTuple):
    """The heap of a VM: bytes in use, names, and bytes of the pools of names."""

    heap: int
    names: int
    pools: int


class Cost(NamedTuple):
    """What a module costs: bytes of heap without the pools of names, and new names."""

    name: str
    heap: int
    names: int


def modules(model: str) -> None:
    """Print the tables of a model."""
    with Device(model) as device:
        loaded = set(device.chip.modules())
        at_rest = read(device.chip)
    order = by_need({n: path for n, path in _sources().items() if n in {*loaded, *ON_THE_CHIP}})
    readings = list(_import([*STAND_INS, *order, *BENCH, STAGES]))
    found = costs(order, readings[len(STAND_INS) :])
    probe = costs([STAGES], readings[-2:])[0].heap
    _print_modules(model, found)
    ours = sum(cost.heap for cost in found if cost.name not in ON_THE_CHIP)
    chip = sum(cost.heap for cost in found) - ours
    print(f"what is live of {model} at rest, in bytes")
    for what, size in parts(readings[0], _halts(model, probe), at_rest, ours):
        print(f"  {what:58}{size:8,}")
    print(f"  {'in all':58}{at_rest.heap:8,}")
    print(f"  on a chip hardware.py is in the bench's place: {chip:,}, and its objects")


def _print_modules(model: str, found: list[Cost]) -> None:
    files = {_module(path): size for path, size in sizes()}
    print(f"what each module of {model} costs: bytes of .mpy, bytes live, new names")
    for cost in sorted(found, key=lambda cost: -cost.heap):
        print(f"  {cost.name:36}{files[cost.name]:7,}{cost.heap:8,}{cost.names:6}")
    mpy = sum(files[cost.name] for cost in found)
    heap, names = sum(cost.heap for cost in found), sum(cost.names for cost in found)
    print(f"  {'in all':36}{mpy:7,}{heap:8,}{names:6}")
    others = sorted({*files} - {cost.name for cost in found})
    print("  not loaded at rest:")
    print("\n".join(wrapped([f"{name} {files[name]:,}" for name in others])))


def parts(
    bare: Reading, halts: list[Reading], at_rest: Reading, ours: int
) -> list[tuple[str, int]]:
    """Return what is live at rest, and its bytes, which are `at_rest.heap` together.

    Args:
        bare: the VM alone.
        halts: of stages.py, in their order, without what it costs itself.
        at_rest: the firmware by itself.
        ours: bytes of the modules that are there at rest.
    """
    imported, composed, begun, released = (halt.heap - halt.pools for halt in halts)
    vm, rest = bare.heap - bare.pools, at_rest.heap - at_rest.pools
    return [
        ("the VM with asyncio", vm),
        ("the modules without hardware.py", ours),
        (f"pools of {at_rest.names:,} names", at_rest.pools),
        (
            "the bench: vm_main, ports, their objects and task",
            imported - (begun - released) - vm - ours,  # compose.py is released in between
        ),
        ("objects of the application", composed - imported),
        ("its tasks", begun - composed),
        ("what came since: log, state of the modem", rest - released),
    ]


def _halts(model: str, probe: int) -> list[Reading]:
    """Return a reading at each halt of stages.py, less what that costs itself."""
    found: list[Reading] = []
    with Device(model, program=STAGES, wait=False) as device:
        world = device.world

        def halted() -> bool:
            return sum("stage: " in line for line in world.logs) > len(found)

        while len(found) < HALTS:
            if not world.run_until(halted, SETTLE):
                raise Failed(f"halt {len(found)} of the start: {world.logs}")
            halt = read(device.chip)
            found.append(halt._replace(heap=halt.heap - probe))
    return found


def read(chip: VmChip) -> Reading:
    """Return what the heap of a chip is."""
    return Reading(chip.measure(), *chip.names())


def _import(names: list[str]) -> Iterator[Reading]:
    """Import modules one by one into an empty VM; yield its heap before the first, after each."""
    tree = build_tree([*BENCH_SOURCES, *CHIP, STAGES.replace(".", "/") + ".py"])
    child = Child(command("imports.mjs", versions()[0], tree, json.dumps({"modules": names})))
    for _ in range(len(names) + 1):
        yield Reading(**child.receive())
    child.kill()


def costs(names: Iterable[str], readings: list[Reading]) -> list[Cost]:
    """Return what each module cost: readings are before the first, and after each."""
    return [
        Cost(name, (b.heap - b.pools) - (a.heap - a.pools), b.names - a.names)
        for name, a, b in zip(names, readings, readings[1:], strict=False)
    ]


def by_need(sources: dict[str, Path]) -> list[str]:
    """Return the names of modules so that each comes after those that it imports.

    sources: name -> file; what is imported within a function does not count.
    """
    order: list[str] = []

    def add(name: str) -> None:
        if name not in order:
            for needed in _needs(name, sources):
                add(needed)
            order.append(name)

    for name in sorted(sources):
        add(name)
    return order


def _needs(name: str, sources: dict[str, Path]) -> Iterator[str]:
    """Yield the modules that must be there before one: its packages, and what it imports."""
    parts = name.split(".")
    found = [".".join(parts[:i]) for i in range(1, len(parts))]
    for node in ast.parse(sources[name].read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    yield from (needed for needed in found if needed in sources)


def _sources() -> dict[str, Path]:
    """Return the file of each module that a board gets."""
    found = {}
    for path, _ in sizes():
        found[_module(path)] = ROOT / path.replace(".mpy", ".py")
    return found


def _module(path: str) -> str:
    """Return the name of the module in a file."""
    name = path.removeprefix("lib/").removesuffix(".mpy").removesuffix("/__init__")
    return name.replace("/", ".")
