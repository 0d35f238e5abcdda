"""Translates the places in a traceback of linked code back to the sources."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_PLACE = re.compile(r'File "([^"]+)", line (\d+)')

Lines = Mapping[str, Sequence[tuple[int, str, int]]]
"""For each linked file, in order: a line, the path of its source, and the line there."""


def translate(text: str, lines: Lines) -> str:
    """Return a text in which every place in a linked file is one in its source."""

    def place(found: re.Match[str]) -> str:
        number = int(found[2])
        within = [part for part in lines.get(found[1], ()) if part[0] <= number]
        if not within:
            return found[0]
        first, path, line = within[-1]
        return f'File "{path}", line {number - first + line}'

    return _PLACE.sub(place, text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Translate the standard input by a map of lines; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.linker.lines", description=__doc__)
    parser.add_argument("map", type=Path, help="lines.json of the tree that ran")
    options = parser.parse_args(arguments)
    try:
        lines = json.loads(options.map.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        print(f"lines: {options.map}: {error}", file=sys.stderr)
        return 1
    sys.stdout.write(translate(sys.stdin.read(), lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
