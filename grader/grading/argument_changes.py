"""Arguments as a call left them, from the paths and new values that the worker reports."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

from grader.checking.copies import independent

_STEP = re.compile(r"\[((?:'(?:[^'\\]|\\.)*')|(?:\"(?:[^\"\\]|\\.)*\")|-?\d+)\]")


def with_changes(arguments: tuple[Any, ...], changes: Mapping[str, Any]) -> tuple[Any, ...]:
    """A copy of ``arguments`` with ``changes`` (``[3]['Wf']`` -> new value) put in."""
    after = list(independent(arguments))
    for path, value in changes.items():
        steps = [ast.literal_eval(step) for step in _STEP.findall(path)]
        if steps:
            _put(after, steps, value)
    return tuple(after)


def _put(holder: Any, steps: list[Any], value: Any) -> None:
    """Put ``value`` at the end of a path; tuples on the way cannot change and are rebuilt."""
    for step in steps[:-1]:
        if isinstance(holder[step], tuple):
            holder[step] = list(holder[step])
        holder = holder[step]
    if isinstance(holder, dict | list):
        holder[steps[-1]] = value
