"""`make mutants`: do the tests notice when lib/powersocket is wrong?

Takes a seeded sample of small changes to the code (mutants), makes each in a copy of the tree, and
lets the tests judge it: the portable tests of powersocket on CPython, and what survives those, all
scenarios on CPython. Prints what was killed, what survived, and every survivor with its place.

Why not a ready tool: cosmic-ray, which was tried, changes the tree that it tests in place, draws
no sample, swaps every operator for each of the others (of which most crash at once, which flatters
the share), changes no text and removes no statement, which is most of this code, and brings a
dozen packages. A walk over `ast` needs none.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = "lib/powersocket"
PORTABLE = "host_tests/portable"
SCENARIOS = "host_tests/scenarios/ep"
COPIED = ["pyproject.toml", "boot.py", "main.py", "firmware", "lib", "tools", "host_tests"]
TEST_SECONDS = 60  # a mutant may not take longer: one that hangs is killed
PLAY_SECONDS = 180

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
    return ast.unparse(call.func).endswith("log")


def _joins_texts(node: ast.expr) -> bool:
    """True for a sum of texts, as far as can be seen."""
    if isinstance(node, ast.BinOp):
        return _joins_texts(node.left) or _joins_texts(node.right)
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) == "str"
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _other_expressions(node: ast.expr) -> Iterator[ast.expr]:
    other = copy.deepcopy(node)
    if isinstance(node, ast.Compare) and isinstance(other, ast.Compare):
        for i, operator in enumerate(node.ops):
            other.ops[i] = SWAPS[type(operator)]()  # type: ignore
            yield other
            other.ops[i] = operator
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and _joins_texts(node):
        yield node.left  # a difference of texts would crash at once
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
        elif isinstance(value, int):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        elif isinstance(value, str):
            yield ast.Constant(value + "~" if value else "~")


def sample(root: Path, count: int, seed: int) -> tuple[list[Mutant], int]:
    """Return the mutants to try, in the order of the code, and how many there are of all."""
    everything = [
        mutant
        for path in sorted((root / CODE).rglob("*.py"))
        for mutant in mutants(path.relative_to(root).as_posix(), path.read_bytes())
    ]
    order = {mutant: i for i, mutant in enumerate(everything)}
    chosen = random.Random(seed).sample(everything, min(count, len(everything)))
    return sorted(chosen, key=order.__getitem__), len(everything)


# --- judging -----------------------------------------------------------------------------------


class Bench:
    """A copy of the tree in which mutants are made and judged."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        unwanted = shutil.ignore_patterns("__pycache__", "node_modules")
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, tree / name, ignore=unwanted)
            else:
                shutil.copy2(source, tree / name)
        # By their hash, not by their date: two mutants of one size and second are not one.
        compiled = ["-m", "compileall", "-q", "--invalidation-mode", "checked-hash"]
        self._run([*compiled, "firmware", "lib", "tools", "host_tests"], TEST_SECONDS)
        self.tests = self._tests_of_the_code()
        self.scenarios = sorted(
            path.relative_to(tree).as_posix() for path in (tree / SCENARIOS).rglob("*.scn")
        )
        self.left_out: list[str] = []

    def _tests_of_the_code(self) -> list[str]:
        """Return the portable tests that import powersocket, themselves or by their kit."""
        folder = self.tree / PORTABLE
        texts = {path: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
        modules, before = {"powersocket"}, 0
        while len(modules) > before:  # a kit may be built on another
            before = len(modules)
            wanted = re.compile(rf"^\s*(from|import) ({'|'.join(modules)})\b", re.MULTILINE)
            modules |= {path.stem for path, text in texts.items() if wanted.search(text)}
        return [
            path.relative_to(self.tree).as_posix()
            for path in texts
            if path.stem in modules and path.stem.startswith("test_")
        ]

    def _run(self, arguments: Sequence[str], seconds: float) -> tuple[int, str]:
        """Run Python in the tree; -> status and output; a status of -1: it took too long."""
        # The copy's packages go before those that .venv points to, which are the working tree's.
        roots = os.pathsep.join([str(self.tree), str(self.tree / "lib")])
        environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": roots}
        try:
            done = subprocess.run(
                [sys.executable, *arguments],
                cwd=self.tree,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=seconds,
            )
        except subprocess.TimeoutExpired:
            return -1, ""
        return done.returncode, done.stdout.decode(errors="replace")

    def _test(self, *options: str) -> tuple[int, str]:
        fixed = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "not micropython"]
        without = [f"--deselect={name}" for name in self.left_out if "::" in name]
        return self._run([*fixed, *options, *without, *self.tests], TEST_SECONDS)

    def _play(self) -> tuple[int, str]:
        arguments = ["-m", "tools.bench", "play", *self.scenarios, "--vm", "cpython"]
        return self._run(arguments, PLAY_SECONDS)

    def check_baseline(self) -> None:
        """Leave out what fails on the unchanged tree: it would kill everything."""
        output = self._test()[1]
        self.left_out += re.findall(r"^(?:FAILED|ERROR) (\S+)", output, re.MULTILINE)
        failed = set(re.findall(r"^(\S+\.scn):\d+: ", self._play()[1], re.MULTILINE))
        self.scenarios = [name for name in self.scenarios if name not in failed]
        self.left_out += sorted(failed)
        for judge in (self._test, self._play):
            status, output = judge()
            if status:
                raise SystemExit("the unchanged tree does not pass:\n" + output[-2000:])
        self._check_judges()

    def _check_judges(self) -> None:
        """See that both judge the copy: code that cannot even be imported must not pass."""
        path = self.tree / CODE / "commands.py"
        source = path.read_bytes()
        path.write_bytes(b"raise ImportError\n")
        passed = [judge.__name__ for judge in (self._test, self._play) if judge()[0] == 0]
        path.write_bytes(source)
        if passed:
            raise SystemExit(f"{', '.join(passed)}: judges other code than the copy's")

    def judge(self, mutant: Mutant) -> str:
        """Return who killed a mutant: tests, scenarios, time; empty if it survived."""
        path = self.tree / mutant.file
        source = path.read_bytes()
        path.write_bytes(mutant.apply(source))
        try:
            for name, judge in (("tests", lambda: self._test("-x")), ("scenarios", self._play)):
                status, _ = judge()
                if status:
                    return name if status > 0 else "time"
        finally:
            path.write_bytes(source)
        return ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a sample; return 0, whatever survives: it is for reading."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=120, help="how many (default 120)")
    parser.add_argument("--seed", type=int, default=1, help="which (default 1)")
    parser.add_argument("--only", default="", help="those whose line has this text")
    parser.add_argument("--list", action="store_true", help="show them, judge none")
    options = parser.parse_args(arguments)
    chosen, total = sample(ROOT, options.sample, options.seed)
    chosen = [mutant for mutant in chosen if options.only in str(mutant)]
    if options.list:
        print("\n".join(map(str, chosen)))
        return 0
    began = time.monotonic()
    killed: dict[str, int] = {}
    survivors = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        bench = Bench(Path(folder))
        bench.check_baseline()
        for name in bench.left_out:
            print(f"fails unchanged, left out: {name}", flush=True)
        for number, mutant in enumerate(chosen, 1):
            by = bench.judge(mutant)
            killed[by] = killed.get(by, 0) + 1
            print(f"{number}/{len(chosen)} {by or 'SURVIVED'}: {mutant}", flush=True)
            if not by:
                survivors.append(mutant)
    dead = len(chosen) - len(survivors)
    ways = ", ".join(f"{by} {count}" for by, count in sorted(killed.items()) if by)
    print(
        f"\n{len(chosen)} of {total} mutants of {CODE}, seed {options.seed}: "
        f"{dead} killed ({ways}), {len(survivors)} survived, "
        f"{100 * dead / max(1, len(chosen)):.0f} % killed; {time.monotonic() - began:.0f} s"
    )
    for mutant in survivors:
        print(f"survived: {mutant}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
