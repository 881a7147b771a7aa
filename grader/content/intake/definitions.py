"""Which functions a parsed file defines, and where; names are looked at, nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

import msgspec

Function = ast.FunctionDef | ast.AsyncFunctionDef
_COMPUTED = (ast.Call, ast.Subscript, ast.IfExp, ast.BoolOp, ast.NamedExpr)


class Kind(Enum):
    """How a name came to stand at the top level of a file."""

    FUNCTION = "function"  # def, lambda, or another name for a function
    RESULT = "result"  # name = call(...) or table[...]: only running it tells what it is
    VALUE = "value"  # a number, a table: never what is graded, but functions may use it
    COROUTINE = "coroutine"  # async def: calling it does not compute anything
    CLASS = "class"
    IMPORT = "import"
    GUARDED = "guarded"  # under `if __name__ == "__main__":`


class Definition(msgspec.Struct, frozen=True):
    """A name bound at the top level: its place and whether it is more than an untouched stub."""

    name: str
    kind: Kind
    line: int
    finished: bool
    node: ast.AST
    display: str

    @property
    def counts(self) -> bool:
        """Tell whether the name can be called to be graded."""
        return self.kind in (Kind.FUNCTION, Kind.RESULT)


class _Statement(NamedTuple):
    node: ast.stmt
    guarded: bool


def definitions_in(tree: ast.Module, display: str, first_line: int) -> list[Definition]:
    """Return what the tree binds at its top level (also in if, try and with), in order."""
    found: list[Definition] = []
    for node, guarded in _top_level(tree.body, guarded=False):
        for name, kind, finished in _bound(node, found):
            line = node.lineno + first_line - 1
            shown_kind = Kind.GUARDED if guarded else kind
            found.append(Definition(name, shown_kind, line, finished, node, display))
    return found


def last_of(name: str, definitions: Sequence[Definition]) -> Definition | None:
    """Return the definition of `name` that is in force when the file has been run.

    Python takes the last one, so we do too, even when it is an untouched stub below a finished
    function: the learner's own program calls the stub as well, and a grade for code that their
    program never calls would hide that from them. Intake says so in a note.
    A result of a call (`clip = partial(...)`) counts only where nothing surer does: in a notebook
    it is more often a variable that happens to have the name.
    """
    own = [one for one in definitions if one.name == name and one.kind is not Kind.VALUE]
    sure = [one for one in own if one.kind is not Kind.RESULT]
    callable_ones = [one for one in sure if one.kind is not Kind.GUARDED]
    best = callable_ones or [one for one in own if one.counts] or sure
    return best[-1] if best else None


def _top_level(body: Sequence[ast.stmt], *, guarded: bool) -> Iterator[_Statement]:
    for node in body:
        if isinstance(node, ast.If):
            inside = guarded or _asks_for_main(node.test)
            yield from _top_level(node.body, guarded=inside)
            yield from _top_level(node.orelse, guarded=guarded)
        elif isinstance(node, ast.Try | ast.TryStar):
            for part in (node.body, *(h.body for h in node.handlers), node.orelse, node.finalbody):
                yield from _top_level(part, guarded=guarded)
        elif isinstance(node, ast.With):
            yield from _top_level(node.body, guarded=guarded)
        else:
            yield _Statement(node, guarded)


def _asks_for_main(test: ast.expr) -> bool:
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, *test.comparators)
    return "__name__" in {side.id for side in sides if isinstance(side, ast.Name)}


def _bound(node: ast.stmt, before: Sequence[Definition]) -> Iterator[tuple[str, Kind, bool]]:
    """Yield name, kind and whether it is finished, for every name the statement binds."""
    if isinstance(node, ast.FunctionDef):
        yield node.name, Kind.FUNCTION, is_finished(node)
    elif isinstance(node, ast.AsyncFunctionDef):
        yield node.name, Kind.COROUTINE, True
    elif isinstance(node, ast.ClassDef):
        yield node.name, Kind.CLASS, True
    elif isinstance(node, ast.ImportFrom | ast.Import):
        for alias in node.names:
            yield alias.asname or alias.name, Kind.IMPORT, True
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            yield from _taken_apart(target, node.value, before)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.NamedExpr):
        yield from _taken_apart(node.value.target, node.value.value, before)


def _taken_apart(
    target: ast.expr, value: ast.expr, before: Sequence[Definition]
) -> Iterator[tuple[str, Kind, bool]]:
    """What an assignment binds, also of several names at once."""
    if isinstance(target, ast.Name):
        yield from _assigned(target.id, value, before)
    elif isinstance(target, ast.Tuple | ast.List):
        parts = value.elts if isinstance(value, ast.Tuple | ast.List) else []
        if len(parts) == len(target.elts) and not _holds_starred([*parts, *target.elts]):
            for part, one in zip(target.elts, parts, strict=True):
                yield from _taken_apart(part, one, before)
        else:
            for name in (part.id for part in ast.walk(target) if isinstance(part, ast.Name)):
                yield name, Kind.RESULT, True


def _holds_starred(parts: Sequence[ast.expr]) -> bool:
    return any(isinstance(part, ast.Starred) for part in parts)


def _assigned(
    name: str, value: ast.expr, before: Sequence[Definition]
) -> Iterator[tuple[str, Kind, bool]]:
    if isinstance(value, ast.Lambda | ast.Attribute):
        yield name, Kind.FUNCTION, True
    elif isinstance(value, _COMPUTED):
        yield name, Kind.RESULT, True
    elif isinstance(value, ast.Name):
        original = last_of(value.id, before)
        if original is None or original.kind is not Kind.CLASS:
            yield name, Kind.FUNCTION, original is None or original.finished
    else:
        yield name, Kind.VALUE, True


def is_finished(function: Function) -> bool:
    """Tell whether a function is more than a stub.

    A stub runs into `raise NotImplementedError` on its way, whatever plumbing stands around it,
    or has no body to speak of (`pass`, `...`, a docstring). A raise under a condition is no stub.
    """
    written = [node for node in function.body if not _says_nothing(node)]
    return bool(written) and not _runs_into_the_hole(written)


def _says_nothing(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


def _runs_into_the_hole(body: Sequence[ast.stmt]) -> bool:
    for node in body:
        if isinstance(node, ast.Return):
            return False
        if isinstance(node, ast.Raise):
            return _is_not_implemented(node.exc)
        if isinstance(node, ast.For | ast.While | ast.With) and _runs_into_the_hole(node.body):
            return True
    return False


def _is_not_implemented(raised: ast.expr | None) -> bool:
    named = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(named, ast.Name) and named.id == "NotImplementedError"


def functions_inside(tree: ast.Module) -> Iterator[tuple[str, str, ast.AST]]:
    """Yield (name, "class X" or "function f", node) for functions that are not at the top level."""
    for outer in ast.walk(tree):
        if isinstance(outer, ast.ClassDef | Function):
            kind = "class" if isinstance(outer, ast.ClassDef) else "function"
            for node in ast.iter_child_nodes(outer):
                if isinstance(node, Function):
                    yield node.name, f"{kind} {outer.name}", node
