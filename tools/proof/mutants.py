# SPDX-License-Identifier: MIT
"""`make mutants`: do the tests notice when lib/ is wrong?

Takes a seeded sample of small changes to the code (mutants), every file of lib/ its share, makes
each in a copy of the tree, and lets the tests judge it. Which ones: all tests run once, and what
functions each of them runs is written down (mutant_tests.py, build/mutants/); a mutant is judged
by the tests that run its function, or, outside of functions, those that run its file or a file
that imports it; the quickest of each file first, for FOR= seconds at most. The first that
fails ends it, and so does a time that is three times what the tests take. Prints what was killed,
what survived, and every survivor with its place. On CPython alone.

Why not a ready tool: cosmic-ray, which was tried, changes the tree that it tests in place, draws
no sample, swaps every operator for each of the others (of which most crash at once, which flatters
the share), changes no text and removes no statement, which is most of this code, and brings a
dozen packages. A walk over `ast` needs none.
"""

from __future__ import annotations

import argparse
import ast
import copy
import functools
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.proof.mutant_tests import CODE, ROOT, TestMap, function_of, users_of

COPIED = ["pyproject.toml", "boot.py", "main.py", "firmware", "lib", "tools", "host_tests"]
MAPS = "build/mutants"
TRACE_SECONDS = 3600
PATIENCE = 30  # s, besides what the tests take: a mutant that takes longer is killed
LONGEST_TEST = 12  # s; what takes longer judges no mutant
# Tests of the tools and of the other VM, and those that take minutes.
OTHERS = [
    *(
        "board",
        "board_upkeep",
        "commands_in_scenarios",
        "deploy",
        "deploy_cut_off",
        "deploy_errors",
        "flash",
        "manifest",
        "modem_at_a_port",
        "mutants",
        "pin_maps",
        "releases",
    ),
    *("page", "page_browser", "terminal", "vm", "vm_firmware", "vm_harness"),
    *("fuzz", "soak", "soak_month"),
]

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}


@dataclass(frozen=True)
class Mutant:
    """One change: the bytes from `start` to `end` of a file become `text`."""

    file: str
    line: int
    start: int
    end: int
    text: str
    change: str

    def apply(self, source: bytes) -> bytes:
        """Return the file's text with the change."""
        return source[: self.start] + self.text.encode() + source[self.end :]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.change}"


# --- what can be changed -----------------------------------------------------------------------


def mutants(file: str, source: bytes) -> list[Mutant]:
    """Return every mutant of a file, in the order of its text."""
    tree = ast.parse(source)
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    found = []
    for node in _within(tree):
        for text in _variants(node):
            start = offsets[node.lineno - 1] + node.col_offset
            end = offsets[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
            change = f"{_short(ast.unparse(node))}  ->  {_short(text)}"
            found.append(Mutant(file, node.lineno, start, end, text, change))
    return sorted(found, key=lambda mutant: (mutant.start, mutant.end))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 90 else text[:87] + "..."


def _within(node: ast.AST) -> Iterator[ast.stmt | ast.expr]:
    """Walk, and leave out what changes nothing a device does: docstrings, annotations, the log."""
    skipped: list[ast.AST] = []
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            skipped.append(first)
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Call) and _logs(node)):
        return
    if isinstance(node, ast.stmt | ast.expr):
        yield node
    for field, child in ast.iter_fields(node):
        if field in ("annotation", "returns"):
            continue
        for part in child if isinstance(child, list) else [child]:
            if isinstance(part, ast.AST) and part not in skipped:
                yield from _within(part)


def _variants(node: ast.stmt | ast.expr) -> Iterator[str]:
    """Return the texts that may stand in a node's place; an expression's in parentheses."""
    if isinstance(node, ast.expr):
        for other in _other_expressions(node):
            yield f"({ast.unparse(other)})"
    elif isinstance(node, ast.If | ast.While):
        return  # their conditions are expressions
    elif isinstance(node, ast.Return):
        value = node.value  # None in place of None or False is no change
        if value is not None and not (isinstance(value, ast.Constant) and not value.value):
            yield "return None"
    elif _can_go(node):
        yield "pass"


def _can_go(node: ast.stmt) -> bool:
    """True for a statement without which the code still makes sense."""
    if isinstance(node, ast.Expr):
        return not (isinstance(node.value, ast.Call) and _logs(node.value))
    if isinstance(node, ast.Assign):
        return not isinstance(node.targets[0], ast.Name)  # a name that is not there crashes
    return isinstance(node, ast.AugAssign | ast.Raise | ast.Break | ast.Continue)


