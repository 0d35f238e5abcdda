"""From the sources of a program to the text of the few modules that it becomes."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tools.linker.cold import COLD, MADE, MISSING, Cold, Plan
from tools.linker.groups import BASE, Groups
from tools.linker.part import Part
from tools.linker.program import LinkError, Program, Symbol
from tools.linker.scopes import Reference, references
from tools.linker.shorten import Short
from tools.linker.text import runs

_WORD = re.compile(r"[A-Za-z_]\w*")
_Statement = tuple[str, int]  # module, index


@dataclass
class Linked:
    """A module that was linked: its text, and where each of its sources begins."""

    name: str
    text: str
    # First line here, path of a source, its line there: up to the next one they go on together.
    parts: list[tuple[int, str, int]] = field(default_factory=list)


class Linker:
    """Links a program.

    Args:
        program: its modules.
        entries: modules beside the base that the outside imports by name.
        needed: module -> names that files outside of the program import from it.
        used: words that those files use, such as names of methods.
        plan: what stays in memory, and what goes into which overlay; without one, all stays.
    """

    def __init__(
        self,
        program: Program,
        entries: Iterable[str],
        needed: Mapping[str, set[str]],
        used: set[str],
        plan: Plan | None = None,
    ) -> None:
        self.program = program
        self._entries = tuple(entries)
        self.groups = Groups(program, self._entries)
        self._needed = {m: names for m, names in needed.items() if m in program.modules}
        for module in self._needed:
            if module not in self.groups.of:
                raise LinkError(f"{module}, imported from outside, is no part of the program")
        self._used = set(used)
        self.references: dict[_Statement, list[Reference]] = {}
        for module in self.groups.of:
            source = program.modules[module]
            for index, statement in enumerate(source.statements):
                self.references[module, index] = references(program, source, statement)
        self.live: set[_Statement] = set()
        self.kept: dict[_Statement, set[str]] = {}  # of a class: its methods
        self._reach(plan is not None)
        self._fixed = {program.symbol(m, n) for m, names in self._needed.items() for n in names}
        self.cold = Cold(
            plan or Plan(resident=["*"]),
            program,
            self.groups.of,
            self.references,
            self.live,
            self.kept,
            self._fixed,
            {group for group in self._entries if group != BASE},
        )
        # What is imported as a whole is used at the REPL.
        apart = [m for m in self._entries if m not in self._needed] + [COLD.module]
        self.short = Short(
            program, self.live, self.cold.bases, apart if plan else list(program.modules), used
        )
        self.constants: dict[Symbol, str] = self._find_constants()
        self.tables = self._find_tables()
        self.names: dict[Symbol, str] = {}
        self._name()

    # --- what is used ---

    def _reach(self, overlays: bool) -> None:
        """Find the statements and methods that anything uses."""
        if overlays and COLD.module in self.groups.of:
            for symbol in (COLD, MISSING, MADE):
                self._take(symbol)
        for module, names in self._needed.items():
            for name in names:
                self._take(self.program.symbol(module, name))
        for module in self.groups.order:
            if module != BASE and module in self.program.modules:  # an entry: all of it
                for name in self.program.modules[module].own:
                    self._take(Symbol(module, name))
        before = (-1, -1)
        while before != (len(self.live), len(self._used)):
            before = len(self.live), len(self._used)
            for module, index in list(self.live):
                self._scan(module, index)

    def _take(self, symbol: Symbol) -> None:
        for index in self.program.modules[symbol.module].own[symbol.name]:
            self.live.add((symbol.module, index))

    def _scan(self, module: str, index: int) -> None:
        node = self.program.modules[module].statements[index]
        dropped: list[ast.stmt] = []
        if isinstance(node, ast.ClassDef):
            methods = [m for m in node.body if isinstance(m, _FUNCTION)]
            kept = {m.name for m in methods if m.name in self._used or m.name.startswith("__")}
            self.kept[module, index] = kept
            dropped = [m for m in methods if m.name not in kept]
        within = [(m.lineno, m.end_lineno or 0) for m in dropped]
        for part in _walk(node, dropped):
            if isinstance(part, ast.Attribute):
                self._used.add(part.attr)
            elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                self._used.update(_WORD.findall(part.value))
        for reference in self.references[module, index]:
            line = reference.node.lineno
            if not any(first <= line <= last for first, last in within) and isinstance(
                reference.meaning, Symbol
            ):
                self._take(reference.meaning)

    # --- constants ---

    def _find_constants(self) -> dict[Symbol, str]:
        """Find what MicroPython's `const` can fold: the source text of its value."""
        counts: dict[Symbol, int] = {}
        for place in self.live:
            for reference in self.references[place]:
                if isinstance(reference.meaning, Symbol):
                    counts[reference.meaning] = counts.get(reference.meaning, 0) + 1
        found = {}
        for name, index in sorted(self.live):
            module = self.program.modules[name]
            match module.statements[index]:
                case ast.Assign(targets=[ast.Name(id=target)], value=value):
                    symbol = Symbol(name, target)
                    if (
                        target.isupper()
                        and symbol not in self._fixed
                        and len(module.own[target]) == 1
                    ):
                        single = counts[symbol] == 2  # it is made in one place, and used in one
                        if _foldable(value, single):
                            found[symbol] = ast.get_source_segment(module.text, value) or ""
        return found

    def _find_tables(self) -> dict[Symbol, str]:
        """Find literals that only overlays use: each brings its own along."""
        users: dict[Symbol, set[int | None]] = {}
        for place in self.live:
            for reference in self.references[place]:
                meaning = reference.meaning
                if isinstance(meaning, Symbol) and place not in self._definitions(meaning):
                    owner = self.cold.owner(place, reference.node.lineno)
                    users.setdefault(meaning, set()).add(owner)
        found = {}
        for name, index in sorted(self.live):
            module = self.program.modules[name]
            match module.statements[index]:
                case ast.Assign(targets=[ast.Name(id=target)], value=value):
                    symbol = Symbol(name, target)
                    alone = symbol not in self._fixed and len(module.own[target]) == 1
                    plain = alone and symbol not in self.constants and _immutable(value)
                    if plain and None not in users.get(symbol, {None}):
                        found[symbol] = " ".join(ast.unparse(value).split("\n"))
        return found

    def _is_shortened(self, symbol: Symbol) -> bool:
        """Tell whether something gets another name: nobody will look for it at the REPL."""
        hidden = symbol in self.cold.functions and symbol not in self._fixed
        return self.short.is_shortened(symbol, hidden)

    def _definitions(self, symbol: Symbol) -> list[_Statement]:
        indexes = self.program.modules[symbol.module].own.get(symbol.name, [])
        return [(symbol.module, index) for index in indexes]

    # --- names ---

    def _name(self) -> None:
        """Give each symbol a name of its own that nothing hides where it is used."""
        symbols: dict[Symbol, list[Reference]] = {}
        reserved = set(dir(builtins))
        for module, index in self.live:
            for name, indexes in self.program.modules[module].own.items():
                if index in indexes:
                    symbols.setdefault(Symbol(module, name), [])
            for reference in self.references[module, index]:
                if isinstance(reference.meaning, Symbol):
                    symbols.setdefault(reference.meaning, []).append(reference)
                else:
                    reserved.add(reference.meaning.split()[-1])
        # What is imported by name as a whole keeps its names: nothing else is in such a file.
        alone = {module: set[str]() for module in self._entries if module not in self._needed}
        taken: set[str] = set()
        for symbol in sorted(
            symbols, key=lambda s: (s not in self._fixed, s.module not in alone, s.module, s.name)
        ):
            others = alone.get(symbol.module, taken)
            hidden = reserved.union(others, *(r.hidden for r in symbols[symbol]))
            mark = "_" if symbol in self.constants and symbol.name[0] != "_" else ""
            name, number = mark + symbol.name, 1
            if symbol in self.constants or not self._is_shortened(symbol):
                while name in hidden:
                    number += 1
                    name = f"{mark}{symbol.name}{number}"
            else:
                name = next(short for short in self.short.globals() if short not in hidden)
            others.add(name)
            taken.add(name)
            self.names[symbol] = name

    # --- text ---

    def link(self) -> list[Linked]:
        """Return the linked modules, and a facade for each module that the outside imports."""
        linked = []
        for group in self.groups.order:
            linked.append(self._file(group))
            linked += [self._file(group, overlay) for overlay in self.cold.files(group)]
        names = {one.name for one in linked}
        for module, wanted in self._needed.items():
            group = self.groups.of[module]
            if module != group:
                symbols = {n: self.program.symbol(module, n) for n in sorted(wanted)}
                imports = [self.imported_as(symbol, name) for name, symbol in symbols.items()]
                if module in names:
                    raise LinkError(f"{module} is both a group and a facade")
                linked.append(Linked(module, f"from {group} import {', '.join(imports)}\n"))
        return linked

    def imported_as(self, symbol: Symbol, alias: str) -> str:
        name = self.names[symbol]
        return name if name == alias else f"{name} as {alias}"

    def _file(self, group: str, overlay: int | None = None) -> Linked:
        """Link what a group keeps in memory, or one of its overlays."""
        header: dict[str, None] = {}
        foreign: dict[str, dict[str, None]] = {}
        texts = []
        # Classes refer to it when they are made.
        for name in sorted(self.groups.order[group], key=lambda name: name != COLD.module):
            text = Part(self, name, overlay, header, foreign).text()
            texts.append((self.program.modules[name].path, text))
        lines = sorted(header)
        for source, names in foreign.items():
            lines.append(f"from {source} import {', '.join(names)}")
        linked = Linked(
            f"cold{overlay}" if overlay else group, "".join(line + "\n" for line in lines)
        )
        count = len(lines)
        for path, text in texts:
            self._check_runs(path, text)
            for first, lines in runs(text):
                linked.parts.append((count + 1, path, first))
                linked.text += "".join(lines)
                count += len(lines)
        return linked

    def _check_runs(self, path: str, text: str) -> None:
        short = "".join("".join(lines) for _, lines in runs(text))
        if ast.dump(ast.parse(short)) != ast.dump(ast.parse(text)):
            raise LinkError(f"{path}: empty lines that are part of a text")


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


def _immutable(value: ast.expr) -> bool:
    try:
        literal = ast.literal_eval(value)
    except (ValueError, TypeError):
        return False
    return _is_immutable(literal)


def _is_immutable(literal: object) -> bool:
    if isinstance(literal, tuple):
        return all(_is_immutable(item) for item in literal)
    return literal is None or isinstance(literal, str | bytes | int | float)
