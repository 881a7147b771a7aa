"""Blanks as they stand in their code: what a typed blank means once it is put into its line."""

from __future__ import annotations

import ast
import copy
import warnings
from functools import lru_cache

from grader.content.question_records import Cloze
from grader.content.question_type_checks import BLANK, blank_tree

MAX_LENGTH = 200
_TYPED = {0x2212: "-", 0x201C: '"', 0x201D: '"', 0x2019: "'"}
_ASSOCIATIVE = (ast.Add, ast.Mult)


def tree(expression: str) -> str | None:
    """Return an expression's syntax tree as a text to compare; None when it is not Python."""
    found = blank_tree(as_python(expression))
    return None if found is None else ast.dump(found)


def as_python(expression: str) -> str:
    """The expression with the signs of Python for those that text programs put instead."""
    return expression[:MAX_LENGTH].translate(_TYPED)


def fits(question: Cloze, name: str, typed: str, form: str) -> bool:
    """Whether the code with `typed` in the blank means what it means with the value of `form`.

    `typed` is put in as it is, `form` as one value: ``1 - a`` does not fit where the line says
    ``__1__ * b``, unless its brackets were typed as well.
    """
    wanted = _completed(question, name, as_one_value(question, name, form))
    return wanted is not None and _completed(question, name, as_python(typed)) == wanted


def as_one_value(question: Cloze, name: str, form: str) -> str:
    """`form` as it must be typed: with brackets where the line would tear it apart."""
    kind = blank_tree(form)
    if kind is None or isinstance(kind, ast.Tuple) or ":" in form:
        return form  # several arguments or indices, a slice: no single value
    bracketed = f"({form})"
    alone = _completed(question, name, form)
    together = _completed(question, name, bracketed)
    return form if together is None or alone == together else bracketed


def _completed(question: Cloze, name: str, part: str) -> str | None:
    parts = {other: blank.answer for other, blank in question.blanks.items()} | {name: part}
    return _meaning(BLANK.sub(lambda hole: parts[hole.group(1)], question.code))


@lru_cache(maxsize=4096)
def _meaning(code: str) -> str | None:
    """The tree of `code` as a text, sums and products without their inner brackets."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = ast.parse(code)
        return ast.dump(_Flat().visit(found))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Flat(ast.NodeTransformer):
    """``a * (b * c)`` becomes ``(a * b) * c``, and the same for sums."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.BinOp:
        """Lean the chain that ends here to the left."""
        operation = node.op
        if not isinstance(operation, _ASSOCIATIVE):
            self.generic_visit(node)
            return node
        first, *others = [self.visit(term) for term in _chain(node, type(operation))]
        for term in others:
            first = ast.BinOp(first, copy.copy(operation), term)
        assert isinstance(first, ast.BinOp)
        return first


def _chain(node: ast.expr, operation: type[ast.operator]) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, operation):
        return _chain(node.left, operation) + _chain(node.right, operation)
    return [node]
