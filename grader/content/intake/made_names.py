"""Which lines of a notebook have to run so that the functions to be graded are there, and work."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from grader.content.intake.definitions import Definition, Function, last_of


def made_by_lines(wanted: Sequence[str], definitions: Sequence[Definition]) -> tuple[str, ...]:
    """Return the names whose lines have to be run for the wanted functions to work.

    Those are wanted functions that no `def` defines, such as ``rnn_forward = made(cell)``; what
    such a line is made of: ``cell = Cell()``; and what the functions use that the learner's own
    classes and functions make: ``gate = Gate("sigmoid")``. A result of a wanted function is not
    among them: it belongs to a test.
    """
    in_force = _in_force(definitions)
    own_makes = _own_makes(wanted, in_force)
    made: set[str] = set()
    seen: set[tuple[str, bool]] = set()
    waiting = [(name, True) for name in wanted]
    while waiting:
        name, needed = waiting.pop()
        found = in_force.get(name)
        if found is None or (name, needed) in seen:
            continue
        seen.add((name, needed))
        assigned = _is_assigned(found)
        if assigned and not needed and name not in own_makes:
            continue
        if assigned:
            made.add(name)
        waiting += [(one, assigned) for one in sorted(_free_names(found.node))]
    return tuple(sorted(made))


def _in_force(definitions: Sequence[Definition]) -> dict[str, Definition]:
    """What every name stands for when all lines have been run."""
    by_name: dict[str, list[Definition]] = {}
    for one in definitions:
        by_name.setdefault(one.name, []).append(one)
    return {name: last_of(name, several) or several[-1] for name, several in by_name.items()}


def _is_assigned(definition: Definition) -> bool:
    node = definition.node
    assigned = isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr)
    return assigned and not isinstance(getattr(node, "value", None), ast.Lambda)


def _own_makes(wanted: Sequence[str], in_force: Mapping[str, Definition]) -> set[str]:
    """The names assigned by a class or function of the learner's own, or from what one made."""
    readers: dict[str, list[str]] = {}
    waiting: list[str] = []
    for name, found in in_force.items():
        read = _free_names(found.node) & in_force.keys() if _is_assigned(found) else set()
        own = [
            one for one in read if isinstance(in_force[one].node, ast.FunctionDef | ast.ClassDef)
        ]
        if any(one in wanted and isinstance(in_force[one].node, ast.FunctionDef) for one in own):
            continue  # a test of a wanted function
        if own:
            waiting.append(name)
        for one in read:
            readers.setdefault(one, []).append(name)
    makes: set[str] = set()
    while waiting:  # a loop, not recursion: a notebook may have a long chain of assignments
        name = waiting.pop()
        if name not in makes:
            makes.add(name)
            waiting += readers.get(name, [])
    return makes


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
