"""From the sources of a program to the text of the few modules that it becomes."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tools.linker.groups import BASE, Groups
from tools.linker.program import LinkError, Module, Program, Symbol
from tools.linker.scopes import Reference, references

_WORD = re.compile(r"[A-Za-z_]\w*")
_Statement = tuple[str, int]  # module, index


@dataclass
class Linked:
    """A module that was linked: its text, and where each of its sources begins."""

    name: str
    text: str
    parts: list[tuple[int, str]] = field(default_factory=list)  # first line, path of the source


class Linker:
    """Links a program.

    Args:
        program: its modules.
        entries: modules beside the base that the outside imports by name.
        needed: module -> names that files outside of the program import from it.
        used: words that those files use, such as names of methods.
    """

    def __init__(
        self,
        program: Program,
        entries: Iterable[str],
        needed: Mapping[str, set[str]],
        used: set[str],
    ) -> None:
        self._program = program
        self._entries = tuple(entries)
        self._groups = Groups(program, self._entries)
        self._needed = {m: names for m, names in needed.items() if m in program.modules}
        for module in self._needed:
            if module not in self._groups.of:
                raise LinkError(f"{module}, imported from outside, is no part of the program")
        self._used = set(used)
        self._references: dict[_Statement, list[Reference]] = {}
        for module in self._groups.of:
            source = program.modules[module]
            for index, statement in enumerate(source.statements):
                self._references[module, index] = references(program, source, statement)
        self._live: set[_Statement] = set()
        self._kept: dict[_Statement, set[str]] = {}  # of a class: its methods
        self._reach()
        self._constants: dict[Symbol, str] = self._find_constants()
        self._names: dict[Symbol, str] = {}
        self._name()

    # --- what is used ---

    def _reach(self) -> None:
        """Find the statements and methods that anything uses."""
        for module, names in self._needed.items():
            for name in names:
                self._take(self._program.symbol(module, name))
        for module in self._groups.order:
            if module != BASE and module in self._program.modules:  # an entry: all of it
                for name in self._program.modules[module].own:
                    self._take(Symbol(module, name))
        before = (-1, -1)
        while before != (len(self._live), len(self._used)):
            before = len(self._live), len(self._used)
            for module, index in list(self._live):
                self._scan(module, index)

    def _take(self, symbol: Symbol) -> None:
        for index in self._program.modules[symbol.module].own[symbol.name]:
            self._live.add((symbol.module, index))

    def _scan(self, module: str, index: int) -> None:
        node = self._program.modules[module].statements[index]
        dropped: list[ast.stmt] = []
        if isinstance(node, ast.ClassDef):
            methods = [m for m in node.body if isinstance(m, _FUNCTION)]
            kept = {m.name for m in methods if m.name in self._used or m.name.startswith("__")}
            self._kept[module, index] = kept
            dropped = [m for m in methods if m.name not in kept]
        within = [(m.lineno, m.end_lineno or 0) for m in dropped]
        for part in _walk(node, dropped):
            if isinstance(part, ast.Attribute):
                self._used.add(part.attr)
            elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                self._used.update(_WORD.findall(part.value))
        for reference in self._references[module, index]:
            line = reference.node.lineno
            if not any(first <= line <= last for first, last in within) and isinstance(
                reference.meaning, Symbol
            ):
                self._take(reference.meaning)

    # --- constants ---

    def _find_constants(self) -> dict[Symbol, str]:
        """Find what MicroPython's `const` can fold: the source text of its value."""
        needed = {self._program.symbol(m, n) for m, names in self._needed.items() for n in names}
        counts: dict[Symbol, int] = {}
        for place in self._live:
            for reference in self._references[place]:
                if isinstance(reference.meaning, Symbol):
                    counts[reference.meaning] = counts.get(reference.meaning, 0) + 1
        found = {}
        for name, index in sorted(self._live):
            module = self._program.modules[name]
            match module.statements[index]:
                case ast.Assign(targets=[ast.Name(id=target)], value=value):
                    symbol = Symbol(name, target)
                    if target.isupper() and symbol not in needed and len(module.own[target]) == 1:
                        single = counts[symbol] == 2  # it is made in one place, and used in one
                        if _foldable(value, single):
                            found[symbol] = ast.get_source_segment(module.text, value) or ""
        return found

    # --- names ---

    def _name(self) -> None:
        """Give each symbol a name of its own that nothing hides where it is used."""
        symbols: dict[Symbol, list[Reference]] = {}
        reserved = set(dir(builtins))
        for module, index in self._live:
            for name, indexes in self._program.modules[module].own.items():
                if index in indexes:
                    symbols.setdefault(Symbol(module, name), [])
            for reference in self._references[module, index]:
                if isinstance(reference.meaning, Symbol):
                    symbols.setdefault(reference.meaning, []).append(reference)
                else:
                    reserved.add(reference.meaning.split()[-1])
        fixed = {self._program.symbol(m, n) for m, names in self._needed.items() for n in names}
        # What is imported by name as a whole keeps its names: nothing else is in such a file.
        alone = {module: set[str]() for module in self._entries if module not in self._needed}
        taken: set[str] = set()
        for symbol in sorted(
            symbols, key=lambda s: (s not in fixed, s.module not in alone, s.module, s.name)
        ):
            others = alone.get(symbol.module, taken)
            hidden = reserved.union(others, *(r.hidden for r in symbols[symbol]))
            mark = "_" if symbol in self._constants and symbol.name[0] != "_" else ""
            name, number = mark + symbol.name, 1
            while name in hidden:
                number += 1
                name = f"{mark}{symbol.name}{number}"
            others.add(name)
            taken.add(name)
            self._names[symbol] = name

    # --- text ---

    def link(self) -> list[Linked]:
        """Return the linked modules, and a facade for each module that the outside imports."""
        linked = [self._group(group) for group in self._groups.order]
        names = {one.name for one in linked}
        for module, wanted in self._needed.items():
            group = self._groups.of[module]
            if module != group:
                symbols = {n: self._program.symbol(module, n) for n in sorted(wanted)}
                imports = [self._import(symbol, name) for name, symbol in symbols.items()]
                if module in names:
                    raise LinkError(f"{module} is both a group and a facade")
                linked.append(Linked(module, f"from {group} import {', '.join(imports)}\n"))
        return linked

    def _import(self, symbol: Symbol, alias: str) -> str:
        name = self._names[symbol]
        return name if name == alias else f"{name} as {alias}"

    def _group(self, group: str) -> Linked:
        header: dict[str, None] = {}
        foreign: dict[str, dict[str, None]] = {}
        texts = []
        for name in self._groups.order[group]:
            texts.append((self._program.modules[name].path, self._module(name, header, foreign)))
        lines = sorted(header)
        for source, names in foreign.items():
            lines.append(f"from {source} import {', '.join(names)}")
        linked = Linked(group, "".join(line + "\n" for line in lines))
        count = len(lines)
        for path, text in texts:
            if text.strip():
                linked.parts.append((count + 1, path))
                linked.text += text
                count += text.count("\n")
        return linked

    def _module(
        self, name: str, header: dict[str, None], foreign: dict[str, dict[str, None]]
    ) -> str:
        """Return a module's text as part of its group; note what it needs from elsewhere."""
        module = self._program.modules[name]
        group = self._groups.of[name]
        text = _Text(module)
        for index, statement in enumerate(module.statements):
            if (name, index) not in self._live:
                text.blank(statement)
                continue
            self._drop_methods(text, name, index)
            if isinstance(statement, _FUNCTION | ast.ClassDef):
                text.rename_definition(statement, self._names[Symbol(name, statement.name)])
            for reference in self._references[name, index]:
                meaning = reference.meaning
                if not isinstance(meaning, Symbol):
                    header[meaning] = None
                    continue
                elsewhere = self._groups.of[meaning.module]
                folded = meaning in self._constants
                if elsewhere not in (group, BASE) and reference.site is not None and not folded:
                    continue
                final = self._names[meaning]
                if elsewhere != group:
                    if folded:
                        header[f"{final} = const({self._constants[meaning]})"] = None
                    else:
                        foreign.setdefault(elsewhere, {})[final] = None
                text.replace(reference.node, final)
            self._function_imports(text, module, statement)
            match statement:
                case ast.Assign(targets=[ast.Name(id=target)], value=value):
                    if Symbol(name, target) in self._constants:
                        text.wrap(value, "const(", ")")
        return text.result()

    def _drop_methods(self, text: _Text, name: str, index: int) -> None:
        statement = self._program.modules[name].statements[index]
        if not isinstance(statement, ast.ClassDef):
            return
        kept = self._kept[name, index]
        dropped = [m for m in statement.body if isinstance(m, _FUNCTION) and m.name not in kept]
        for method in dropped:
            text.blank(method, "pass" if dropped == statement.body else "")

    def _function_imports(self, text: _Text, module: Module, statement: ast.stmt) -> None:
        """Point the imports within functions to the groups, or drop them."""
        group = self._groups.of[module.name]
        for node in ast.walk(statement):
            if not isinstance(node, ast.ImportFrom):
                continue
            lines: dict[str, list[str]] = {}
            for alias, kind, value in self._program.imports(node):
                if kind == "external":
                    break
                symbol = self._program.symbol(*value)
                elsewhere = self._groups.of[symbol.module]
                if elsewhere not in (group, BASE) and symbol not in self._constants:
                    lines.setdefault(elsewhere, []).append(self._import(symbol, alias))
            else:
                imports = [f"from {s} import {', '.join(n)}" for s, n in lines.items()]
                text.blank(node, "; ".join(imports) or "pass")


_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


def _walk(node: ast.AST, dropped: list[ast.stmt]) -> Iterable[ast.AST]:
    """Walk a tree without the dropped parts, docstrings and annotations."""
    yield node
    for child in ast.iter_child_nodes(node):
        if child not in dropped and not _is_docstring(child) and not isinstance(child, ast.arg):
            yield from _walk(child, dropped)


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _foldable(value: ast.expr, single: bool) -> bool:
    """Tell whether `const` takes a value; one that is no small immediate only if used once."""
    try:
        literal = ast.literal_eval(value)
    except (ValueError, TypeError):
        return False
    if isinstance(literal, int) and not isinstance(literal, bool):
        return True
    return isinstance(literal, str) or (single and isinstance(literal, bytes | tuple))


class _Text:
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
        for first, last, text in sorted(self._edits, key=lambda e: (e[0], -e[1])):
            if first < position:
                continue
            out += self._bytes[position:first] + text
            position = last
        out += self._bytes[position:]
        return out.decode() + ("" if out.endswith(b"\n") else "\n")
