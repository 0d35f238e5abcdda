"""One module's share of a file: of what its group keeps in memory, or of one overlay."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tools.linker.cold import COLD, INIT, MADE, MARKS, MISSING, NOTHING
from tools.linker.groups import BASE
from tools.linker.program import LinkError, Symbol
from tools.linker.scopes import Reference
from tools.linker.shorten import own_attributes
from tools.linker.text import Text

if TYPE_CHECKING:
    from tools.linker.linker import Linker

_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Part:
    """Makes the text.

    Args:
        linker: what knows the program; name: the module; overlay: the file, None: the group's.
        header, foreign: takes the lines, and source -> names, that the file has to import.
    """

    def __init__(
        self,
        linker: Linker,
        name: str,
        overlay: int | None,
        header: dict[str, None],
        foreign: dict[str, dict[str, None]],
    ) -> None:
        self._linker = linker
        self._module = linker.program.modules[name]
        self._group = linker.groups.of[name]
        self._overlay = overlay
        self._header = header
        self._foreign = foreign
        self._text = Text(self._module)

    def text(self) -> str:
        """Return the module's text: what is of this file, on the lines where it was."""
        linker, name = self._linker, self._module.name
        for index, statement in enumerate(self._module.statements):
            place = name, index
            if place not in linker.live or not self._is_here(place, statement):
                self._text.blank(statement)
                continue
            match statement:
                case ast.Assign(targets=[ast.Name(id=target)]):
                    if Symbol(name, target) in linker.tables:
                        self._text.blank(statement)
                        continue
            if isinstance(statement, ast.ClassDef):
                self._class(place, statement)
            elif isinstance(statement, _FUNCTION):
                final = linker.names[Symbol(name, statement.name)]
                self._text.rename_definition(statement, final)
                self._shorten(place, statement)
            for reference in linker.references[place]:
                if linker.cold.owner(place, reference.node.lineno) == self._overlay:
                    self._refer(reference)
            self._function_imports(place, statement)
            match statement:
                case ast.Assign(targets=[ast.Name(id=target)], value=value):
                    if Symbol(name, target) in linker.constants:
                        self._text.wrap(value, "const(", ")")
        return self._text.result()

    def _is_here(self, place: tuple[str, int], statement: ast.stmt) -> bool:
        if isinstance(statement, ast.ClassDef):
            if self._overlay is None:
                return True
            return self._overlay in self._linker.cold.methods.get(place, {}).values()
        return self._linker.cold.owner(place, statement.lineno) == self._overlay

    def _class(self, place: tuple[str, int], statement: ast.ClassDef) -> None:
        cold = self._linker.cold
        methods = cold.methods.get(place, {})
        if self._overlay is not None:
            self._text.head(statement, f"class c{cold.marks[place]}:")
            for part in statement.body:
                if not isinstance(part, _FUNCTION) or methods.get(part.name) != self._overlay:
                    self._text.blank(part)
        else:
            final = self._linker.names[Symbol(self._module.name, statement.name)]
            self._text.rename_definition(statement, final)
            kept = self._linker.kept[place]
            functions = [m for m in statement.body if isinstance(m, _FUNCTION)]
            dropped = [m for m in functions if m.name not in kept or m.name in methods]
            lines = []
            if methods:
                short = self._linker.short.attribute
                table = {short(place, name): where for name, where in cold.table(place).items()}
                written = ", ".join(f'"{name}": {where}' for name, where in table.items())
                above = cold.above_table(place)
                if above is not None:
                    base = self._linker.program.modules[above[0]].statements[above[1]]
                    assert isinstance(base, ast.ClassDef)
                    written += f', "": {self._own(Symbol(above[0], base.name))}._cold'
                lines = [f"_cold = {{{written}}}", f"__getattr__ = {self._own(MISSING)}"]
                if INIT in methods:
                    lines.append(f"__init__ = {self._own(MADE)}")
            elif dropped == statement.body:
                lines = ["pass"]
            for gone in dropped:
                self._text.blank(gone, "; ".join(lines))
                lines = []
        for method in statement.body:
            if isinstance(method, _FUNCTION) and methods.get(method.name) == self._overlay:
                self._supers(place, method)
                self._shorten(place, method, statement)
                name = self._linker.short.attribute(place, method.name)
                if name != method.name:
                    self._text.rename_definition(method, name)

    def _supers(self, place: tuple[str, int], method: _Function) -> None:
        """Name the base where `super()` would not find it: in an overlay, or what is in one."""
        for node in ast.walk(method):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=name)
                ):
                    found = self._linker.cold.above(place, name)
                    if found is None or (found[1] is None and self._overlay is None):
                        continue
                    base, file = found
                    name = self._linker.short.attribute(place, name)
                    if file is None:
                        owner = self._linker.program.modules[base[0]].statements[base[1]]
                        assert isinstance(owner, ast.ClassDef)
                        where = self._own(Symbol(base[0], owner.name))
                    elif file == NOTHING:
                        raise LinkError(f"{self._module.path}:{node.lineno}: that does nothing")
                    elif file == self._overlay:
                        where = f"c{self._linker.cold.marks[base]}"
                    else:
                        number = file * MARKS + self._linker.cold.marks[base]
                        where = f'{self._own(COLD)}({number}, "{name}")'
                    within = "" if where.endswith(")") else f".{name}"
                    self._text.replace(node.func, where + within)
                    own = method.args.args[0].arg
                    names = self._linker.short.arguments(self._module.name, method)
                    self._text.insert(node, names.get(own, own))

    def _shorten(
        self, place: tuple[str, int], function: _Function, owner: ast.ClassDef | None = None
    ) -> None:
        """Give private attributes and parameters their short names."""
        short = self._linker.short
        if owner is not None:
            for attribute in own_attributes(function):
                name = short.attribute(place, attribute.attr)
                if name != attribute.attr:
                    self._text.rename_attribute(attribute, name)
        names = short.arguments(self._module.name, function)
        known = {id(reference.node) for reference in self._linker.references[place]}
        for node in ast.walk(function):
            if isinstance(node, ast.arg) and node.arg in names:
                self._text.rename_argument(node, names[node.arg])
            elif isinstance(node, ast.Name) and node.id in names and id(node) not in known:
                self._text.replace(node, names[node.id])

    def _own(self, symbol: Symbol) -> str:
        """Return the name of something that is kept in memory; import it if need be."""
        elsewhere = self._linker.groups.of[symbol.module]
        final = self._linker.names[symbol]
        if elsewhere != self._group or self._overlay is not None:
            self._foreign.setdefault(elsewhere, {})[final] = None
        return final

    def _refer(self, reference: Reference) -> None:
        linker = self._linker
        meaning = reference.meaning
        if not isinstance(meaning, Symbol):
            self._header[meaning] = None
            return
        final = linker.names[meaning]
        file = linker.cold.functions.get(meaning)
        elsewhere = linker.groups.of[meaning.module]
        if meaning in linker.constants:
            if elsewhere != self._group or self._overlay is not None:
                self._header[f"{final} = const({linker.constants[meaning]})"] = None
        elif meaning in linker.tables:
            self._header[f"{final} = {linker.tables[meaning]}"] = None
        elif file is not None:
            if file != self._overlay:
                final = f'{self._own(COLD)}({file * MARKS + MARKS - 1}, "{final}")'
        elif elsewhere not in (self._group, BASE) and reference.site is not None:
            return  # the import within the function stays
        else:
            self._own(meaning)
        self._text.replace(reference.node, final)

    def _function_imports(self, place: tuple[str, int], statement: ast.stmt) -> None:
        """Point the imports within functions to the groups, or drop them."""
        linker = self._linker
        for node in ast.walk(statement):
            if not isinstance(node, ast.ImportFrom):
                continue
            if linker.cold.owner(place, node.lineno) != self._overlay:
                continue
            lines: dict[str, list[str]] = {}
            for alias, kind, value in linker.program.imports(node):
                if kind == "external":
                    break
                symbol = linker.program.symbol(*value)
                elsewhere = linker.groups.of[symbol.module]
                if (
                    elsewhere not in (self._group, BASE)
                    and symbol not in linker.constants
                    and symbol not in linker.cold.functions
                ):
                    imported = linker.imported_as(symbol, alias)
                    lines.setdefault(elsewhere, []).append(imported)
            else:
                imports = [f"from {s} import {', '.join(n)}" for s, n in lines.items()]
                self._text.blank(node, "; ".join(imports) or "pass")
