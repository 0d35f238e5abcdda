"""What is not kept in memory: the functions and methods that go into overlays."""

from __future__ import annotations

import ast
import fnmatch
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tools.linker.program import LinkError, Program, Symbol
from tools.linker.scopes import Reference

OVERLAYS = "firmware.overlays"
COLD = Symbol(OVERLAYS, "cold")
MISSING = Symbol(OVERLAYS, "missing")
MADE = Symbol(OVERLAYS, "made")
NOTHING = 0  # where a method without a body is
MARKS = 64  # of classes in one overlay; the last one means none
INIT = "__init__"
_SMALL = 600  # characters of source
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
_Statement = tuple[str, int]  # module, index


@dataclass
class Plan:
    """What the owner of the program says of its memory.

    resident: patterns of `module.function` and `module.Class.method` that stay; together: name
    of an overlay -> patterns of what goes into it. Anything else goes into its module's own.
    """

    resident: Sequence[str] = ()
    together: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def place(self, module: str, name: str) -> str | None:
        """Return the overlay for something, or None if it stays."""
        full = f"{module}.{name}"
        if _any(full, self.resident):
            return None
        for label, patterns in self.together.items():
            if _any(full, patterns):
                return label
        return "_".join(module.split(".")[-2:])

    def check(self, names: Collection[str]) -> None:
        """Refuse a pattern that means nothing (any more)."""
        for pattern in [*self.resident, *(p for ps in self.together.values() for p in ps)]:
            if not any(fnmatch.fnmatchcase(name, pattern) for name in names):
                raise LinkError(f"overlays: nothing is called {pattern}")


