"""The command line: `python -m tools.bench play FILE..` and `python -m tools.bench run`."""

from __future__ import annotations

import argparse
import os
import sys


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return the exit status (2 for wrong arguments)."""
    from tools.bench import playing, terminal

    parser = argparse.ArgumentParser(
        prog="python -m tools.bench", description="The firmware in a simulated world."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    play = commands.add_parser("play", help="play scenario files in virtual time")
    playing.add_arguments(play)
    play.set_defaults(run=playing.play)
    run = commands.add_parser("run", help="run the firmware in real time and talk to it")
    terminal.add_arguments(run)
    run.set_defaults(run=terminal.run)
    args = parser.parse_args(arguments)
    try:
        status: int = args.run(args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone; nothing more can be said, not even at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0 if args.command == "run" else 1
    return status


if __name__ == "__main__":
    sys.exit(main())
