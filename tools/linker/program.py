"""The modules of a program, and what the names at their top level mean."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


class LinkError(Exception):
    """The program cannot be linked; the text says where and why."""


@dataclass(frozen=True)
class Symbol:
    """Something that a module defines at its top level."""

    module: str
    name: str


@dataclass
class Module:
    """A source file. `statements` are its top level; `own` tells which of them bind a name."""

    name: str
    path: str  # from the root of the project
    text: str
    tree: ast.Module
    own: dict[str, list[int]] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)  # alias: module, name
    modules: dict[str, str] = field(default_factory=dict)  # alias: linked module
    external: dict[str, str] = field(default_factory=dict)  # alias: the import statement

    @property
    def statements(self) -> list[ast.stmt]:
        """The statements of its top level."""
        return self.tree.body


def module_name(path: str) -> str:
    """Return the name by which the file at a path of the tree is imported."""
    return path.removeprefix("lib/").removesuffix(".py").replace("/", ".")


class Program:
    """All modules that may be linked.

    Args:
        root: the project; paths: its device sources, from there.

    Raises:
        LinkError: a file does something that cannot be linked.
    """

    def __init__(self, root: Path, paths: Iterable[str]) -> None:
        self.modules: dict[str, Module] = {}
        for path in paths:
            text = (root / path).read_text(encoding="utf-8")
            module = Module(module_name(path), path, text, ast.parse(text, path))
            self.modules[module.name] = module
        for module in self.modules.values():
            for index, statement in enumerate(module.statements):
                self._bind(module, index, statement)

    def _bind(self, module: Module, index: int, statement: ast.stmt) -> None:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                module.own.setdefault(statement.name, []).append(index)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                module.own.setdefault(name, []).append(index)
            case ast.Assign(targets=[ast.Tuple(elts=elements)]):
                for element in elements:
                    assert isinstance(element, ast.Name)
                    module.own.setdefault(element.id, []).append(index)
            case ast.Import() | ast.ImportFrom():
                for alias, kind, value in self.imports(statement):
                    if kind == "module":
                        module.modules[alias] = value[0]
                    elif kind == "name":
                        module.imported[alias] = value
                    else:
                        module.external[alias] = value[0]
            case ast.Expr(value=ast.Constant()):
                pass  # a docstring
            case _:
                raise LinkError(
                    f"{module.path}:{statement.lineno}: only definitions, imports and plain "
                    "assignments can be linked"
                )

    def imports(
        self, statement: ast.Import | ast.ImportFrom
    ) -> list[tuple[str, str, tuple[str, str]]]:
        """Return (alias, kind, value) for each name: kind is module, name or external."""
        found = []
        for item in statement.names:
            alias = item.asname or item.name
            if isinstance(statement, ast.Import):
                if item.name in self.modules:
                    raise LinkError(f"line {statement.lineno}: use `from .. import` here")
                found.append((alias, "external", (f"import {_as(item)}", "")))
                continue
            source = statement.module or ""
            if f"{source}.{item.name}" in self.modules:
                found.append((alias, "module", (f"{source}.{item.name}", "")))
            elif source in self.modules:
                found.append((alias, "name", (source, item.name)))
            else:
                found.append((alias, "external", (f"from {source} import {_as(item)}", "")))
        return found

    def symbol(self, module: str, name: str) -> Symbol:
        """Return what defines a name that can be imported from a module.

        Raises:
            LinkError: nothing does.
        """
        source = self.modules[module]
        if name in source.own:
            return Symbol(module, name)
        if name in source.imported:
            return self.symbol(*source.imported[name])
        raise LinkError(f"{source.path}: nothing is called {name}")


def _as(item: ast.alias) -> str:
    return f"{item.name} as {item.asname}" if item.asname else item.name
