"""Which modules go into one file: those that the same parts of the program load."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tools.linker.program import Program

BASE = "firmware.app"  # what is loaded in any case is linked into this module


class Groups:
    """The files to be.

    What the base imports at its top levels is the base. A function that imports (a model's list
    of features) loads what it names; modules that the same functions load share a file, and an
    entry (hardware, debug) takes with it what nothing else needs.
    Attributes: `of`: module name -> group name; `order`: group -> modules, each after those that
    it imports.
    """

    def __init__(self, program: Program, entries: Iterable[str]) -> None:
        self._program = program
        base = self._reach([BASE])
        loaded = set(base)
        seekers: dict[str, set[str]] = {module: set() for module in program.modules}
        for entry in entries:
            for module in self._reach([entry]):
                seekers[module].add(entry)
                loaded.add(module)
        done: set[str] = set()
        while waiting := loaded - done:
            for module in sorted(waiting):
                done.add(module)
                for function, targets in self._lazy(module):
                    for target in self._reach(targets):
                        seekers[target].add(f"{module}.{function}")
                        loaded.add(target)
        self.of = dict.fromkeys(base, BASE)
        names: dict[frozenset[str], str] = {}
        for module, by in seekers.items():
            if by and module not in base:
                key = frozenset(by)
                if module in entries:
                    names[key] = module
                names.setdefault(key, f"part_{len(names) + 1}")
        for module, by in seekers.items():
            if by and module not in base:
                self.of[module] = names[frozenset(by)]
        self.order: dict[str, list[str]] = {}
        for module in self._reach(list(self.of)):
            self.order.setdefault(self.of[module], []).append(module)

    def _reach(self, modules: Iterable[str]) -> list[str]:
        """Return the modules and what they import at top level, the imported ones first."""
        found: list[str] = []

        def visit(name: str) -> None:
            if name in seen:
                return
            seen.add(name)
            module = self._program.modules[name]
            for statement in module.statements:
                for target in self._targets(statement):
                    visit(target)
            found.append(name)

        seen: set[str] = set()
        for name in modules:
            visit(name)
        return found

    def _targets(self, statement: ast.AST) -> list[str]:
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            return []
        imports = self._program.imports(statement)
        return [value[0] for _, kind, value in imports if kind != "external"]

    def _lazy(self, module: str) -> list[tuple[str, list[str]]]:
        """Return each top-level definition that imports when it runs, with what it imports."""
        found = []
        for statement in self._program.modules[module].statements:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                targets = [t for node in ast.walk(statement) for t in self._targets(node)]
                if targets:
                    found.append((statement.name, targets))
        return found
