"""A number or two that tell of a whole value: equal values have equal ones."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.grading.diagnosis.parts import names_of_parts, part_of

# What stands for values that are no finite numbers.
MISSING, NOT_A_NUMBER, INFINITE = 0.618, 7.25, 9.75


def projections(value: Any, right: Any) -> list[tuple[float, float]]:
    """For each part of the right result: a number that tells of the value there, and its scale."""
    return [
        _projection(part_of(value, name), part_of(right, name)) for name in names_of_parts(right)
    ]


def _projection(value: Any, right: Any) -> tuple[float, float]:
    numbers = np.concatenate([np.zeros(0), *_numbers(value, right)])
    if not numbers.size:
        return 0.0, 0.0
    finite = np.where(np.isfinite(numbers), numbers, 0.0)
    plain = np.nan_to_num(numbers, nan=NOT_A_NUMBER, posinf=INFINITE, neginf=-INFINITE)
    weights = np.cos(2.399963 * np.arange(numbers.size) + 0.5)
    return float(weights @ plain / numbers.size), float(np.abs(finite).max())


def _numbers(value: Any, right: Any) -> Iterator[np.ndarray[Any, Any]]:
    """All numbers of a value, in the order of the right one."""
    if isinstance(right, Mapping):
        for key, part in right.items():
            yield from _numbers(value.get(key) if isinstance(value, Mapping) else None, part)
    elif isinstance(right, tuple | list):
        parts = list(value) if isinstance(value, tuple | list) or np.ndim(value) else []
        for place, part in enumerate(right):
            yield from _numbers(parts[place] if place < len(parts) else None, part)
        yield np.array([float(max(0, len(parts) - len(right)))])
    else:
        yield _flat(value)


def _flat(value: Any) -> np.ndarray[Any, Any]:
    if value is None:
        return np.array([MISSING])
    if isinstance(value, str):
        return np.array([zlib.crc32(value.encode()) / 2**32])
    try:
        with np.errstate(all="ignore"):
            return np.asarray(value).astype(float).ravel()
    except (TypeError, ValueError):
        return np.array([MISSING])
