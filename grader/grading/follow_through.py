"""Errors that follow from a callee are not punished twice.

A task that fails, and calls a task that has failed as well, is graded once more with the
reference answering for its callees. The reference stays in this process: the worker holds
stand-ins that ask for each answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from grader.checking.compare_arrays import describe
from grader.checking.failures import CallFailure, CheckFailure
from grader.checking.student import Replace, StandIn
from grader.checking.suite import Suite


def answers(callees: Iterable[str], suite: Suite) -> dict[str, StandIn]:
    """Stand-ins by which the reference answers for ``callees``."""
    return {name: _answer_of(name, suite) for name in callees}


def _answer_of(name: str, suite: Suite) -> StandIn:
    reference = suite.reference()
    names = reference.argument_names(name)

    def answer(*given: Any, **named: Any) -> Any:
        arguments = list(given)
        for argument in names[len(given) :]:
            if argument not in named:
                break
            arguments.append(named[argument])
        try:
            value, after = reference.after(name, *arguments)
        except CallFailure as failure:
            given_shapes = ", ".join(map(describe, arguments))
            raise CheckFailure(
                f"{name} was called with what it cannot work with ({given_shapes}): "
                f"{failure.outcome.message}. Look at the line that calls it.",
                function=name,
            ) from failure
        if reference.last.modified:
            return Replace(value, after)
        return value

    return answer
