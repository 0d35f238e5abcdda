"""Shorter names: every name that a program uses is kept in memory, once, for ever.

Private attributes of a class and the parameters of functions get names like `_a`, the same ones in
every class and function, as nobody else uses them. Public names stay what they are: they are what
one types at the REPL.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping

from tools.linker.program import Program, Symbol

_Statement = tuple[str, int]  # module, index
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
_WORD = re.compile(r"[A-Za-z_]\w*")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Short:
    """The names.

    Args:
        program: its modules; live: the statements that are used; bases: class -> its base.
        apart: modules in which nothing is renamed.
        used: words that the outside uses.
    """

    def __init__(
        self,
        program: Program,
        live: Collection[_Statement],
        bases: Mapping[_Statement, _Statement],
        apart: Collection[str],
        used: Collection[str],
    ) -> None:
        self._program = program
        self._bases = bases
        self._apart = apart
        self.keywords: set[str] = set()
        self._kept = {"_cold", *used}  # names that stay
        own: dict[_Statement, set[str]] = {}
        names: set[str] = set()
        for place in live:
            statement = program.modules[place[0]].statements[place[1]]
            within = self._within(statement)
            for node in ast.walk(statement):
                if isinstance(node, ast.keyword) and node.arg:
                    self.keywords.add(node.arg)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    self._kept.update(_WORD.findall(node.value))
                elif isinstance(node, ast.Name):
                    names.add(node.id)
                elif isinstance(node, ast.Attribute) and is_private(node.attr):
                    if id(node) in within and place[0] not in apart:
                        own.setdefault(place, set()).add(node.attr)
                    else:
                        self._kept.add(node.attr)
            if isinstance(statement, ast.ClassDef):
                for part in statement.body:
                    if isinstance(part, _FUNCTION):
                        if is_private(part.name):
                            own.setdefault(place, set()).add(part.name)
                    elif not isinstance(part, ast.Expr):
                        self._kept.update(n.id for n in ast.walk(part) if isinstance(n, ast.Name))
        self._pool = [name for name in _pool() if name not in names | self._kept]
        self._of: dict[_Statement, dict[str, str]] = {}
        for place in sorted(live, key=lambda p: (self._depth(p), p)):
            statement = program.modules[place[0]].statements[place[1]]
            if isinstance(statement, ast.ClassDef) and place[0] not in apart:
                base = bases.get(place)
                table = dict(self._of.get(base, {})) if base is not None else {}
                free = (name for name in self._pool if name not in table.values())
                for name in sorted(own.get(place, set()) - self._kept - set(table)):
                    table[name] = next(free)
                self._of[place] = table

    def _depth(self, place: _Statement) -> int:
        depth = 0
        while place in self._bases:
            place = self._bases[place]
            depth += 1
        return depth

    def _within(self, statement: ast.stmt) -> set[int]:
        """Return the ids of the attributes that a class asks of itself."""
        found: set[int] = set()
        if isinstance(statement, ast.ClassDef):
            for method in statement.body:
                if isinstance(method, _FUNCTION):
                    found.update(id(node) for node in own_attributes(method))
        return found

    def attribute(self, place: _Statement, name: str) -> str:
        """Return what an attribute of a class is called."""
        return self._of.get(place, {}).get(name, name)

    def is_shortened(self, symbol: Symbol, hidden: bool) -> bool:
        """Tell whether something at the top level, hidden in an overlay or not, is renamed."""
        free = symbol.module not in self._apart and symbol.name not in self._kept
        return free and (hidden or is_private(symbol.name))

    def globals(self) -> Iterator[str]:
        """Yield names for what is private at a top level, the shortest first."""
        return (name.upper() for name in _pool() if name.upper() not in self._kept)

    def arguments(self, module: str, function: _Function) -> dict[str, str]:
        """Return the new name of each parameter of a function, and of those within it."""
        if module in self._apart:
            return {}
        found: dict[str, str] = {}
        bound = set(self.keywords)  # by something that is no name in the tree
        for node in ast.walk(function):
            if isinstance(node, ast.ExceptHandler) and node.name:
                bound.add(node.name)
            elif isinstance(node, ast.alias):
                bound.add(node.asname or node.name)
        for node in ast.walk(function):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                for argument in arguments_of(node):
                    if argument.arg not in bound and argument.arg not in found:
                        found[argument.arg] = self._pool[len(found)]
        return found


def is_private(name: str) -> bool:
    """Tell whether a name begins with one underscore."""
    return name.startswith("_") and not name.startswith("__") and name != "_"


def own_attributes(method: _Function) -> Iterator[ast.Attribute]:
    """Yield what a method asks of its own object, or of `super()`."""
    if not method.args.args:
        return
    own = method.args.args[0].arg
    for node in ast.walk(method):
        if isinstance(node, ast.Attribute):
            match node.value:
                case ast.Name(id=name) if name == own:
                    yield node
                case ast.Call(func=ast.Name(id="super")):
                    yield node


def arguments_of(function: _Function | ast.Lambda) -> list[ast.arg]:
    """Return the parameters of a function, without `*` and `**` ones."""
    arguments = function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def _pool() -> Iterator[str]:
    for first in ["", *_LETTERS]:
        for second in _LETTERS:
            yield f"_{first}{second}"
