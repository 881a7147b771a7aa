"""The wrong arrays of a failed task, each beside what it should be, in every call that shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard

import msgspec
import numpy as np

from grader.checking.compare import path_of_item, path_of_key
from grader.checking.labels import Label, inner, label_of_item, name_of
from grader.checking.student import Call
from grader.checking.suite import Suite
from grader.grading.diagnosis.evidence import again
from grader.grading.diagnosis.parts import same_value
from grader.grading.diagnosis.sizes import sizes_of
from grader.grading.task_run import CheckRun

if TYPE_CHECKING:
    from numpy.typing import NDArray

Array: TypeAlias = "NDArray[Any]"

# More calls than these show nothing new, and cost time.
ENOUGH_SCENES = 6


class Scene(msgspec.Struct, frozen=True, dict=True):
    """A wrong array and what stood around it.

    Attributes
    ----------
    name : str
        The last part of its path: ``c_prev`` of ``caches[0][2].c_prev``.
    others : mapping
        Other arrays, by what they are called: the rest of the expected result, the arguments.
    sizes : mapping
        The names of the sizes that occur in the call.
    results : mapping
        The learner's other results beside the right ones, as pairs, by name.
    """

    name: str
    actual: Array
    expected: Array
    others: Mapping[str, Array] = {}
    sizes: Mapping[int, str] = {}
    results: Mapping[str, tuple[Any, Any]] = {}


class Part(msgspec.Struct, frozen=True):
    """One array of a result.

    Attributes
    ----------
    path : str
        As messages write it: ``caches[0][2].c_prev``.
    raw : str
        As the worker writes it: ``result[3][0][2][3]``.
    """

    path: str
    raw: str
    value: Any


class Comparison(msgspec.Struct, frozen=True, eq=False, dict=True):
    """One call of the learner's function beside the reference's answer to it."""

    call: Call
    right: Call
    label: Label
    arguments: Mapping[str, Any]
    sizes: Mapping[int, str]

    @cached_property
    def actual(self) -> dict[str, Part]:
        """The parts of the learner's result, by path."""
        return {part.path: part for part in parts_in(self.call.value, self.label)}

    @cached_property
    def expected(self) -> dict[str, Part]:
        """The parts of the right result, by path."""
        return {part.path: part for part in parts_in(self.right.value, self.label)}

    @cached_property
    def wrong(self) -> tuple[str, ...]:
        """The paths of arrays that are there, and wrong."""
        return tuple(
            path
            for path, part in self.expected.items()
            if path in self.actual and not same_value(self.actual[path].value, part.value)
        )

    def scene(self, path: str) -> Scene | None:
        """The scene of one wrong array; None where its numbers cannot be looked at."""
        actual, right = self.actual[path].value, self.expected[path].value
        if not is_numeric(actual) or not is_numeric(right) or right.size < 2:
            return None
        if actual.dtype.kind != right.dtype.kind:
            return None  # the kind of its numbers comes first
        name = path.rpartition(".")[2]
        others = {
            f"the right `{other}`": part.value.astype(float)
            for other, part in self.expected.items()
            if is_numeric(part.value) and "[" not in other
        }
        others |= dict(named_arrays(self.arguments, "the argument `{}`"))
        results = {
            other: (part.value, self.expected[other].value)
            for other, part in self.actual.items()
            if other in self.expected and "[" not in other
        }
        numbers = actual.astype(float), right.astype(float)
        return Scene(name, *numbers, others, self.sizes, results)


def comparisons_of(runs: Sequence[CheckRun], suite: Suite) -> list[tuple[CheckRun, Comparison]]:
    """Every call of a failed run that returned, beside the reference's answer."""
    found: list[tuple[CheckRun, Comparison]] = []
    reference = suite.reference()
    for run in runs:
        for call in run.calls:
            if call.failure is not None or call.watched or call.function != run.check.task:
                continue
            right = again(reference, call)
            if right.failure is None and len(found) < 2 * ENOUGH_SCENES:
                found.append((run, comparison(call, right, suite)))
    return found


def comparison(call: Call, right: Call, suite: Suite) -> Comparison:
    """One call beside the reference's answer."""
    reference = suite.reference()
    names = reference.argument_names(call.function)
    arguments = dict(zip(names, call.arguments, strict=False))
    text = suite.code.functions()[call.function].__doc__ or ""
    label = reference.label(call.function)
    results = {part.path: part.value for part in parts_in(right.value, label)}
    sizes = sizes_of(text, {**arguments, **results})
    return Comparison(call, right, label, arguments, sizes)


def key_of(path: str) -> str:
    """What is the same for all steps: ``caches.c_prev`` for ``caches[0][2].c_prev``."""
    head = re.match(r"[\w.]*(?:\[[^\]]*\][\w.]*)*", path)
    return re.sub(r"\[[^\]'\"]*\]", "", head.group() if head else path)


def parts_in(
    value: Any, label: Label | None, path: str = "", raw: str = "result"
) -> Iterator[Part]:
    """The arrays in a result; dictionaries deep inside (parameters) are left out."""
    if not path:
        path = "the result" if isinstance(value, Mapping) or label is None else name_of(label)
    if isinstance(value, np.ndarray | np.generic):
        yield Part(path, raw, value)
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            below = label_of_item(inner(label), index)
            there = path_of_item(path, label, below, index)
            yield from parts_in(item, below, there, f"{raw}[{index}]")
    elif isinstance(value, Mapping) and not re.search(r"\[|\.", path):
        for key, item in value.items():
            if isinstance(item, np.ndarray | np.generic):
                yield Part(path_of_key(path, key), f"{raw}[{key!r}]", item)


def is_numeric(value: Any) -> TypeGuard[Array]:
    """Whether a value is an array of real numbers."""
    return isinstance(value, np.ndarray) and value.dtype.kind in "iuf"


def named_arrays(values: Mapping[str, Any], template: str) -> Iterator[tuple[str, Array]]:
    """Arrays in arguments, and in the dictionaries among them, by name."""
    for name, value in values.items():
        if is_numeric(value):
            yield template.format(name), value.astype(float)
        elif isinstance(value, Mapping):
            inner = {key: part for key, part in value.items() if is_numeric(part)}
            yield from named_arrays(inner, template)
