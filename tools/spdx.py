# SPDX-License-Identifier: MIT
"""Puts the licence of each source file on its first line, as SPDX has it; `--check` only tells."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LICENCE = "SPDX-License-Identifier: MIT"
WHERE = ("boot.py", "main.py", "lib", "firmware", "tools", "host_tests")
COMMENTS = {".py": "# {}", ".pyi": "# {}", ".js": "// {}", ".mjs": "// {}", ".css": "/* {} */"}


def sources() -> list[Path]:
    """Return the source files that git knows."""
    listed = subprocess.run(
        ["git", "ls-files", *WHERE], cwd=ROOT, check=True, capture_output=True, text=True
    )
    paths = [ROOT / name for name in listed.stdout.splitlines()]
    return [path for path in paths if path.suffix in COMMENTS and path.is_file()]


def with_licence(text: str, suffix: str) -> str:
    """Return a file's text with the line; behind `#!`, which has to be the first."""
    if LICENCE in "".join(text.splitlines(keepends=True)[:2]):
        return text
    first, rest = "", text
    if text.startswith("#!"):
        first, end, rest = text.partition("\n")
        first += end
    return first + COMMENTS[suffix].format(LICENCE) + "\n" + rest


def main(arguments: Sequence[str] | None = None) -> int:
    """Add the line where it is missing, or list those files; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.spdx", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if any lacks it"
    )
    options = parser.parse_args(arguments)
    lacking = []
    for path in sources():
        text = path.read_text(encoding="utf-8")
        wanted = with_licence(text, path.suffix)
        if wanted != text:
            lacking.append(path)
            if not options.check:
                path.write_text(wanted, encoding="utf-8")
    for path in lacking:
        print(path.relative_to(ROOT))
    return 1 if options.check and lacking else 0


if __name__ == "__main__":
    sys.exit(main())
