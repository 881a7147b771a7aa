"""Try a changed function on one call, running only what the change can have touched.

The reference is run once, statement by statement, and what each statement made is kept with
the very objects that it read. A changed function is run the same way: statements that read
those objects again are not run a second time. Everything kept is read-only, so code that works
in place is noticed and left to a run of the whole function.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from types import CodeType, FunctionType, SimpleNamespace
from typing import Any

import numpy as np

from grader.checking.copies import independent
from grader.checking.failures import CallFailure
from grader.checking.student import Call, changed_parts, recorded
from grader.grading.diagnosis.splice import Fragment
from grader.grading.diagnosis.steps import Step, UnsureError, changed_by, statements_in, step_of

Kept = tuple[dict[str, Any], tuple[Any, ...]]


class Replay:
    """One call of the reference, kept step by step.

    Parameters
    ----------
    definition : FunctionDef
        The function without its docstring, parsed from ``lines``.

    Raises
    ------
    UnsureError
        Where the function cannot be run step by step.
    """

    def __init__(
        self, definition: ast.FunctionDef, lines: Sequence[str], function: FunctionType, call: Call
    ) -> None:
        everything = list(statements_in(definition.body))
        self._mutated = frozenset(name for one in everything for name in changed_by(one))
        self._texts: dict[ast.stmt, str] = {}
        self._steps: dict[object, Step] = {}
        self._expressions: dict[ast.expr, CodeType] = {}
        self._kept: dict[tuple[Any, ...], Kept] = {}
        self._failed = call.failure is not None
        self._call = Call(call.function, call.arguments)  # without what came of it
        self._know(everything, lines)
        self._given = self._named(function, independent(call.arguments))
        self._names = dict(function.__globals__) | self._given
        arrays = (v for v in function.__globals__.values() if isinstance(v, np.ndarray | list))
        self._shared = frozenset(map(id, arrays))  # these must stay writable for everybody else
        _freeze(self._given)
        self.right = self._taped(definition.body)

    def outcome(self, body: list[ast.stmt], fresh: Sequence[ast.stmt] = ()) -> Call | None:
        """How the call ends with another body; None where only the whole function can tell.

        Parameters
        ----------
        fresh : sequence of statements
            Those that were changed since the function was taken apart.
        """
        run = _Run(self, dict(self._names), fresh, taping=False)
        try:
            with np.errstate(all="ignore"):
                run.block(body)
        except UnsureError:
            return None
        except Exception as error:
            return None if self._unlike_itself(error) else _failed(self._call, error)
        return recorded(self._call, value=run.value)

    def spliced_outcome(self, fragment: Fragment) -> Call | None:
        """How the call ends with an edit of the function's text."""
        self._know(list(statements_in(fragment.new)), fragment.lines)
        return self.outcome(fragment.body)

    def step(self, statement: ast.stmt, *, fresh: bool) -> Step:
        """A simple statement, compiled once for all statements of the same text."""
        text = "" if fresh else self._texts.get(statement, "")
        if not text:
            return step_of(statement, "", self._mutated)
        if text not in self._steps:
            self._steps[text] = step_of(statement, text, self._mutated)
        return self._steps[text]

    def expression(self, node: ast.expr, *, fresh: bool) -> CodeType:
        """An expression, compiled once."""
        if fresh:
            return compile(ast.Expression(node), "<step>", "eval")
        if node not in self._expressions:
            self._expressions[node] = compile(ast.Expression(node), "<step>", "eval")
        return self._expressions[node]

    def kept(self, key: tuple[Any, ...]) -> dict[str, Any] | None:
        """What a step made of these very objects."""
        found = self._kept.get(key)
        return found[0] if found is not None else None

    def keep(self, key: tuple[Any, ...], made: dict[str, Any], read: tuple[Any, ...]) -> None:
        """Keep what a step made; ``read`` is kept as well, so that no id is used twice."""
        if any(id(value) in self._shared for value in made.values()):
            raise UnsureError("a value of the module")
        _freeze(made)
        self._kept[key] = made, read

    def _unlike_itself(self, error: Exception) -> bool:
        """Whether the whole function might not end with this error, or with another message."""
        wordy = isinstance(error, NameError) and self._failed
        return wordy or "read-only" in str(error)

    def _know(self, statements: Sequence[ast.stmt], lines: Sequence[str]) -> None:
        for statement in statements:
            self._texts[statement] = _text_of(statement, lines)

    def _named(self, function: FunctionType, arguments: tuple[Any, ...]) -> dict[str, Any]:
        """The arguments by name, as a call would bind them."""
        code, defaults = function.__code__, function.__defaults__ or ()
        names = code.co_varnames[: code.co_argcount]
        missing = len(names) - len(arguments)
        plain = not code.co_kwonlyargcount and not code.co_flags & 0x0C  # no * and no **
        if not plain or not 0 <= missing <= len(defaults) or self._mutated & set(names):
            raise UnsureError("arguments")
        values = (*arguments, *defaults[len(defaults) - missing :])
        return dict(zip(names, values, strict=True))

    def _taped(self, body: list[ast.stmt]) -> Any:
        """The reference's result; what it needs on the way is kept."""
        before = independent(self._given)
        run = _Run(self, dict(self._names), (), taping=True)
        with np.errstate(all="ignore"):
            try:
                run.block(body)
            except Exception as error:  # something that is kept was written to
                raise UnsureError(str(error)) from error
        if any(changed_parts(before, self._given)):
            raise UnsureError("an argument was changed")
        return run.value


