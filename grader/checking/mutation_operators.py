"""The mutation operators: what may go wrong at one statement, and what a person would say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from grader.checking.reversible_change import Change

if TYPE_CHECKING:
    import difflib

ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.Div, ast.MatMult),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
}
COMPARISON: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq, ast.Lt),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
FUNCTIONS = {
    "tanh": ("sigmoid", "softmax"),
    "sigmoid": ("tanh", "softmax"),
    "softmax": ("sigmoid",),
    "minimum": ("maximum",),
    "maximum": ("minimum",),
    "hstack": ("vstack",),
    "vstack": ("hstack",),
}


def changes_at(
    statement: ast.stmt, body: list[ast.stmt], position: int, names: frozenset[str]
) -> Iterator[Change]:
    """All changes of one statement (not of the statements inside it)."""
    yield from _statement_changes(statement, body, position)
    for holder, field, node in _expressions(statement):
        for value, kind, tells in _replacements(node, names):
            yield Change(holder, field, value, kind, tells, about=node)
        yield from _inner_changes(node)


def _expressions(statement: ast.stmt) -> Iterator[tuple[Any, str | int, ast.expr]]:
    """Every expression of a statement with its holder, not entering nested statements."""
    pending: list[tuple[Any, str | int, ast.AST]] = []
    _push(pending, statement, top=True)
    while pending:
        holder, field, node = pending.pop()
        if isinstance(node, ast.expr):
            yield holder, field, node
        _push(pending, node, top=False)


def _push(pending: list[tuple[Any, str | int, ast.AST]], node: ast.AST, *, top: bool) -> None:
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.stmt):
            continue
        if isinstance(value, ast.AST):
            pending.append((node, field, value))
        elif isinstance(value, list):
            if top and field in ("body", "orelse", "handlers", "finalbody"):
                continue
            pending += [(value, i, v) for i, v in enumerate(value) if isinstance(v, ast.AST)]


def _statement_changes(
    statement: ast.stmt, body: list[ast.stmt], position: int
) -> Iterator[Change]:
    def put(new: ast.stmt, kind: str, tells: str) -> Change:
        return Change(
            body, position, ast.copy_location(new, statement), kind, tells, about=statement
        )

    if isinstance(statement, ast.Pass | ast.FunctionDef | ast.Import | ast.ImportFrom):
        return
    if not isinstance(statement, ast.Return | ast.For | ast.While | ast.If):
        yield put(ast.Pass(), "dropped-statement", "one statement is missing")
    if isinstance(statement, ast.AugAssign):
        load = _as_load(statement.target)
        yield put(
            ast.Assign([statement.target], statement.value),
            "accumulation",
            "it is replaced in every round instead of added up",
        )
        yield put(
            ast.Assign([statement.target], ast.UnaryOp(ast.USub(), load)),
            "accumulation",
            "what is added up is something else",
        )
    if isinstance(statement, ast.If):
        yield Change(
            statement,
            "test",
            ast.UnaryOp(ast.Not(), statement.test),
            "condition",
            "a condition is turned round",
            about=statement.test,
        )


def _as_load(target: ast.expr) -> ast.expr:
    made: ast.expr = ast.parse(ast.unparse(target), mode="eval").body
    return made


Replacement = tuple[ast.expr, str, str]


def _replacements(node: ast.expr, names: frozenset[str]) -> Iterator[Replacement]:
    """Other expressions in the place of one."""
    loaded = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    if isinstance(node, ast.BinOp):
        yield from _of_operation(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand, "sign", "a sign is turned round"
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node)
    elif isinstance(node, ast.Name) and loaded and node.id in names:
        for other in look_alikes(node.id, names):
            tells = f"`{other}` stands where another quantity belongs"
            yield ast.Name(other, ast.Load()), "look-alike", tells
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value, "transpose", "a transpose is missing"
    elif isinstance(node, ast.Call):
        yield from _of_call(node)


@lru_cache(maxsize=1024)  # asked for at every place where the name stands
def look_alikes(name: str, names: frozenset[str]) -> tuple[str, ...]:
    """Names that are easily taken for ``name``."""
    import difflib  # few diagnoses come as far as a mutant

    alike = difflib.SequenceMatcher(b=name)
    return tuple(other for other in sorted(names) if other != name and _alike(alike, other))


def _alike(matcher: difflib.SequenceMatcher[str], other: str) -> bool:
    """Whether names are alike; the upper bounds are cheap, and decide most."""
    matcher.set_seq1(other)
    bounds = matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio
    return all(bound() >= 0.5 for bound in bounds)


def _of_operation(node: ast.BinOp) -> Iterator[Replacement]:
    for other in ARITHMETIC.get(type(node.op), ()):
        yield ast.BinOp(node.left, other(), node.right), "arithmetic", "an operator is another one"
    term = "term" if isinstance(node.op, ast.Add | ast.Sub) else "factor"
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.Pow | ast.MatMult):
        yield node.left, "dropped-operand", f"a {term} is missing"
        if isinstance(node.op, ast.Sub):
            yield ast.UnaryOp(ast.USub(), node.right), "dropped-operand", "a term is missing"
        elif not isinstance(node.op, ast.Pow):
            yield node.right, "dropped-operand", f"a {term} is missing"
    if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        yield ast.BinOp(node.right, node.op, node.left), "swapped-operands", "two sides are swapped"
    if isinstance(node.op, ast.MatMult):
        yield (
            ast.BinOp(_transposed(node.left), node.op, node.right),
            "transpose",
            "a transpose is one too many, or missing",
        )
        yield (
            ast.BinOp(node.left, node.op, _transposed(node.right)),
            "transpose",
            "a transpose is one too many, or missing",
        )


def _transposed(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    return ast.Attribute(node, "T", ast.Load())


def _of_constant(node: ast.Constant) -> Iterator[Replacement]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value), "constant", "a flag is turned round"
    elif isinstance(value, int | float):
        for other in (value + 1, value - 1, -value if value else None):
            if other is not None and other != value:
                yield ast.Constant(other), "constant", "a number is another one"


def _of_call(node: ast.Call) -> Iterator[Replacement]:
    name = called_name(node)
    for other in FUNCTIONS.get(name, ()):
        made = (
            _numpy(other) if other in ("tanh", "minimum", "maximum", "hstack", "vstack") else None
        )
        function = made or ast.Name(other, ast.Load())
        tells = f"`{other}` stands where `{name}` belongs"
        yield ast.Call(function, node.args, node.keywords), "function", tells
    if len(node.args) == 1 and name not in ("zeros", "range", "len", "zeros_like", "sorted"):
        yield node.args[0], "dropped-call", f"`{name}` is not applied"
    if name == "range" and len(node.args) == 1:
        yield from _of_range(node)
    if name == "reversed" and len(node.args) == 1:
        yield node.args[0], "order", "the loop runs the other way round"
    for i in range(len(node.args) - 1):
        swapped = list(node.args)
        swapped[i], swapped[i + 1] = swapped[i + 1], swapped[i]
        yield (
            ast.Call(node.func, swapped, node.keywords),
            "swapped-arguments",
            f"two arguments of `{name}` are swapped",
        )
    for i, keyword in enumerate(node.keywords):
        rest = node.keywords[:i] + node.keywords[i + 1 :]
        tells = f"`{keyword.arg}` is not given to `{name}`"
        yield ast.Call(node.func, node.args, rest), "dropped-keyword", tells


def _of_range(node: ast.Call) -> Iterator[Replacement]:
    stop = node.args[0]
    shorter = ast.BinOp(stop, ast.Sub(), ast.Constant(1))
    reverse = ast.Call(ast.Name("reversed", ast.Load()), [node], [])
    yield ast.Call(node.func, [ast.Constant(1), stop], []), "loop", "the loop leaves out the first"
    yield ast.Call(node.func, [shorter], []), "loop", "the loop leaves out the last"
    yield reverse, "order", "the loop runs the other way round"


def _numpy(name: str) -> ast.expr:
    return ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load())


def called_name(node: ast.Call) -> str:
    """The last part of the name of what is called."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _inner_changes(node: ast.expr) -> Iterator[Change]:
    """Changes inside an expression: comparison operators and indices."""
    if isinstance(node, ast.Compare):
        for other in COMPARISON.get(type(node.ops[0]), ()):
            tells = "a comparison is another one"
            yield Change(node, "ops", [other(), *node.ops[1:]], "comparison", tells, about=node)
    if isinstance(node, ast.Subscript):
        yield from _of_index(node)


def _of_index(node: ast.Subscript) -> Iterator[Change]:
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    holder: Any = node.slice.elts if isinstance(node.slice, ast.Tuple) else node
    for i, part in enumerate(parts):
        field: str | int = i if isinstance(node.slice, ast.Tuple) else "slice"
        if isinstance(part, ast.Name):
            for op, tells in ((ast.Sub, "one step early"), (ast.Add, "one step late")):
                moved = ast.BinOp(ast.Name(part.id, ast.Load()), op(), ast.Constant(1))
                yield Change(holder, field, moved, "index", f"an index is {tells}", about=node)
            first = ast.Constant(0)
            yield Change(holder, field, first, "index", "an index is always the first", about=node)
        if isinstance(part, ast.Slice) and (part.lower is None) != (part.upper is None):
            flipped = ast.Slice(part.upper, part.lower, part.step)
            tells = "a slice takes the other part"
            yield Change(holder, field, flipped, "slice", tells, about=node)
            everything = ast.Slice(None, None, part.step)
            yield Change(holder, field, everything, "slice", "a slice takes all", about=node)
