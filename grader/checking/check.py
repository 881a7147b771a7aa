"""A check is a plain function: its name the id, its docstring the learner's sentence."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import msgspec

Function = TypeVar("Function", bound=Callable[..., None])

ARGUMENTS = frozenset({"student", "reference", "rng"})


class Check(msgspec.Struct, frozen=True):
    """One claim about one task.

    Attributes
    ----------
    points : float
        The check's share of its task's points.
    first_line : int
        Where its function stands, for findings.
    """

    id: str
    task: str
    title: str
    points: float
    function: Callable[..., None]
    arguments: tuple[str, ...]
    file: str
    first_line: int

    def run(self, available: Mapping[str, Any]) -> None:
        """Run the claim; returns when it holds, raises ``CheckFailure`` when it does not."""
        self.function(**{name: available[name] for name in self.arguments})


def check(*, task: str, points: float) -> Callable[[Function], Function]:
    """Make a function a check of ``task`` worth ``points``.

    The function takes any of ``student``, ``reference`` and ``rng`` by name.

    Raises
    ------
    TypeError
        Where the function asks for something else.
    ValueError
        Where it has no docstring, or points that are not positive.
    """

    def mark(function: Function) -> Function:
        arguments = tuple(inspect.signature(function).parameters)
        unknown = set(arguments) - ARGUMENTS
        if unknown:
            known = ", ".join(sorted(ARGUMENTS))
            raise TypeError(f"{function.__name__} asks for {sorted(unknown)}; a check has {known}")
        if not function.__doc__:
            raise ValueError(f"{function.__name__} needs a docstring: the learner reads it")
        if points <= 0:
            raise ValueError(f"{function.__name__} is worth {points} points; use a positive number")
        function.__check__ = Check(  # type: ignore[attr-defined]
            id=function.__name__,
            task=task,
            title=function.__doc__.strip().splitlines()[0].rstrip("."),
            points=float(points),
            function=function,
            arguments=arguments,
            file=function.__code__.co_filename,
            first_line=function.__code__.co_firstlineno,
        )
        return function

    return mark


def checks_in(namespace: Mapping[str, Any], file: str) -> Iterable[Check]:
    """The checks that ``file`` itself defines, in the order of their definition."""
    for value in namespace.values():
        found = getattr(value, "__check__", None)
        if isinstance(found, Check) and found.file == file:
            yield found