class _Run:
    """One run of a body, statement by statement."""

    def __init__(
        self, replay: Replay, names: dict[str, Any], fresh: Sequence[ast.stmt], *, taping: bool
    ) -> None:
        self._replay = replay
        self._names = names
        self._fresh = fresh
        self._taping = taping
        self.value: Any = None

    def block(self, body: Sequence[ast.stmt]) -> bool:
        """Run a block; whether it has returned."""
        for statement in body:
            if isinstance(statement, ast.For):
                if self._loop(statement):
                    return True
            elif isinstance(statement, ast.If):
                chosen = self._value(statement, statement.test)
                if self.block(statement.body if chosen else statement.orelse):
                    return True
            elif isinstance(statement, ast.Return):
                self.value = self._value(statement, statement.value)
                return True
            elif not isinstance(statement, ast.Pass):
                self._simple(statement)
        return False

    def _loop(self, statement: ast.For) -> bool:
        if statement.orelse or not isinstance(statement.target, ast.Name):
            raise UnsureError("a loop of another form")
        for value in self._value(statement, statement.iter):
            self._names[statement.target.id] = value
            if self.block(statement.body):
                return True
        return False

    def _value(self, statement: ast.stmt, node: ast.expr | None) -> Any:
        if node is None:
            return None
        code = self._replay.expression(node, fresh=statement in self._fresh)
        return eval(code, self._names)  # noqa: S307  (our own code)

    def _simple(self, statement: ast.stmt) -> None:
        step = self._replay.step(statement, fresh=statement in self._fresh)
        names = self._names
        if not step.repeatable or not step.text:
            exec(step.code, names)
            if any(isinstance(names[name], list | dict | set) for name in step.shared):
                raise UnsureError("a container that others may hold")
            return
        read = tuple([names.get(name) for name in step.reads])
        key = (step.text, *map(id, read))
        made = self._replay.kept(key)
        if made is not None:
            names.update(made)
            return
        exec(step.code, names)
        if self._taping:
            self._replay.keep(key, {name: names[name] for name in step.binds}, read)


def _freeze(value: Any) -> None:
    """Make every array in a value read-only."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif isinstance(value, tuple | list):
        for part in value:
            _freeze(part)
    elif isinstance(value, dict):
        for part in value.values():
            _freeze(part)


def _text_of(statement: ast.stmt, lines: Sequence[str]) -> str:
    """The source of a simple statement; empty for compound ones."""
    if isinstance(statement, ast.For | ast.If):
        return ""
    first, last = statement.lineno - 1, statement.end_lineno or statement.lineno
    text = "\n".join(lines[first:last]).encode()
    end = (statement.end_col_offset or 0) - len(lines[last - 1].encode())
    return text[statement.col_offset : len(text) + end].decode()


def _failed(call: Call, error: Exception) -> Call:
    outcome = SimpleNamespace(type=type(error).__name__, message=str(error))
    return recorded(call, failure=CallFailure(str(error), function=call.function, outcome=outcome))
