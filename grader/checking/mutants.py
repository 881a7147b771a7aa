"""Every small change of a function, one at a time.

The same mutants measure the hidden tests (each must be rejected) and name faults that no
catalogue lists: a learner's output that equals a mutant's is that mutant's fault. The
operators follow the classic set (DeMillo, Lipton and Sayward 1978; Offutt et al. 1996)
with those of array code added: axes, transposes, slices, look-alike names.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from types import CodeType

import msgspec

from grader.checking.mutation_operators import changes_at
from grader.checking.reversible_change import Change


class Mutant(msgspec.Struct, frozen=True):
    """One function with one change.

    Attributes
    ----------
    kind : str
        The operator: ``arithmetic``, ``index``, ``dropped-statement`` ...
    line : int
        Line of the change, counted from the first line of the function as 1.
    variable : str or None
        The variable whose computation is changed.
    tells : str
        What is different, without the solution's line.
    place : tuple of int
        Which statement, and which of its changes, in the order in which they are made.
    """

    function: str
    kind: str
    line: int
    variable: str | None
    tells: str
    before: str
    after: str
    code: CodeType
    place: tuple[int, int] = (0, 0)

    @property
    def name(self) -> str:
        """A readable, stable name: ``rnn_forward:12:index:t->t - 1``."""
        return f"{self.function}:{self.line}:{self.kind}:{self.before} -> {self.after}"


def everywhere(variable: str | None) -> bool:
    """Every variable is worth changing."""
    return True


def every_change(changed: Sequence[ast.stmt], place: tuple[int, int]) -> bool:
    """Every change is worth compiling."""
    return True


def mutants_of(
    source: str, function: str, wanted: Callable[[str | None], bool] = everywhere
) -> Iterator[Mutant]:
    """All mutants of one top-level function.

    Parameters
    ----------
    source : str
        The text of the ``def``.
    wanted : callable, optional
        Whether statements that compute this variable are to be changed.
    """
    module = ast.parse(source)
    definition = module.body[0]
    if not isinstance(definition, ast.FunctionDef):
        raise ValueError(f"{function} is not a function")
    if ast.get_docstring(definition) is not None:
        definition.body = definition.body[1:] or [ast.Pass()]
    return mutants_in(module, function, wanted)


def mutants_in(
    module: ast.Module,
    function: str,
    wanted: Callable[[str | None], bool] = everywhere,
    plausible: Callable[[Sequence[ast.stmt], tuple[int, int]], bool] = every_change,
) -> Iterator[Mutant]:
    """All mutants of the one function in ``module``, which has no docstring.

    Parameters
    ----------
    plausible : callable, optional
        Asked, while the tree is changed, whether the mutant is worth compiling; told the
        changed statement, the one that stands in its place, and the mutant's ``place``.

    Notes
    -----
    The tree is changed in place, compiled, and put back: copying it for every mutant would
    cost more than running the mutant.
    """
    definition = module.body[0]
    assert isinstance(definition, ast.FunctionDef)
    names = _local_names(definition)
    for number, (statement, body, position) in enumerate(list(_statements(definition))):
        if not wanted(target_of(statement)):
            continue
        for count, change in enumerate(changes_at(statement, body, position, names)):
            with change:
                if not plausible((statement, body[position]), (number, count)):
                    continue
                try:
                    code = compile(module, f"<{function}>", "exec")
                except SyntaxError:
                    continue
            yield _mutant(function, statement, change, code, (number, count))


def _mutant(
    function: str, statement: ast.stmt, change: Change, code: CodeType, place: tuple[int, int]
) -> Mutant:
    before = change.shown_before
    with change:
        after = change.shown_after
    return Mutant(
        function,
        change.kind,
        statement.lineno,
        target_of(statement),
        change.tells,
        before,
        after,
        code,
        place,
    )


def _statements(
    definition: ast.FunctionDef,
) -> Iterator[tuple[ast.stmt, list[ast.stmt], int]]:
    """Every statement with the list that holds it and its place there."""
    pending: list[list[ast.stmt]] = [definition.body]
    while pending:
        body = pending.pop(0)
        for position, statement in enumerate(body):
            yield statement, body, position
            for field in ("body", "orelse"):
                inner = getattr(statement, field, None)
                if isinstance(inner, list) and inner:
                    pending.append(inner)


def target_of(statement: ast.stmt) -> str | None:
    """The name that a statement computes, if it computes one."""
    if isinstance(statement, ast.Assign):
        target: ast.expr = statement.targets[0]
    elif isinstance(statement, ast.AugAssign | ast.AnnAssign):
        target = statement.target
    elif isinstance(statement, ast.Return):
        return None
    else:
        return None
    while isinstance(target, ast.Subscript | ast.Attribute):
        if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
            if isinstance(target.slice.value, str):
                return target.slice.value
        target = target.value
    if isinstance(target, ast.Tuple) and target.elts and isinstance(target.elts[0], ast.Name):
        return target.elts[0].id
    return target.id if isinstance(target, ast.Name) else None


def _local_names(definition: ast.FunctionDef) -> frozenset[str]:
    """Names that the function binds: only these are exchanged for one another."""
    bound = {argument.arg for argument in definition.args.args}
    for node in ast.walk(definition):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
    return frozenset(bound)


__all__ = ["Change", "Mutant", "mutants_in", "mutants_of", "target_of"]
