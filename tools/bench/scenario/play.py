# SPDX-License-Identifier: MIT
"""`python -m tools.bench play`: plays files and says what came of them."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TextIO

from tools.bench.modem.families import FAMILY
from tools.bench.runners.names import VM_HELP, vm_name
from tools.bench.scenario.files import ScenarioError, read
from tools.bench.scenario.player import Player, make_world
from tools.bench.scenario.report import Result, clock, summary
from tools.bench.scenario.steps import Step
from tools.bench.world.world import World

HELD, FAILED, UNREADABLE = 0, 1, 2
TRACED = ("uart_tx", "uart_rx", "log", "crash", "restart", "relay", "microrelay", "led", "call")
PAGE = ".venv/bin/python -m tools.bench page"  # opens a scenario at a line
ARROWS = {"uart_tx": "-> modem", "uart_rx": "<- modem"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the command its arguments."""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="a scenario, or a folder of them"
    )
    parser.add_argument("--vm", type=vm_name, default="cpython", help=VM_HELP)
    parser.add_argument("--family", **FAMILY)
    parser.add_argument("--trace", action="store_true", help="show AT traffic and device log")
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="show each step as it is done"
    )


def play(args: argparse.Namespace, out: TextIO | None = None) -> int:
    """Play the files; return the exit status."""
    out = out or sys.stdout
    scenarios, unreadable = _read_all(args.files)
    player = Player(
        partial(make_world, vm=args.vm, family=args.family),
        on_world=(lambda world: _trace(world, out)) if args.trace else None,
        on_step=(lambda world, step: _show(world, step, out)) if args.verbose else None,
    )
    results = []
    for path, steps in scenarios:
        if args.verbose:
            print(f"{path}:", file=out)
        result = player.play_steps(path, steps)
        results.append(result)
        _tell(result, args, out)
    if results:
        print(summary(results), file=out)
    if unreadable:
        return UNREADABLE
    return HELD if all(result.held for result in results) else FAILED


def _read_all(paths: list[Path]) -> tuple[list[tuple[Path, list[Step]]], bool]:
    """Read everything before anything is played; tell what cannot be read."""
    scenarios, unreadable = [], False
    for path in paths:
        try:
            scenarios += [(file, read(file)) for file in _files(path)]
        except ScenarioError as error:
            print(error, file=sys.stderr)
            unreadable = True
    return scenarios, unreadable


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(path.rglob("*.scn"))
    if not files:
        raise ScenarioError(str(path), 0, "there is no .scn file in this folder")
    return files


def _tell(result: Result, args: argparse.Namespace, out: TextIO) -> None:
    options = f"--vm {args.vm}"
    if args.family != FAMILY["default"]:
        options += f" --family {args.family}"
    for failure in result.failures:
        print(failure, file=out)
        print(f"    see it:   {PAGE} {failure.where} {options}", file=out)
    left = result.steps - result.played
    if left and result.failures:
        steps = "1 step" if left == 1 else f"{left} steps"
        print(f"    stopped here; {steps} of this file not played", file=out)


def _show(world: World, step: Step, out: TextIO) -> None:
    print(f"{clock(world.now):>16}  {step.render()}", file=out)


def _trace(world: World, out: TextIO) -> None:
    def show(kind: str, text: str) -> None:
        if kind in TRACED:
            print(f"{clock(world.now):>16}  {ARROWS.get(kind, kind):<8}  {text}", file=out)

    world.observe(show)