def _logs(call: ast.Call) -> bool:
    return ast.unparse(call.func).endswith(("log", ".say"))


def _joins_texts(node: ast.expr) -> bool:
    """True for a sum of texts, as far as can be seen."""
    if isinstance(node, ast.BinOp):
        return _joins_texts(node.left) or _joins_texts(node.right)
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) == "str"
    return isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)


def _other_expressions(node: ast.expr) -> Iterator[ast.expr]:
    other = copy.deepcopy(node)
    if isinstance(node, ast.Compare) and isinstance(other, ast.Compare):
        for i, operator in enumerate(node.ops):
            other.ops[i] = SWAPS[type(operator)]()  # type: ignore
            yield other
            other.ops[i] = operator
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and _joins_texts(node):
        yield node.left  # a difference of texts would crash at once
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and _joins_texts(node):
        return  # a format: so would this
    elif isinstance(other, ast.BoolOp | ast.BinOp) and type(other.op) in SWAPS:
        other.op = SWAPS[type(other.op)]()  # type: ignore
        yield other
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.IfExp) and isinstance(other, ast.IfExp):
        other.test = ast.UnaryOp(ast.Not(), node.test)
        yield other
    elif isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, bool):
            yield ast.Constant(not value)
        elif isinstance(value, bytes):
            yield ast.Constant(value + b"~")
        elif isinstance(value, int):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        elif isinstance(value, str):
            yield ast.Constant(value + "~" if value else "~")


def package(file: str) -> str:
    """Return the package a file belongs to, a single file its own: lib/sim800, lib/ds18b20.py."""
    return "/".join(file.split("/")[:2])


@functools.cache  # it takes seconds, and the tree stays as it is
def everything(root: Path) -> dict[str, list[Mutant]]:
    """Return every mutant of every file that has any."""
    files = sorted((root / CODE).rglob("*.py"))
    found = {
        name: mutants(name, path.read_bytes())
        for path in files
        for name in [path.relative_to(root).as_posix()]
    }
    return {name: made for name, made in found.items() if made}


def sample(root: Path, count: int, seed: int) -> tuple[list[Mutant], dict[str, int]]:
    """Return the mutants to try, in the order of the code, and how many each package has.

    Each file gives in proportion to what it has, and one at least.
    """
    found = everything(root)
    total = sum(map(len, found.values()))
    draw = random.Random(seed)
    chosen = []
    for made in found.values():
        share = len(made) * count / total
        number = max(1, int(share) + (draw.random() < share % 1))
        picked = set(draw.sample(range(len(made)), min(number, len(made))))
        chosen += [mutant for i, mutant in enumerate(made) if i in picked]
    sizes: dict[str, int] = {}
    for name, made in found.items():
        sizes[package(name)] = sizes.get(package(name), 0) + len(made)
    return chosen, sizes


# --- judging -----------------------------------------------------------------------------------


