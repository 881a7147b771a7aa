"""Which lines of a notebook have to run so that the functions to be graded are there, and work."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from grader.content.intake.definitions import Definition, Function, Kind, last_of


def made_by_lines(wanted: Sequence[str], definitions: Sequence[Definition]) -> tuple[str, ...]:
    """Return the names whose lines have to be run for the wanted functions to work.

    Those are wanted functions that no `def` defines, such as ``rnn_forward = made(cell)``; what
    such a line is made of: ``cell = Cell()``; and what the functions use that the learner's own
    classes and functions make: ``gate = Gate("sigmoid")``. A result of a wanted function is not
    among them: it belongs to a test.
    """
    made: set[str] = set()
    seen: set[tuple[str, bool]] = set()
    waiting = [(name, True) for name in wanted]
    while waiting:
        name, needed = waiting.pop()
        found = last_of(name, definitions) or _value_of(name, definitions)
        if found is None or (name, needed) in seen:
            continue
        seen.add((name, needed))
        assigned = _is_assigned(found)
        if assigned and not needed and not _is_own_make(found.node, wanted, definitions):
            continue
        if assigned:
            made.add(name)
        waiting += [(one, assigned) for one in sorted(_free_names(found.node))]
    return tuple(sorted(made))


def _value_of(name: str, definitions: Sequence[Definition]) -> Definition | None:
    values = [one for one in definitions if one.name == name and one.kind is Kind.VALUE]
    return values[-1] if values else None


def _is_assigned(definition: Definition) -> bool:
    node = definition.node
    assigned = isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr)
    return assigned and not isinstance(getattr(node, "value", None), ast.Lambda)


def _is_own_make(
    node: ast.AST,
    wanted: Sequence[str],
    definitions: Sequence[Definition],
    above: tuple[str, ...] = (),
) -> bool:
    """Whether an assignment uses a class or function of the learner's own, or what one made."""
    read = _free_names(node) - {*above}
    own = [found for name in read if (found := last_of(name, definitions)) is not None]
    if any(one.name in wanted and isinstance(one.node, ast.FunctionDef) for one in own):
        return False
    return any(
        _is_own_make(one.node, wanted, definitions, (*above, one.name))
        if _is_assigned(one)
        else isinstance(one.node, ast.FunctionDef | ast.ClassDef)
        for one in own
    )


def _free_names(node: ast.AST) -> set[str]:
    """The names that a definition or an assignment takes from around it."""
    if isinstance(node, ast.ClassDef):
        return set().union(*map(_free_names, [*node.body, *node.bases, *node.decorator_list]))
    read: set[str] = set()
    own: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            (read if isinstance(part.ctx, ast.Load) else own).add(part.id)
        elif isinstance(part, ast.arg):
            own.add(part.arg)
        elif isinstance(part, Function) and part is not node:
            own.add(part.name)
    return read - own if isinstance(node, Function | ast.Lambda) else read
