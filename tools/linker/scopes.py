"""Finds every place of a module where a name means something at a module's top level."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from tools.linker.program import LinkError, Module, Program, Symbol

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Reference:
    """A place that means a symbol or an external import.

    node: the name, or the attribute of a module; hidden: names that mean something else here;
    site: the function-level import by which it is known, or None.
    """

    node: ast.expr
    meaning: Symbol | str
    hidden: frozenset[str]
    site: ast.ImportFrom | None


@dataclass
class _Scope:
    locals: set[str]
    links: dict[str, tuple[Symbol, ast.ImportFrom]]
    is_class: bool


class _Finder(ast.NodeVisitor):
    def __init__(self, program: Program, module: Module) -> None:
        self.program = program
        self.module = module
        self.scopes: list[_Scope] = []
        self.found: list[Reference] = []
        self.locals: set[str] = set()

    # --- scopes ---

    def _enter(self, node: ast.AST, arguments: ast.arguments | None, body: list[ast.AST]) -> None:
        scope = _Scope(set(), {}, isinstance(node, ast.ClassDef))
        if arguments is not None:
            every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
            scope.locals |= {argument.arg for argument in every}
            for argument in (arguments.vararg, arguments.kwarg):
                if argument is not None:
                    scope.locals.add(argument.arg)
        for part in body:
            self._bindings(part, scope)
        self.locals |= scope.locals
        self.scopes.append(scope)
        for part in body:
            self.visit(part)
        self.scopes.pop()

    def _bindings(self, node: ast.AST, scope: _Scope) -> None:
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                scope.locals.add(name)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                scope.locals.add(node.name)
                return
            case ast.Lambda():
                return
            case ast.ExceptHandler(name=str(name)):
                scope.locals.add(name)
            case ast.Global() | ast.Nonlocal():
                raise LinkError(f"{self.module.path}:{node.lineno}: no global or nonlocal")
            case ast.ImportFrom() | ast.Import():
                for alias, kind, value in self.program.imports(node):
                    if kind == "external":
                        scope.locals.add(alias)
                    elif kind == "module":
                        raise LinkError(f"{self.module.path}:{node.lineno}: import names here")
                    else:
                        assert isinstance(node, ast.ImportFrom)
                        scope.links[alias] = self.program.symbol(*value), node
                return
        if isinstance(node, _COMPREHENSIONS):
            return
        for child in ast.iter_child_nodes(node):
            self._bindings(child, scope)

    def _visit_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for part in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            if part is not None:
                self.visit(part)
        self._enter(node, node.args, list(node.body))

    visit_FunctionDef = visit_AsyncFunctionDef = _visit_function

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for part in (*node.args.defaults, *node.args.kw_defaults):
            if part is not None:
                self.visit(part)
        self._enter(node, node.args, [node.body])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in (*node.decorator_list, *node.bases):
            self.visit(part)
        self._enter(node, None, list(node.body))

    def generic_visit(self, node: ast.AST) -> None:
        if isinstance(node, _COMPREHENSIONS):
            # The first iterable belongs to the scope around; a name of that is one of this too.
            self._enter(node, None, list(ast.iter_child_nodes(node)))
        else:
            super().generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.target)
        if node.value is not None:
            self.visit(node.value)

    def visit_arg(self, node: ast.arg) -> None:
        """An annotation is not evaluated on the device."""

    # --- names ---

    def _visible(self) -> list[_Scope]:
        """The scopes that a name here is looked up in, innermost first."""
        inner = self.scopes[-1:]
        return inner + [scope for scope in reversed(self.scopes[:-1]) if not scope.is_class]

    def _add(self, node: ast.expr, meaning: Symbol | str, site: ast.ImportFrom | None) -> None:
        hidden = frozenset().union(*(scope.locals for scope in self._visible()))
        self.found.append(Reference(node, meaning, hidden, site))

    def visit_Name(self, node: ast.Name) -> None:
        for scope in self._visible():
            if node.id in scope.links:
                self._add(node, *scope.links[node.id])
                return
            if node.id in scope.locals:
                return
        module = self.module
        if node.id in module.own:
            self._add(node, Symbol(module.name, node.id), None)
        elif node.id in module.imported:
            self._add(node, self.program.symbol(*module.imported[node.id]), None)
        elif node.id in module.external:
            self._add(node, module.external[node.id], None)
        elif node.id in module.modules:
            raise LinkError(f"{module.path}:{node.lineno}: a module is no value: {node.id}")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        value = node.value
        module = self.module
        if isinstance(value, ast.Name) and value.id in module.modules:
            hidden = any(value.id in scope.locals for scope in self._visible())
            if not hidden:
                symbol = self.program.symbol(module.modules[value.id], node.attr)
                self._add(node, symbol, None)
                return
        self.visit(value)


def references(program: Program, module: Module, node: ast.stmt) -> list[Reference]:
    """Return every reference within a top-level statement, also the names that it defines.

    Raises:
        LinkError: something cannot be linked.
    """
    finder = _Finder(program, module)
    finder.visit(node)
    return finder.found
