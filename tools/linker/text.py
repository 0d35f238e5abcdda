"""A source text that is edited in place, line for line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tools.linker.program import Module

_GAP = 4  # lines without code that are worth a break


def runs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the parts of a text that hold code, each with its first line, counted from 1.

    Far-away lines take bytes: a function on line 5,000 begins with three jumps of 2,000 lines.
    """
    lines = text.splitlines(keepends=True)
    run: list[str] = []
    first = blank = 0
    for number, line in enumerate(lines, 1):
        code = line.strip() and not line.startswith("#")
        if code and (not run or blank >= _GAP):
            if run:
                yield first, run[: len(run) - blank]
            first, run = number, []
        blank = 0 if code else blank + 1
        if run or code:
            run.append(line)
    if run:
        yield first, run[: len(run) - blank]


class Text:
    """A source text that is edited in place, line for line."""

    def __init__(self, module: Module) -> None:
        self._bytes = module.text.encode()
        self._starts = [0]
        for line in self._bytes.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._edits: list[tuple[int, int, bytes]] = []

    def _span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None
        first = self._starts[node.lineno - 1] + node.col_offset
        return first, self._starts[node.end_lineno - 1] + node.end_col_offset

    def replace(self, node: ast.expr, text: str) -> None:
        first, last = self._span(node)
        if self._bytes[first:last] != text.encode():
            self._edits.append((first, last, text.encode()))

    def wrap(self, node: ast.expr, before: str, after: str) -> None:
        first, last = self._span(node)
        head = self._bytes[:first].rstrip()
        if head.endswith(b"("):  # a text in parentheses, over several lines
            self._edits.append((len(head) - 1, len(head) - 1, b"const"))
            return
        self._edits.append((first, first, before.encode()))
        self._edits.append((last, last, after.encode()))

    def blank(self, node: ast.stmt, instead: str = "") -> None:
        first, last = self._span(node)
        for decorator in getattr(node, "decorator_list", []):
            first = min(first, self._span(decorator)[0] - 1)
        lines = b"\n" * self._bytes.count(b"\n", first, last)
        self._edits.append((first, last, instead.encode() + lines))

    def insert(self, node: ast.Call, text: str) -> None:
        """Give a call a first argument."""
        assert node.func.end_lineno is not None and node.func.end_col_offset is not None
        end = self._starts[node.func.end_lineno - 1] + node.func.end_col_offset
        place = self._bytes.index(b"(", end) + 1
        more = ", " if node.args or node.keywords else ""
        self._edits.append((place, place, (text + more).encode()))

    def head(self, node: ast.ClassDef, text: str) -> None:
        """Replace the head of a class; its body stays."""
        first = self._span(node)[0]
        last = self._starts[node.body[0].lineno - 1]
        lines = b"\n" * self._bytes.count(b"\n", first, last)
        self._edits.append((first, last, text.encode() + lines))

    def rename_attribute(self, node: ast.Attribute, name: str) -> None:
        last = self._span(node)[1]
        self._edits.append((last - len(node.attr), last, name.encode()))

    def rename_argument(self, node: ast.arg, name: str) -> None:
        first = self._starts[node.lineno - 1] + node.col_offset
        self._edits.append((first, first + len(node.arg), name.encode()))

    def rename_definition(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, name: str
    ) -> None:
        first = self._starts[node.lineno - 1] + node.col_offset
        found = re.compile(rb"(?:class|def)\s+(\w+)").search(self._bytes, first)
        assert found is not None
        self._edits.append((*found.span(1), name.encode()))

    def result(self) -> str:
        """Return the text with the edits made; those within a blanked part are dropped."""
        out, position = b"", 0
        for first, last, text in sorted(self._edits, key=lambda e: (e[0], e[0] < e[1], -e[1])):
            if first < position:
                continue
            out += self._bytes[position:first] + text
            position = last
        out += self._bytes[position:]
        return out.decode() + ("" if out.endswith(b"\n") else "\n")