class Bench:
    """A copy of the tree in which mutants are made and judged."""

    def __init__(self, tree: Path, seconds: float = 40) -> None:
        self.tree = tree
        self.seconds = seconds
        unwanted = shutil.ignore_patterns("__pycache__", "node_modules")
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, tree / name, ignore=unwanted)
            else:
                shutil.copy2(source, tree / name)
        # By their hash, not by their date: two mutants of one size and second are not one.
        compiled = ["-m", "compileall", "-q", "--invalidation-mode", "checked-hash"]
        self._run([*compiled, "firmware", "lib", "tools", "host_tests"], 120)
        self.texts = {
            path.relative_to(tree).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted((tree / CODE).rglob("*.py"))
        }
        self.map = TestMap()

    def _run(self, arguments: Sequence[str], seconds: float, **variables: str) -> tuple[int, str]:
        """Run Python in the tree; -> status and output; a status of -1: it took too long."""
        # The copy's packages go before those that .venv points to, which are the working tree's.
        roots = os.pathsep.join([str(self.tree), str(self.tree / "lib")])
        fixed = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": roots}
        try:
            done = subprocess.run(
                [sys.executable, *arguments],
                cwd=self.tree,
                env=os.environ | fixed | variables,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=seconds,
            )
        except subprocess.TimeoutExpired:
            return -1, ""
        return done.returncode, done.stdout.decode(errors="replace")

    def _pytest(self, options: Sequence[str], seconds: float, **variables: str) -> tuple[int, str]:
        fixed = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tools.proof.mutant_tests"]
        return self._run([*fixed, *options], seconds, **variables)

    def make_map(self) -> None:
        """Run all tests once, or take the map that this very tree once made."""
        digest = hashlib.sha256()
        for path in sorted(self.tree.rglob("*.*")):
            judged = not path.stem.startswith(("mutant", "test_mutants"))
            if judged and path.suffix in (".py", ".scn", ".toml"):
                digest.update(str(path.relative_to(self.tree)).encode() + path.read_bytes())
        file = ROOT / MAPS / f"{digest.hexdigest()[:16]}.json"
        if not file.exists():
            ignored = [f"--ignore=host_tests/test_{name}.py" for name in OTHERS]
            options = ["-k", "not micropython", *ignored, "host_tests"]
            _, output = self._pytest(options, TRACE_SECONDS, MUTANT_MAP=str(file))
            print(output.strip().split("\n")[-1], flush=True)
        self.map = TestMap.load(file)
        if not self.map.tests:
            raise SystemExit("no test runs the copy's lib/")

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Return the tests that judge a mutant, in their order."""
        first = function_of(ast.parse(self.texts[mutant.file]), mutant.line)
        names = self.map.of([(mutant.file, first)]) if first else set()
        if first is None:
            names = self.map.of_files(users_of(mutant.file, self.texts))
        names = {name for name in names if self.map.seconds[name] <= LONGEST_TEST}
        return self.map.order(names, self.seconds)

    def judge(self, mutant: Mutant) -> str:
        """Return the test that killed a mutant, or "time"; empty if it survived."""
        names = self.tests_of(mutant)
        if not names:
            return ""
        chosen = self.tree / "chosen.txt"
        chosen.write_text("\n".join(names), encoding="utf-8")
        longest = PATIENCE + 3 * sum(self.map.seconds[name] for name in names)
        files = list(dict.fromkeys(name.split("::")[0] for name in names))
        path = self.tree / mutant.file
        source = path.read_bytes()
        path.write_bytes(mutant.apply(source))
        try:
            status, output = self._pytest(["-x", *files], longest, MUTANT_TESTS=str(chosen))
        finally:
            path.write_bytes(source)
        if status == 0:
            return ""
        failed = [line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))]
        return "time" if status < 0 else failed[0].split(" - ")[0][:120] if failed else "a crash"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a sample; return 0, whatever survives: it is for reading."""
    parser = argparse.ArgumentParser(prog="python -m tools.proof.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=120, help="how many (default 120)")
    parser.add_argument("--seed", type=int, default=1, help="which (default 1)")
    parser.add_argument("--seconds", type=float, default=40, help="of tests for each (default 40)")
    parser.add_argument("--only", default=[""], nargs="*", help="those whose line has such a text")
    parser.add_argument("--list", action="store_true", help="show them, judge none")
    options = parser.parse_args(arguments)
    chosen, sizes = sample(ROOT, options.sample, options.seed)
    chosen = [mutant for mutant in chosen if any(text in str(mutant) for text in options.only)]
    if options.list:
        print("\n".join(map(str, chosen)))
        return 0
    began = time.monotonic()
    killed = dict.fromkeys(sizes, 0)
    tried = dict.fromkeys(sizes, 0)
    survivors = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        bench = Bench(Path(folder).resolve(), options.seconds)
        bench.make_map()
        for number, mutant in enumerate(chosen, 1):
            by = bench.judge(mutant)
            tried[package(mutant.file)] += 1
            killed[package(mutant.file)] += bool(by)
            print(f"{number}/{len(chosen)} {by or 'SURVIVED'}: {mutant}", flush=True)
            if not by:
                survivors.append((mutant, len(bench.tests_of(mutant))))
    print(
        f"\nseed {options.seed}, {options.seconds:g} s of tests, {time.monotonic() - began:.0f} s"
    )
    for name, size in sizes.items():
        share = 100 * killed[name] / max(1, tried[name])
        survived = tried[name] - killed[name]
        print(
            f"{name}: {tried[name]} of {size} mutants, {killed[name]} killed, "
            f"{survived} survived, {share:.0f} % killed"
        )
    for mutant, tests in survivors:
        print(f"survived {tests} tests: {mutant}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
