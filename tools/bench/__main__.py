# SPDX-License-Identifier: MIT
"""The command line: `python3 -m tools.bench play FILE..`, `.. page`, `.. run`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def go_on_in_venv() -> None:
    """Go on under the Python of .venv, which has what the bench needs, unless this is it."""
    venv = ROOT / ".venv"
    if Path(sys.prefix).resolve() == venv.resolve():
        return
    python = venv / "bin" / "python"
    if not python.is_file():
        sys.exit("the tools are not installed: run `make venv` first")
    os.execv(python, [str(python), "-m", "tools.bench", *sys.argv[1:]])


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return the exit status (2 for wrong arguments)."""
    from tools.bench.modem import tool as modem_tool
    from tools.bench.scenario import play as playing
    from tools.bench.scenario import terminal
    from tools.bench.web import launch

    parser = argparse.ArgumentParser(
        prog="python3 -m tools.bench", description="The firmware in a simulated world."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    play = commands.add_parser("play", help="play scenario files in virtual time")
    playing.add_arguments(play)
    play.set_defaults(run=playing.play)
    run = commands.add_parser("run", help="run the firmware in real time and talk to it")
    terminal.add_arguments(run)
    run.set_defaults(run=terminal.run)
    page = commands.add_parser("page", help="run the firmware and show it in a browser")
    launch.add_arguments(page)
    page.set_defaults(run=launch.run)
    modem = commands.add_parser("modem", help="the simulated modem alone, for any AT program")
    modem_tool.add_arguments(modem)
    modem.set_defaults(run=modem_tool.run)
    args = parser.parse_args(arguments)
    try:
        status: int = args.run(args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone; nothing more can be said, not even at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1 if args.command == "play" else 0
    return status


if __name__ == "__main__":
    go_on_in_venv()
    sys.exit(main())