def _any(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


class Cold:
    """Where everything is that is not kept in memory.

    Attributes: `functions`: a top-level function -> the number of its overlay; `methods`: the
    statement of a class -> method -> overlay; `bases`: the statement of a class -> its base, if
    that is linked; `marks`: class -> its number in overlays. Overlay 7 is `lib/cold7.mpy`, class 2
    in it `c2`: every name costs memory, and a small number does not.

    Args:
        program, groups: its modules, and in which group each is.
        references: of every statement; live: the statements that are used; kept: methods of each.
        fixed: symbols that the outside imports; apart: groups that have no overlays.
    """

    def __init__(
        self,
        plan: Plan,
        program: Program,
        groups: Mapping[str, str],
        references: Mapping[_Statement, list[Reference]],
        live: Collection[_Statement],
        kept: Mapping[_Statement, set[str]],
        fixed: Collection[Symbol],
        apart: Collection[str],
    ) -> None:
        self._program = program
        self._plan = plan
        self._groups = groups
        self._references = references
        self.functions: dict[Symbol, int] = {}
        self.methods: dict[_Statement, dict[str, int]] = {}
        self.bases: dict[_Statement, _Statement] = {}
        self.marks: dict[_Statement, int] = {}
        self._files: dict[tuple[str, str], int] = {}  # label, group: number
        if OVERLAYS not in groups:
            return
        plan.check(list(self._everything()))
        # A module-level reference is wanted at once, and a class has no `__getattr__` for what is
        # asked of itself.
        at_once = set(fixed)
        asked: set[tuple[Symbol, str]] = set()
        for place in live:
            statement = program.modules[place[0]].statements[place[1]]
            later = _later(statement)
            meanings = {id(r.node): r.meaning for r in references[place]}
            for reference in references[place]:
                if isinstance(reference.meaning, Symbol) and id(reference.node) not in later:
                    at_once.add(reference.meaning)
            for node in ast.walk(statement):
                if isinstance(node, ast.Attribute):
                    meaning = meanings.get(id(node.value))
                    if isinstance(meaning, Symbol):
                        asked.add((meaning, node.attr))
            if isinstance(statement, ast.ClassDef):
                for base in statement.bases:
                    meaning = meanings.get(id(base))
                    if isinstance(meaning, Symbol):
                        index = program.modules[meaning.module].own[meaning.name][0]
                        self.bases[place] = meaning.module, index
        self._asked = asked
        for place in sorted(live):
            module, index = place
            statement = program.modules[module].statements[index]
            group = groups[module]
            if group in apart or module == OVERLAYS:
                continue
            if isinstance(statement, _FUNCTION):
                symbol = Symbol(module, statement.name)
                label = plan.place(module, statement.name)
                # A symbol's own definition is a reference that is no node of a tree.
                if label and symbol not in at_once and not statement.decorator_list:
                    self.functions[symbol] = self._file(label, group)
        for place in sorted(live, key=lambda p: (self._depth(p), p)):
            statement = program.modules[place[0]].statements[place[1]]
            group = groups[place[0]]
            if isinstance(statement, ast.ClassDef) and group not in apart:
                self._class(place, statement, group, kept[place])
        self._merge()
        self._mark()

    def _merge(self) -> None:
        """Put what is very small with something else of its group: a file costs more than that."""
        sizes: Counter[int] = Counter()
        for symbol, file in self.functions.items():
            for index in self._program.modules[symbol.module].own[symbol.name]:
                sizes[file] += _size(self._program.modules[symbol.module].statements[index])
        for place, methods in self.methods.items():
            statement = self._program.modules[place[0]].statements[place[1]]
            assert isinstance(statement, ast.ClassDef)
            for method in statement.body:
                if isinstance(method, _FUNCTION) and methods.get(method.name):
                    sizes[methods[method.name]] += _size(method)
        into: dict[int, int] = {}
        for (_, group), file in sorted(self._files.items(), key=lambda item: sizes[item[1]]):
            others = [one for one in self.files(group) if one != file and one not in into]
            if sizes[file] < _SMALL and others:
                other = min(others, key=lambda one: (sizes[one], one))
                into[file] = other
                sizes[other] += sizes[file]
        numbers = {
            old: new
            for new, old in enumerate(
                (file for file in self._files.values() if file not in into), 1
            )
        }

        def final(file: int) -> int:
            while file in into:
                file = into[file]
            return numbers[file]

        self._files = {key: final(file) for key, file in self._files.items()}
        self.functions = {symbol: final(file) for symbol, file in self.functions.items()}
        for methods in self.methods.values():
            for name, file in methods.items():
                methods[name] = final(file) if file != NOTHING else NOTHING

    def _everything(self) -> set[str]:
        names = set()
        for module in self._groups:
            for statement in self._program.modules[module].statements:
                if isinstance(statement, _FUNCTION):
                    names.add(f"{module}.{statement.name}")
                elif isinstance(statement, ast.ClassDef):
                    for method in statement.body:
                        if isinstance(method, _FUNCTION):
                            names.add(f"{module}.{statement.name}.{method.name}")
        return names

    def _depth(self, place: _Statement) -> int:
        depth = 0
        while place in self.bases:
            place = self.bases[place]
            depth += 1
        return depth

    def _file(self, label: str, group: str) -> int:
        return self._files.setdefault((label, group), len(self._files) + 1)

    def _class(
        self, place: _Statement, statement: ast.ClassDef, group: str, kept: Collection[str]
    ) -> None:
        module = place[0]
        found = {}
        fixed = self._stays(place)
        whole = self._is_whole(place)
        for method in statement.body:
            if not isinstance(method, _FUNCTION) or method.name not in kept:
                continue
            name = method.name
            label = self._plan.place(module, f"{statement.name}.{name}")
            special = method.decorator_list or name in fixed
            if name.startswith("__") and not (name == INIT and whole):
                continue
            symbol = Symbol(module, statement.name)
            if label is None or special or (symbol, name) in self._asked:
                continue
            empty = _is_empty(method) and name != INIT
            found[name] = NOTHING if empty else self._file(label, group)
        if found:
            self.methods[place] = found

    def _mark(self) -> None:
        """Number the classes so that no two of one overlay have the same number."""
        for place, methods in self.methods.items():
            files = set(methods.values()) - {NOTHING}
            taken = {
                mark
                for other, mark in self.marks.items()
                if files & set(self.methods[other].values())
            }
            self.marks[place] = next(n for n in range(MARKS - 1) if n not in taken)

    def _is_whole(self, place: _Statement) -> bool:
        """Tell whether all bases of a class are linked ones."""
        while place in self.bases:
            place = self.bases[place]
        root = self._program.modules[place[0]].statements[place[1]]
        assert isinstance(root, ast.ClassDef)
        return not root.bases

    def _stays(self, place: _Statement) -> set[str]:
        """Return the names that stay in a class as one of its bases keeps them in memory."""
        names: set[str] = set()
        while place in self.bases:
            place = self.bases[place]
            base = self._program.modules[place[0]].statements[place[1]]
            assert isinstance(base, ast.ClassDef)
            cold = self.methods.get(place, {})
            for part in base.body:
                if isinstance(part, _FUNCTION) and part.name not in cold and part.name != INIT:
                    names.add(part.name)
                elif isinstance(part, ast.Assign | ast.AnnAssign):
                    targets = part.targets if isinstance(part, ast.Assign) else [part.target]
                    names.update(t.id for t in targets if isinstance(t, ast.Name))
        return names

    # --- what the linker asks ---

    def files(self, group: str) -> list[int]:
        """Return the overlays of a group."""
        return sorted({file for (_, its), file in self._files.items() if its == group})

    def labels(self) -> dict[int, str]:
        """Return what each overlay is called in the plan."""
        found: dict[int, str] = {}
        for (label, _), file in self._files.items():
            found[file] = f"{found[file]}, {label}" if file in found else label
        return found

    def table(self, place: _Statement) -> dict[str, int]:
        """Return where each method is that a class defines and that is not in memory."""
        return {
            name: file * MARKS + self.marks[place] if file else NOTHING
            for name, file in self.methods.get(place, {}).items()
        }

    def above_table(self, place: _Statement) -> _Statement | None:
        """Return the nearest base that has such methods as well."""
        base = self.bases.get(place)
        while base is not None and base not in self.methods:
            base = self.bases.get(base)
        return base

    def owner(self, place: _Statement, line: int) -> int | None:
        """Return the overlay that a line of a statement goes into; None: it stays."""
        module, index = place
        statement = self._program.modules[module].statements[index]
        if isinstance(statement, _FUNCTION):
            return self.functions.get(Symbol(module, statement.name))
        if isinstance(statement, ast.ClassDef):
            for method in statement.body:
                if method.lineno <= line <= (method.end_lineno or 0):
                    if isinstance(method, _FUNCTION):
                        return self.methods.get(place, {}).get(method.name)
                    return None
        return None

    def above(self, place: _Statement, name: str) -> tuple[_Statement, int | None] | None:
        """Return the base that defines a method, and the overlay in which it is."""
        while place in self.bases:
            place = self.bases[place]
            base = self._program.modules[place[0]].statements[place[1]]
            assert isinstance(base, ast.ClassDef)
            if any(isinstance(m, _FUNCTION) and m.name == name for m in base.body):
                return place, self.methods.get(place, {}).get(name)
        return None


def _later(statement: ast.stmt) -> set[int]:
    """Return the ids of the nodes that are evaluated when a function runs."""
    found: set[int] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in node.body:
                found.update(id(inner) for inner in ast.walk(part))
        elif isinstance(node, ast.Lambda):
            found.update(id(inner) for inner in ast.walk(node.body))
    return found


def _size(node: ast.stmt) -> int:
    return len(ast.unparse(node))


def _is_empty(method: _FUNCTION) -> bool:
    """Tell whether a plain method returns None and does nothing else."""
    if isinstance(method, ast.AsyncFunctionDef):
        return False
    for part in method.body:
        if isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant):
            continue
        if isinstance(part, ast.Pass) or (isinstance(part, ast.Return) and part.value is None):
            continue
        return False
    return True
