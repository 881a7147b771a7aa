"""General findings: each is triggered by the array it is about, and silent on the right one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.checking.failures import Difference, Fault
from grader.grading.diagnosis.detectors import Sighting, look

RNG = np.random.default_rng(4)
W = RNG.standard_normal((4, 4))
A = RNG.standard_normal((3, 5, 4))
X = RNG.standard_normal((2, 5, 4))
P = np.exp(W) / np.exp(W).sum(axis=0)
DZ = RNG.standard_normal((3, 5))


def changed(array: np.ndarray, change: Callable[[np.ndarray], None]) -> np.ndarray:
    made = array.copy()
    change(made)
    return made


def put(array: np.ndarray, index: Any) -> np.ndarray:
    return changed(array, lambda made: made.__setitem__(index, made[index] + 1))


def late(array: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros_like(array[:, :, :1]), array[:, :, :-1]], axis=2)


def early(array: np.ndarray) -> np.ndarray:
    return np.concatenate([array[:, :, 1:], np.zeros_like(array[:, :, :1])], axis=2)


# What came back, what is expected, the finding, and a part of its sentence.
SEEN: dict[str, tuple[Any, Any, str, str]] = {
    "zeros": (np.zeros((4, 4)), W, "all-zeros", "was it ever stored or added to?"),
    "constant": (np.full((4, 4), 2.5), W, "constant", "Every number of `y` is 2.5."),
    "sign": (-W, W, "sign", "has the wrong sign"),
    "transposed": (W.T, W, "transposed", "is right when transposed: is a `.T` missing?"),
    "another output": (A * 2, A, "another-value", "`y` holds the right `twice`."),
    "an argument": (X[:, :, 0] * 1.0, DZ[:2], "another-value", "the first step of the argument"),
    "last step": (X[:, :, 3] * 1.0, DZ[:2], "another-value", "the last step of the argument `x`"),
    "late": (late(A), A, "one-step-late", "step t holds what belongs to t - 1"),
    "early": (early(A), A, "one-step-early", "step t holds what belongs to t + 1"),
    "reversed": (A[:, :, ::-1], A, "reversed", "stand in reverse order"),
    "a mean": (W / 5, W, "divided", "by the factor 5, the size of the batch: is a mean taken"),
    "a mean over time": (DZ / 4, DZ, "divided", "by the factor 4, the number of steps"),
    "summed too often": (W * 5, W, "multiplied", "is too large by 5, the size of the batch"),
    "scaled": (W * 1.7, W, "scaled", "but for the constant factor 1.7"),
    "softmax over rows": (np.exp(W) / np.exp(W).sum(axis=1, keepdims=True), P, "softmax-axis",
                          "Each row of `y` adds up to one"),
    "no softmax": (np.abs(W), P, "not-probabilities", "The columns of `y` do not add up to one"),
    "first step only": (put(A, np.s_[:, :, 1:]), A, "right-at-first-step", "handed from one step"),
    "last step only": (put(A, np.s_[:, :, :-1]), A, "right-at-last-step", "last step only"),
    "not the first step": (put(A, np.s_[:, :, 0]), A, "wrong-at-first-step", "first step only"),
    "not the last step": (put(A, np.s_[:, :, 3]), A, "wrong-at-last-step", "last step only"),
    "some steps": (put(A, np.s_[:, :, 1:3]), A, "some-steps", "wrong at step t = 1, 2 and right"),
    "a row": (put(W, np.s_[1]), W, "some-rows", "Only row 1 of `y` is wrong."),
    "a column": (put(W, np.s_[:, 2]), W, "some-columns", "Only column 2 of `y` is wrong."),
    "summed": (DZ.sum(axis=1, keepdims=True), RNG.standard_normal((3, 1)), "sum",
               "`y` is the argument `dz` summed over axis 1."),
}  # fmt: skip
ARGUMENTS = {"x": X, "dz": DZ, "n": 3, "parameters": {"Waa": W @ W}}


def seen(actual: Any, expected: Any, fault: Fault = "values") -> Sighting | None:
    difference = Difference("y", fault, "", actual, expected)
    return look(difference, ARGUMENTS, {"y": expected, "twice": A * 2})


@pytest.mark.parametrize("case", SEEN)
def test_wrong_array_is_recognised(case: str) -> None:
    actual, expected, name, says = SEEN[case]
    sighting = seen(actual, expected)
    assert sighting is not None
    assert sighting.id == name
    assert says in sighting.sentence


@pytest.mark.parametrize("case", SEEN)
def test_arrays_that_are_merely_wrong_are_not_explained(case: str) -> None:
    """Another wrong array of that shape: no detector may claim what is not so."""
    expected = SEEN[case][1]
    assert seen(np.abs(RNG.standard_normal(expected.shape)) + 0.1, expected) in (
        None,
        Sighting("not-probabilities", SEEN["no softmax"][3] + ": probabilities of one example "
                 "should."),
    )  # fmt: skip


def test_output_sized_by_another_axis_is_recognised() -> None:
    expected = RNG.standard_normal((3, 5, 6))
    sighting = seen(expected[:, :, :4].copy(), expected, "shape")
    assert sighting is not None
    assert sighting.id == "axis-size"
    assert "has 4 instead of 6 places on axis 2" in sighting.sentence


@pytest.mark.parametrize(
    ("actual", "expected", "fault"),
    [
        (np.ones((2, 3)), np.zeros((3, 2)), "shape"),
        (np.ones(3), np.zeros((3, 2)), "shape"),
        (RNG.standard_normal((3, 5, 4)), RNG.standard_normal((3, 5, 6)), "shape"),
        ([1.0], np.ones(1), "values"),
        (np.array(["a", "b"]), np.ones(2), "dtype"),
        (np.array([1.0]), np.array([2.0]), "values"),
    ],
)
def test_nothing_is_seen_where_nothing_can_be_told(actual: Any, expected: Any, fault: Any) -> None:
    assert seen(actual, expected, fault) is None
