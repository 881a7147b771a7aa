"""Arithmetic for content files: a whitelist over Python's syntax tree, never run as code.

Numbers, variables, texts, tuples and lists; ``+ - * / // % **``, comparisons, ``and or not``,
``a if c else b``; sqrt log log2 log10 exp tanh sigmoid floor ceil min max abs round sum len.
"""

from __future__ import annotations

import ast
import math
import operator
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

Value: TypeAlias = bool | int | float | str | tuple[Any, ...]

MAX_CHARACTERS = 300
MAX_NODES = 150
MAX_EXPONENT = 64
MAX_MAGNITUDE = 1e18  # keeps whole numbers small enough that no operation takes time


class ExpressionError(ValueError):
    """The expression uses what is not allowed, or has no finite value."""


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "sqrt": math.sqrt, "log": math.log, "log2": math.log2, "log10": math.log10, "exp": math.exp,
    "tanh": math.tanh, "sigmoid": _sigmoid, "floor": math.floor, "ceil": math.ceil, "min": min,
    "max": max, "abs": abs, "round": round, "sum": sum, "len": len,
}  # fmt: skip
_BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow,
}  # fmt: skip
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip
_KNOWN_NODES = (
    ast.Constant, ast.Name, ast.Tuple, ast.List, ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp,
    ast.IfExp, ast.Call, ast.operator, ast.unaryop, ast.cmpop, ast.boolop, ast.expr_context,
)  # fmt: skip

FUNCTION_NAMES = frozenset(_FUNCTIONS)


def quiet_parse(source: str) -> ast.expr:
    """Parse one expression without Python's warnings on the terminal; raises ExpressionError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"`{source}` is not an expression") from None


@lru_cache(maxsize=4096)
def parse(source: str) -> ast.expr:
    """The checked syntax tree of `source`; raises ExpressionError with the reason."""
    if len(source) > MAX_CHARACTERS:
        raise ExpressionError(f"longer than {MAX_CHARACTERS} characters")
    tree = quiet_parse(source)
    nodes = list(ast.walk(tree))
    if len(nodes) > MAX_NODES:
        raise ExpressionError("too many parts in one expression")
    for node in nodes:
        _check_node(node)
    return tree


def _check_node(node: ast.AST) -> None:
    if not isinstance(node, _KNOWN_NODES) or isinstance(node, (ast.Invert, ast.Is, ast.IsNot)):
        raise ExpressionError(f"{type(node).__name__} is not allowed in an expression")
    if isinstance(node, ast.Constant) and type(node.value) not in (int, float, str, bool):
        raise ExpressionError(f"{node.value!r} is not allowed in an expression")
    if isinstance(node, ast.operator) and type(node) not in _BINARY:
        raise ExpressionError(f"{type(node).__name__} is not allowed in an expression")
    if isinstance(node, ast.Call):
        known = isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS
        if not known or node.keywords:
            called = ast.unparse(node.func)
            raise ExpressionError(f"`{called}` cannot be called; known: {_function_list()}")


def _function_list() -> str:
    return ", ".join(_FUNCTIONS)


@lru_cache(maxsize=4096)
def names(source: str) -> frozenset[str]:
    """The variables that an expression uses."""
    tree = parse(source)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called
    )


def evaluate(source: str | float, variables: Mapping[str, Any]) -> Value:
    """The value of an expression; numbers are handed through."""
    if not isinstance(source, str):
        return source
    try:
        return _checked(_value(parse(source), variables))
    except ExpressionError:
        raise
    except ZeroDivisionError:
        raise ExpressionError(f"`{source}` divides by zero") from None
    except (ValueError, OverflowError, TypeError) as error:
        raise ExpressionError(f"`{source}` has no value: {error}") from None


def evaluate_number(source: str | float, variables: Mapping[str, Any]) -> int | float:
    """Like ``evaluate``, and the value must be a number."""
    value = evaluate(source, variables)
    if isinstance(value, (bool, str, tuple)):
        raise ExpressionError(f"`{source}` is not a number")
    return value


def _checked(value: Any) -> Value:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if not abs(value) < MAX_MAGNITUDE:
            raise ExpressionError("the result is too large")
        return value
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, tuple):
        return tuple(_checked(item) for item in value)
    raise ExpressionError("the result is not a number")


def _value(node: ast.expr, variables: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Constant):
        return _checked(node.value)
    if isinstance(node, ast.Name):
        if node.id not in variables:
            raise ExpressionError(f"`{node.id}` is not a variable of this question")
        return variables[node.id]
    if isinstance(node, (ast.Tuple, ast.List)):
        return tuple(_value(item, variables) for item in node.elts)
    if isinstance(node, ast.BinOp):
        return _binary(node, variables)
    if isinstance(node, ast.UnaryOp):
        operand = _value(node.operand, variables)
        return not operand if isinstance(node.op, ast.Not) else _signed(node.op, operand)
    if isinstance(node, ast.BoolOp):
        wanted = isinstance(node.op, ast.Or)
        parts = (bool(_value(part, variables)) for part in node.values)
        return next((part for part in parts if part is wanted), not wanted)
    if isinstance(node, ast.IfExp):
        return _value(node.body if _value(node.test, variables) else node.orelse, variables)
    if isinstance(node, ast.Compare):
        return _compare(node, variables)
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Name)
    return _checked(_FUNCTIONS[node.func.id](*(_value(part, variables) for part in node.args)))


def _number(value: Any) -> int | float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    raise ExpressionError(f"{value!r} is not a number")


def _signed(op: ast.unaryop, operand: Any) -> int | float:
    return -_number(operand) if isinstance(op, ast.USub) else +_number(operand)


def _binary(node: ast.BinOp, variables: Mapping[str, Any]) -> Value:
    left, right = _number(_value(node.left, variables)), _number(_value(node.right, variables))
    if isinstance(node.op, ast.Pow) and abs(right) > MAX_EXPONENT:
        raise ExpressionError(f"exponents go up to {MAX_EXPONENT}")
    result = _BINARY[type(node.op)](left, right)
    if isinstance(result, complex):
        raise ExpressionError("the result is not a real number")
    return _checked(result)


def _compare(node: ast.Compare, variables: Mapping[str, Any]) -> bool:
    left = _value(node.left, variables)
    for op, part in zip(node.ops, node.comparators, strict=True):
        right = _value(part, variables)
        if not _COMPARE[type(op)](left, right):
            return False
        left = right
    return True
