"""Which statements only define something, and their guarded form.

A guarded statement is the learner's own, except that every call, operator and loop in it goes
through `CheapCalls`, which refuses what is not cheap. Bodies of functions and lambdas stay as
they are: they are made, not run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from grader.worker.cheap_calls import CheapCalls

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
IMPORTS = (ast.Import, ast.ImportFrom)
GUARD = "(cheap calls)"  # no name that a learner could write
_FORMS = (
    ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.UnaryOp, ast.BinOp, ast.BoolOp,
    ast.Compare, ast.IfExp, ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.Starred,
    ast.JoinedStr, ast.FormattedValue, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp,
    ast.GeneratorExp, ast.comprehension, ast.Call, ast.keyword, ast.expr_context, ast.operator,
    ast.unaryop, ast.boolop, ast.cmpop, ast.NamedExpr,
)  # fmt: skip
_OPERATORS = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv",
    ast.Mod: "mod", ast.Pow: "pow", ast.LShift: "lshift", ast.RShift: "rshift", ast.BitOr: "or_",
    ast.BitXor: "xor", ast.BitAnd: "and_",
}  # fmt: skip
_CHANGING = {
    "append", "extend", "insert", "add", "update", "setdefault", "appendleft", "sort", "reverse",
    "pop", "remove", "clear", "discard", "fill", "put",
}  # fmt: skip


class NotCheapError(Exception):
    """The form of a statement says already that it does more than define."""


def guarded(statement: ast.stmt) -> list[ast.stmt]:
    """Return what to run for a top-level statement, in its guarded form.

    Raises
    ------
    NotCheapError
        The statement holds more than definitions.
    """
    return [ast.fix_missing_locations(part) for part in _kept(statement)]


def guarded_test(test: ast.expr) -> ast.Expression:
    """Return the guarded form of a condition; raises as `guarded` does."""
    return ast.fix_missing_locations(ast.Expression(_Guarded().visit(test)))


def run_guarded(code: Any, namespace: dict[str, Any], calls: CheapCalls) -> Any:
    """Run, or evaluate, compiled guarded code."""
    namespace[GUARD] = calls
    try:
        return eval(code, namespace)  # noqa: S307  (the learner's code, in the learner's process)
    finally:
        namespace.pop(GUARD, None)


def _kept(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield the guarded form of a statement; nothing for one that neither binds nor changes."""
    if isinstance(statement, (*DEFINITIONS, *IMPORTS, ast.Pass, ast.Break, ast.Continue)):
        yield statement
    elif isinstance(statement, ast.Assign):
        yield from _assignment(statement, statement.targets, statement.value)
    elif isinstance(statement, ast.AnnAssign):
        if statement.value is not None:
            yield from _assignment(statement, [statement.target], statement.value)
    elif isinstance(statement, ast.AugAssign):
        yield _augmented(statement)
    elif isinstance(statement, ast.Expr):
        if changed_by_call(statement) or isinstance(statement.value, ast.NamedExpr):
            yield ast.copy_location(ast.Expr(_Guarded().visit(statement.value)), statement)
    else:
        yield _block(statement)


def _assignment(
    statement: ast.stmt, targets: Iterable[ast.expr], value: ast.expr
) -> Iterator[ast.stmt]:
    kept = [_target(target) for target in targets]
    yield ast.copy_location(ast.Assign(kept, _Guarded().visit(value)), statement)


