# SPDX-License-Identifier: MIT
"""`python -m tools.bench page`: serves the bench page and opens it in a browser."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import webbrowser
from pathlib import Path

from tools.bench.modem.families import FAMILY
from tools.bench.runners.names import VM_HELP, vm_name
from tools.bench.scenario.files import ScenarioError, read_text
from tools.bench.scenario.hints import MODELS
from tools.bench.scenario.player import Setting
from tools.bench.scenario.terminal import speed
from tools.bench.web.bench import Bench, Choice
from tools.bench.web.commands import models, vms
from tools.bench.web.server import Server
from tools.bench.web.story import Story

PORT = 8765


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the command its arguments."""
    parser.add_argument(
        "scenario",
        nargs="?",
        type=place,
        metavar="FILE[:LINE]",
        help="a scenario to play first, up to that line",
    )
    parser.add_argument("--vm", type=vm_name, default="micropython", help=VM_HELP)
    parser.add_argument("--model", choices=MODELS, default="EP")
    parser.add_argument("--family", **FAMILY)
    parser.add_argument("--port", type=int, default=PORT, help="default: %(default)s")
    parser.add_argument("--no-open", action="store_true", help="open no browser")
    parser.add_argument(
        "--speed", type=speed, default=1.0, help="simulated seconds in a real one, or `max`"
    )


def place(text: str) -> tuple[Path, int]:
    """Return file and line of `FILE:LINE`; line 0: the whole file."""
    name, _, line = text.rpartition(":")
    return (Path(name), int(line)) if name and line.isdigit() else (Path(text), 0)


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C; return the exit status."""
    if args.model not in models():
        print(f"the firmware has no model {args.model} yet", file=sys.stderr)
        return 1
    vm = vms()[0] if args.vm == "micropython" else args.vm
    story = None
    if args.scenario is not None:
        path, line = args.scenario
        try:
            story = Story(str(path), read_text(path), before=line)
        except ScenarioError as error:
            print(error, file=sys.stderr)
            return 2
    setting = Setting(model=args.model, family=args.family)
    bench = Bench(Choice(vm, setting), speed=args.speed)
    return asyncio.run(_serve(bench, args.port, not args.no_open, story))


async def _serve(bench: Bench, port: int, show: bool, story: Story | None) -> int:
    await (bench.start() if story is None else bench.play(story))
    server = Server(bench)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    try:
        await server.start(port)
        print(f"The bench page is at {server.url} (Ctrl-C ends it)", flush=True)
        if show:
            await asyncio.to_thread(webbrowser.open, server.url)
        await stopped.wait()
    finally:
        await server.close()
        await bench.close()
        if bench.abandoned:  # a world that hangs would keep the interpreter from ending
            sys.stdout.flush()
            os._exit(0)
    return 0
