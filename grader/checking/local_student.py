"""Code of our own (a reference, a mistake, a mutant) in the place of the student.

Runs in this process: never used for code that a learner wrote.
"""

from __future__ import annotations

import builtins
import contextlib
import io
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np

from grader.checking.copies import independent
from grader.checking.failures import CallFailure
from grader.checking.labels import Label, Labels
from grader.checking.observed import Observer
from grader.checking.student import (
    Call,
    Replace,
    StandIn,
    Student,
    changed_parts,
    recorded,
    write_in_place,
)
from grader.content.code import Code
from grader.content.remade import Maker
from grader.worker.signatures import in_order, plain_copy


class LocalStudent(Student):
    """Answers calls with trusted code.

    Parameters
    ----------
    code : Code
        The modules whose functions answer.
    labels : mapping, optional
        Names of what each function returns.
    lock : lock, optional
        Held during calls: numpy's legacy generator and standard output are the process's.
    """

    def __init__(
        self,
        code: Code,
        labels: Mapping[str, str | Labels] | None = None,
        lock: contextlib.AbstractContextManager[Any] | None = None,
    ) -> None:
        super().__init__()
        self._lock = lock or contextlib.nullcontext()
        self._code = code
        self._labels = labels or {}

    def label(self, function: str) -> Label:
        """The label of what ``function`` returns."""
        labels = self._labels.get(function, "the result")
        return labels if isinstance(labels, str) else ("the result", labels)

    def argument_names(self, function: str) -> tuple[str, ...]:
        """The names of the arguments of ``function``."""
        code = self._code.functions()[function].__code__
        return code.co_varnames[: code.co_argcount]

    def _answer(self, call: Call, stand_ins: Mapping[str, StandIn]) -> Call:
        code = self._code.with_made({n: _crossing(f) for n, f in stand_ins.items()})
        code = code.with_made({n: _observed(f) for n, f in self._observers.items()})
        opening = {"open": _opening(self._files)} if self._files else {}
        if opening:
            code = code.with_names(opening)
        function = code.functions().get(call.function)
        if function is None:
            return recorded(call, failure=_missing(call.function))
        given = independent(call.arguments)
        printed = io.StringIO()
        try:
            with (
                self._lock,
                _given_modules_see(opening, code),
                legacy_seed(call.seed),
                contextlib.redirect_stdout(printed),
                _quiet(),
            ):
                value = function(*given)
                if call.then is not None:
                    value = value, function(*independent(call.then))
                value = independent(value)
        except Exception as error:
            return recorded(call, failure=_raised(call.function, error), stdout=printed.getvalue())
        changed = dict(changed_parts(call.arguments, given))
        return recorded(
            call,
            value=value,
            arguments_after=given,
            modified=changed,
            stdout=printed.getvalue(),
        )


def _crossing(function: StandIn) -> Maker:
    """A stand-in that sees copies of its arguments, as if they had crossed to the worker."""

    def made(old: Any, _: dict[str, Any]) -> Callable[..., Any]:
        def answer(*given: Any, **named: Any) -> Any:
            arguments, rest = _places(old, given, named, complete=False)
            result = function(*independent(arguments), **independent(rest))
            if isinstance(result, Replace):
                write_in_place(arguments, result.arguments)
                result = result.value
            return independent(result)

        return _signed_like(old, answer)

    return made


def _observed(observer: Observer) -> Maker:
    """Make the call, and tell of it; one that is made within another of its name is part of it."""

    def made(old: Any, _: dict[str, Any]) -> Callable[..., Any]:
        busy: list[None] = []

        def watching(*given: Any, **named: Any) -> Any:
            if busy:
                return old(*given, **named)
            arguments, rest = _places(old, given, named, complete=True)
            before = plain_copy(arguments)
            busy.append(None)
            try:
                value = old(*given, **named)
            finally:
                busy.pop()
            observer(before, plain_copy(rest), plain_copy(value))
            return value

        return _signed_like(old, watching)

    return made


def _signed_like(old: Any, made: Callable[..., Any]) -> Callable[..., Any]:
    """Let the signature of what is replaced count for its replacement."""
    if isinstance(old, FunctionType):
        made.__wrapped__ = old  # type: ignore[attr-defined]
    return made


def _places(
    function: Any, given: tuple[Any, ...], named: dict[str, Any], *, complete: bool
) -> tuple[list[Any], dict[str, Any]]:
    if not isinstance(function, FunctionType):
        return list(given), named
    return in_order(function, given, named, complete=complete)


def _opening(files: Mapping[str, str]) -> Callable[..., io.StringIO]:
    """An ``open`` that serves texts by the last part of their name, and nothing else."""

    def open_text(name: str, *mode: Any, **named: Any) -> io.StringIO:
        last = str(name).replace("\\", "/").rpartition("/")[2]
        if last not in files:
            raise FileNotFoundError(2, "No such file or directory", name)
        return io.StringIO(files[last])

    return open_text


@contextlib.contextmanager
def _given_modules_see(names: Mapping[str, Any], code: Code) -> Iterator[None]:
    """Let the modules that the code imports functions from have other builtins for a while."""
    spaces = [
        value.__globals__.get("__builtins__")
        for namespace in (code.modules.values() if names else ())
        for value in namespace.values()
        if isinstance(value, FunctionType)
    ]
    own = [space for space in spaces if isinstance(space, dict) and space is not vars(builtins)]
    before = [(space, {name: space.get(name) for name in names}) for space in own]
    try:
        for space in own:
            space.update(names)
        yield
    finally:
        for space, old in reversed(before):
            space.update(old)


@contextlib.contextmanager
def legacy_seed(seed: int | None) -> Iterator[None]:
    """Set numpy's legacy generator and put its old state back afterwards."""
    before = np.random.get_state()
    if seed is not None:
        np.random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(before)


def _quiet() -> contextlib.AbstractContextManager[Any]:
    """Warnings of wrong code (overflow, division by zero) are no news."""
    return np.errstate(all="ignore")


def _missing(function: str) -> CallFailure:
    outcome = SimpleNamespace(type="NameError", message=f"no function {function}")
    return CallFailure(f"there is no function {function}", function=function, outcome=outcome)


def _raised(function: str, error: Exception) -> CallFailure:
    outcome = SimpleNamespace(type=type(error).__name__, message=str(error))
    sentence = f"{function} raised {type(error).__name__}: {error}"
    failure = CallFailure(sentence, function=function, outcome=outcome)
    failure.__cause__ = error
    return failure
