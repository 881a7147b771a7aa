"""Calls of a learner's own functions, answered by others or watched, however they are reached.

The code inside the function object is exchanged: an alias, a partial, a table, a default, a
method or a decorator that holds the function is no way around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from types import CodeType, FunctionType, MethodType
from typing import Any, NamedTuple

from grader.worker.changes import write_back
from grader.worker.codec import CodecError
from grader.worker.signatures import in_order, plain_copy
from grader.worker.submission import Submission

Ask = Callable[[str, list[Any], dict[str, Any]], dict[str, Any]]
Answer = Callable[[tuple[Any, ...], dict[str, Any]], Any]
Layer = Callable[[Callable[..., Any], tuple[Any, ...], dict[str, Any]], Any]

# Begins the name under which the trusted process hears of a call that was made.
OBSERVED = "observed "
_HANDLER = "the handler"


class Target(NamedTuple):
    """The function behind a name, and the arguments that the name itself adds in front."""

    function: Any  # a FunctionType; as such its type would be taken for a method
    leading: tuple[Any, ...]

    def is_meant(self, given: tuple[Any, ...]) -> bool:
        """Say whether a call came by this name, and not by another instance or partial."""
        front = given[: len(self.leading)]
        return len(front) == len(self.leading) and all(
            one is other for one, other in zip(front, self.leading, strict=True)
        )


@contextmanager
def intercepted(
    submission: Submission, answered: Iterable[str], observed: Iterable[str], ask: Ask
) -> Iterator[None]:
    """Let the trusted process answer for some functions, and hear of the calls of others."""
    answered, observed = list(answered), list(observed)
    undo: list[Callable[[], None]] = []
    found = [
        (name, value, _target(value, submission))
        for name in dict.fromkeys([*answered, *observed])
        for value in _named(submission, name)
    ]
    try:
        for name, value, target in found:
            steps = _Steps(name, target, ask)
            layers: list[Layer] = [steps.answer] if name in answered else []
            layers += [steps.observe] if name in observed else []
            if target is not None:
                undo.append(_exchange(target, layers))
            elif name in answered or value is not None:
                undo.append(_rebind(submission, name, value, layers))
        yield
    finally:
        for step in reversed(undo):
            step()


class _Steps:
    """What happens at a call of one name, in place of the call or around it."""

    def __init__(self, name: str, target: Target | None, ask: Ask) -> None:
        self._name = name
        self._target = target
        # Whose signature counts: a copy, since the function itself gets other code.
        self._signature = None if target is None else _twin(target.function)
        self._ask = ask

    def answer(self, _: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Put the question to the trusted process; the function itself is not run."""
        arguments, rest = self._places(given, named, complete=False)
        answer = self._ask(self._name, plain_copy(arguments), plain_copy(rest))
        if answer.get("replace") is not None:
            write_back(arguments, answer["replace"])
        return answer["value"]

    def observe(
        self, call: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]
    ) -> Any:
        """Make the call, and tell what it was given and what came back."""
        arguments, rest = self._places(given, named, complete=True)
        before = plain_copy(arguments)
        value = call(*given, **named)
        try:
            self._ask(OBSERVED + self._name, [before, plain_copy(rest), plain_copy(value)], {})
        except CodecError:  # too large for the wire; that the call was made is told all the same
            self._ask(OBSERVED + self._name, [[], {}, None], {})
        return value

    def _places(
        self, given: tuple[Any, ...], named: dict[str, Any], *, complete: bool
    ) -> tuple[list[Any], dict[str, Any]]:
        if self._target is None or self._signature is None:
            return list(given), named
        values, rest = in_order(self._signature, given, named, complete=complete)
        return values[len(self._target.leading) :], rest


def _named(submission: Submission, name: str) -> list[Any]:
    """List the callables that any module has under a name; None alone where there is none."""
    values = [submission.find(name), *(space.get(name) for space in submission.namespaces())]
    distinct = {id(value): value for value in values if callable(value)}
    return list(distinct.values()) or [None]


def _target(value: Any, submission: Submission) -> Target | None:
    """Find the function of the submission's own that a callable runs in the end."""
    leading: tuple[Any, ...] = ()
    for _ in range(10):
        if isinstance(value, FunctionType):
            own = value.__code__.co_filename in submission.texts
            return Target(value, leading) if own else None
        if isinstance(value, MethodType):
            value, leading = value.__func__, (value.__self__, *leading)
        elif isinstance(value, partial):
            value, leading = value.func, (*value.args, *leading)
        elif isinstance(getattr(value, "__wrapped__", None), FunctionType):
            value = value.__wrapped__
        elif not isinstance(value, type):
            value, leading = type(value).__dict__.get("__call__"), (value, *leading)
    return None


def _twin(function: FunctionType) -> FunctionType:
    """Make a function that does the same, with the code that it has now."""
    twin = FunctionType(
        function.__code__,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    twin.__kwdefaults__ = function.__kwdefaults__
    twin.__dict__.update(function.__dict__)
    return twin


def _exchange(target: Target, layers: list[Layer]) -> Callable[[], None]:
    """Put the layers around a function, into the function itself; returns what undoes it."""
    function, code = target.function, target.function.__code__
    original = _twin(function)
    call = _around(original, layers)

    def handler(given: tuple[Any, ...], named: dict[str, Any]) -> Any:
        return (call if target.is_meant(given) else original)(*given, **named)

    function.__code__ = _handing_over(handler, len(code.co_freevars), code.co_name)
    return lambda: setattr(function, "__code__", code)


def _around(call: Callable[..., Any], layers: list[Layer]) -> Callable[..., Any]:
    for layer in layers:
        call = _layered(layer, call)
    return call


def _layered(layer: Layer, call: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given, **named: layer(call, given, named)


def _handing_over(handler: Answer, cells: int, name: str) -> CodeType:
    """Return code that hands all its arguments to the handler, fit for so many closure cells."""
    template = _template(cells)
    constants = tuple(
        handler if constant == _HANDLER else constant for constant in template.co_consts
    )
    return template.replace(co_consts=constants, co_name=name, co_qualname=name)


@lru_cache(maxsize=32)
def _template(cells: int) -> CodeType:
    names = "".join(f"cell{number}, " for number in range(cells))
    source = (
        f"def make({names}):\n"
        "    def function(*given, **named):\n"
        f"        handler = {_HANDLER!r}\n"
        "        return handler(given, named)\n"
        f"        return ({names})\n"  # never reached: it makes the cells the function's own
        "    return function\n"
    )
    space: dict[str, Any] = {}
    exec(compile(source, "<handing over>", "exec"), space)
    code: CodeType = space["make"](*range(cells)).__code__
    return code


def _rebind(
    submission: Submission, name: str, value: Any, layers: list[Layer]
) -> Callable[[], None]:
    """Replace a callable that is no function of the submission's, wherever a module names it."""
    before: list[tuple[dict[str, Any], str, Any]] = []
    missing = object()
    call = _around(value, layers)
    for space in submission.namespaces():
        held = {other for other, one in space.items() if one is value is not None}
        for other in held or ({name} - space.keys()):
            before.append((space, other, space.get(other, missing)))
            space[other] = call

    def undo() -> None:
        for space, other, old in before:
            if old is missing:
                space.pop(other, None)
            else:
                space[other] = old

    return undo