def _target(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return target
    if isinstance(target, ast.Tuple | ast.List):
        elements = [_target(element) for element in target.elts]
        return ast.copy_location(type(target)(elements, ast.Store()), target)
    base: ast.AST = target
    while isinstance(base, ast.Subscript):
        base = base.value
    if isinstance(target, ast.Subscript) and isinstance(base, ast.Name):
        index = _Guarded().visit(target.slice)
        return ast.copy_location(ast.Subscript(target.value, index, ast.Store()), target)
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        owner = _asked("owner", target.value, [target.value])
        return ast.copy_location(ast.Attribute(owner, target.attr, ast.Store()), target)
    raise NotCheapError


def _augmented(statement: ast.AugAssign) -> ast.stmt:
    if not isinstance(statement.target, ast.Name):
        raise NotCheapError
    name = statement.target.id
    before = ast.copy_location(ast.Name(name, ast.Load()), statement)
    made = _operation(statement.op, before, _Guarded().visit(statement.value), place=True)
    target = ast.copy_location(ast.Name(name, ast.Store()), statement)
    return ast.copy_location(ast.Assign([target], made), statement)


def changed_by_call(statement: ast.stmt) -> str | None:
    """Return the name of the container that a statement such as `NAMES.append(...)` changes."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    if call.func.attr == "copyto" and call.args and isinstance(call.args[0], ast.Name):
        return call.args[0].id
    base: ast.AST = call.func.value
    while isinstance(base, ast.Subscript):
        base = base.value
    if call.func.attr in _CHANGING and isinstance(base, ast.Name):
        return base.id
    return None


def _block(statement: ast.stmt) -> ast.stmt:
    if isinstance(statement, ast.For):
        loop = ast.For(
            _target(statement.target),
            _asked("each", statement.iter, [_Guarded().visit(statement.iter)]),
            _body(statement.body),
            _body(statement.orelse, empty=True),
        )
        return ast.copy_location(loop, statement)
    if isinstance(statement, ast.While):
        test = _asked("turn", statement.test, [_Guarded().visit(statement.test)])
        again = ast.While(test, _body(statement.body), _body(statement.orelse, empty=True))
        return ast.copy_location(again, statement)
    if isinstance(statement, ast.If):
        branches = _body(statement.body), _body(statement.orelse, empty=True)
        return ast.copy_location(ast.If(_Guarded().visit(statement.test), *branches), statement)
    if isinstance(statement, ast.Try):
        handlers = [
            ast.copy_location(ast.ExceptHandler(one.type, one.name, _body(one.body)), one)
            for one in statement.handlers
        ]
        rest = _body(statement.orelse, empty=True), _body(statement.finalbody, empty=True)
        return ast.copy_location(ast.Try(_body(statement.body), handlers, *rest), statement)
    raise NotCheapError


def _body(statements: list[ast.stmt], *, empty: bool = False) -> list[ast.stmt]:
    kept = [part for statement in statements for part in _kept(statement)]
    return kept if kept or empty else [ast.Pass()]


def _asked(question: str, place: ast.AST, arguments: list[ast.expr]) -> ast.expr:
    """Build a call of a method of the guard."""
    guard = ast.Attribute(ast.Name(GUARD, ast.Load()), question, ast.Load())
    return ast.copy_location(ast.Call(guard, arguments, []), place)


def _operation(sort: ast.operator, left: ast.expr, right: ast.expr, *, place: bool) -> ast.expr:
    name = _OPERATORS.get(type(sort))
    if name is None:
        raise NotCheapError
    known = "i" + name.rstrip("_") if place else name
    return _asked("operate", left, [ast.Constant(known), left, right])


class _Guarded(ast.NodeTransformer):
    """Rewrites an expression of the whitelist; raises `NotCheapError` for any other form."""

    def visit(self, node: ast.AST) -> Any:
        if not isinstance(node, _FORMS):
            raise NotCheapError
        return super().visit(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        """Guard the defaults, which are computed now; the body waits until it is called."""
        node.args.defaults = [self.visit(default) for default in node.args.defaults]
        named = node.args.kw_defaults
        node.args.kw_defaults = [default and self.visit(default) for default in named]
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Ask before the call."""
        arguments = [self.visit(argument) for argument in node.args]
        named = [self.visit(keyword) for keyword in node.keywords]
        if isinstance(node.func, ast.Attribute):
            name = ast.Constant(node.func.attr)
            asked = _asked("method", node, [self.visit(node.func.value), name, *arguments])
        else:
            asked = _asked("call", node, [self.visit(node.func), *arguments])
        assert isinstance(asked, ast.Call)
        asked.keywords = named
        return asked

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Measure the operands first."""
        return _operation(node.op, self.visit(node.left), self.visit(node.right), place=False)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Look at what is indexed."""
        node.value = _asked("indexed", node, [self.visit(node.value)])
        node.slice = self.visit(node.slice)
        return node

    def visit_Starred(self, node: ast.Starred) -> ast.expr:
        """Count what is unpacked."""
        node.value = _asked("each", node, [self.visit(node.value)])
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        """Count what is gone through."""
        if node.is_async:
            raise NotCheapError
        node.target = _target(node.target)
        node.iter = _asked("each", node.iter, [self.visit(node.iter)])
        node.ifs = [self.visit(condition) for condition in node.ifs]
        return node

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.expr:
        """Allow a short constant format, as in `{x:.2f}`."""
        width = ast.unparse(node.format_spec) if node.format_spec is not None else ""
        if len(width) > 9 or "{" in width:
            raise NotCheapError
        node.value = self.visit(node.value)
        return node
