"""Compare two arrays: kind, shape, dtype, finiteness, values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from grader.checking.failures import Difference, Fault
from grader.checking.tolerances import judge
from grader.worker.codec import Opaque

if TYPE_CHECKING:
    from numpy.typing import NDArray  # loads more of numpy than a cold start needs

AnyArray: TypeAlias = "NDArray[Any]"


def describe(value: Any) -> str:
    """What a value is, for a sentence: ``an array of shape (5, 10)``, ``None``, ``a list``."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, bool | int | float | complex | np.generic):
        return f"the number {value!s}"
    name = type(value).__name__
    if isinstance(value, Opaque):
        name = f"{value.type_name} ({value.detail})" if value.detail else value.type_name
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def deviation(actual: AnyArray, expected: AnyArray) -> float:
    """Block-scaled deviation ``max|x - ref| / max|ref|``; the scale is 1 where ref is zero."""
    if expected.size == 0:
        return 0.0
    scale = float(np.max(np.abs(expected)))
    with np.errstate(all="ignore"):
        distance = float(np.max(np.abs(actual - expected)))
    return distance / scale if scale > 0 else distance


def compare_array(
    actual: Any, expected: AnyArray, path: str, notes: list[str]
) -> Difference | None:
    """The first difference between ``actual`` and the array that is expected, or None."""
    for find in (_kind, _shape, _dtype, _finiteness, _values):
        found = find(actual, expected, path, notes)
        if found is not None:
            fault, sentence = found
            return Difference(path, fault, sentence, actual, expected)
    return None


Found = tuple[Fault, str] | None


def _kind(actual: Any, expected: AnyArray, path: str, notes: list[str]) -> Found:
    if isinstance(actual, np.ndarray):
        return None
    if isinstance(actual, np.generic) and expected.ndim == 0:
        return None
    hint = ""
    if actual is None:
        hint = " Was it never computed, or is the `return` missing?"
    elif isinstance(actual, list | tuple) and any(isinstance(x, np.ndarray) for x in actual):
        hint = f" It holds {len(actual)} things, arrays among them."
    elif isinstance(actual, list | tuple):
        hint = " `np.array(...)` makes an array of a list of numbers."
    return (
        "kind",
        f"{path} is {describe(actual)}, but an array of shape {expected.shape} is expected.{hint}",
    )


def _shape(actual: AnyArray, expected: AnyArray, path: str, notes: list[str]) -> Found:
    if actual.shape == expected.shape:
        return None
    have, want = actual.shape, expected.shape
    hint = ""
    if have == want[::-1] and len(want) == 2:
        hint = " It looks transposed: is a `.T` missing, or one too many?"
    elif np.squeeze(expected).shape == have:
        hint = " An axis of length one was lost: `keepdims=True` or a reshape keeps it."
    return "shape", f"{path} has shape {have}, but {want} is expected.{hint}"


def _dtype(actual: AnyArray, expected: AnyArray, path: str, notes: list[str]) -> Found:
    have, want = actual.dtype, expected.dtype
    if have.kind == want.kind == "f":
        if have.itemsize < min(want.itemsize, 4):
            return "dtype", f"{path} holds {have} numbers; float64 is expected."
        if have.itemsize == 4 and want.itemsize == 8:
            notes.append(f"{path} is float32 where float64 is meant; accepted.")
        return None
    if have.kind == want.kind or (want.kind in "iub" and have.kind in "iub"):
        return None
    if want.kind == "i" and have.kind == "f":
        whole = bool(np.all(np.isfinite(actual)) and np.all(actual == np.round(actual)))
        if whole:
            notes.append(f"{path} holds {have} numbers where integers are meant; accepted.")
            return None
    if have.kind in "iub" and want.kind == "f":
        hint = " An integer array cuts off everything after the decimal point."
        return "dtype", f"{path} holds {have} numbers, but {want} is expected.{hint}"
    return "dtype", f"{path} holds {have} values, but {want} is expected."


def _finiteness(actual: AnyArray, expected: AnyArray, path: str, notes: list[str]) -> Found:
    if actual.dtype.kind not in "fc" or not np.all(np.isfinite(expected)):
        return None
    bad = np.argwhere(~np.isfinite(actual))
    if not len(bad):
        return None
    index = tuple(int(i) for i in bad[0])
    kind = "NaN" if np.isnan(actual[index]) else "infinite"
    where = f" at {list(index)}" if index else ""
    return "finiteness", f"{path} is {kind}{where}, but every value should be finite."


def _values(actual: AnyArray, expected: AnyArray, path: str, notes: list[str]) -> Found:
    if expected.dtype.kind not in "fc":
        if np.array_equal(actual, expected):
            return None
        return "values", _first_wrong(actual, expected, actual != expected, path)
    finite = np.isfinite(expected)
    if not np.all(finite):  # the learner's own NaN: what is the same twice is no difference
        if not np.array_equal(np.isfinite(actual), finite):
            return "values", _first_wrong(actual, expected, np.isfinite(actual) != finite, path)
        actual, expected = np.where(finite, actual, 0), np.where(finite, expected, 0)
    verdict = judge(deviation(actual, expected))
    if verdict.imprecise:
        notes.append(f"{path} is right to single precision only; float64 keeps all digits.")
    if verdict.right:
        return None
    off = np.abs(actual - expected)
    scale = float(np.max(np.abs(expected))) or 1.0
    return "values", _first_wrong(actual, expected, off > 1e-6 * scale, path)


def _first_wrong(actual: AnyArray, expected: AnyArray, mask: NDArray[np.bool_], path: str) -> str:
    index = tuple(int(i) for i in np.argwhere(mask)[0])
    where = f" at {list(index)}" if index else ""
    yours, want = _number(actual[index]), _number(expected[index])
    count, total = int(np.sum(mask)), int(mask.size)
    share = "" if total == 1 else f" ({count} of {total} numbers differ)"
    return f"{path} is wrong{where}: yours {yours}, expected {want}{share}."


def _number(value: Any) -> str:
    if isinstance(value, int | np.integer | np.bool_):
        return str(value)
    return f"{value:.6g}"
