"""General findings: each is triggered by the array it is about, and silent on the right one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.grading.diagnosis.detectors import look, telling
from grader.grading.diagnosis.looks import Sighting
from grader.grading.diagnosis.scenes import Scene, named_arrays

RNG = np.random.default_rng(4)
W = RNG.standard_normal((4, 4))
A = RNG.standard_normal((3, 5, 4))
X = RNG.standard_normal((2, 5, 4))
P = np.exp(W) / np.exp(W).sum(axis=0)
DZ = RNG.standard_normal((3, 5))
SIZES = {5: "m", 4: "T_x", 3: "n_a", 2: "n_x"}


def changed(array: np.ndarray, change: Callable[[np.ndarray], None]) -> np.ndarray:
    made = array.copy()
    change(made)
    return made


def put(array: np.ndarray, index: Any, value: Any = None) -> np.ndarray:
    new = array[index] + 1 if value is None else value
    return changed(array, lambda made: made.__setitem__(index, new))


def late(array: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros_like(array[:, :, :1]), array[:, :, :-1]], axis=2)


def early(array: np.ndarray) -> np.ndarray:
    return np.concatenate([array[:, :, 1:], np.zeros_like(array[:, :, :1])], axis=2)


# What came back, what is expected, the finding, and a part of its sentence.
SEEN: dict[str, tuple[Any, Any, str, str]] = {
    "zeros": (np.zeros((4, 4)), W, "all-zeros", "was it ever stored or added to?"),
    "constant": (np.full((4, 4), 2.5), W, "constant", "Every number of `y` is 2.5."),
    "sign": (-W, W, "sign", "has the wrong sign"),
    "one minus": (1 - W, W, "one-minus", "`y` is 1 minus what it should be."),
    "transposed": (W.T, W, "transposed", "is right when transposed: is a `.T` missing?"),
    "another output": (A * 2, A, "another-value", "`y` holds the right `twice`."),
    "an argument": (X[:, :, 0] * 1.0, DZ[:2], "another-value", "the first step of the argument"),
    "last step": (X[:, :, 3] * 1.0, DZ[:2], "another-value", "the last step of the argument `x`"),
    "whole numbers": (np.trunc(W * 3), W * 3, "whole-numbers", "whole numbers only"),
    "rounded": (np.round(W, 3), W, "rounded", "`y` is rounded to 3 digits."),
    "clipped": (np.clip(W, -9, 0.5), W, "clipped", "never goes beyond 0.5, and is exactly that in"),
    "rearranged": (A.transpose(0, 2, 1).reshape(A.shape), A, "rearranged", "in other places"),
    "late": (late(A), A, "one-step-late", "step t holds what belongs to t - 1"),
    "early": (early(A), A, "one-step-early", "step t holds what belongs to t + 1"),
    "reversed": (A[:, :, ::-1], A, "reversed", "stand in reverse order"),
    "a mean": (W / 5, W, "divided", "by the factor m = 5: is a mean taken"),
    "a mean over time": (DZ / 4, DZ, "divided", "by the factor T_x = 4: is a mean taken"),
    "summed too often": (W * 5, W, "multiplied", "is too large by the factor m = 5"),
    "doubled": (W * 2, W, "multiplied", "is too large by the factor n_x = 2"),
    "scaled": (W * 1.7, W, "proportional", "`y` is right but for a constant factor."),
    "softmax over rows": (np.exp(W) / np.exp(W).sum(axis=1, keepdims=True), P, "softmax-axis",
                          "Each row of `y` adds up to one"),
    "softmax of all": (np.exp(W) / np.exp(W).sum(), P, "softmax-of-all", "together adds up to one"),
    "negative": (W, P, "negative-probabilities", "Some numbers of `y` are negative"),
    "no softmax": (np.abs(W), P, "not-probabilities", "The columns of `y` do not add up to one"),
    "first step only": (put(A, np.s_[:, :, 1:]), A, "right-at-first-step", "handed from one step"),
    "last step only": (put(A, np.s_[:, :, :-1]), A, "right-at-last-step", "last step only"),
    "not the first step": (put(A, np.s_[:, :, 0]), A, "wrong-at-first-step", "first step only"),
    "not the last step": (put(A, np.s_[:, :, 3]), A, "wrong-at-last-step", "last step only"),
    "some steps": (put(A, np.s_[:, :, 1:3]), A, "some-steps", "wrong at step t = 1, 2, and right"),
    "returned in the loop": (put(A, np.s_[:, :, 1:], 0), A, "only-first-step", "inside of its"),
    "returned on the way back": (put(A, np.s_[:, :, :3], 0), A, "only-last-step", "of its loop"),
    "an empty step": (put(A, np.s_[:, :, 0], 0), A, "empty-steps", "is all zeros at step t = 0"),
    "the first step everywhere": (np.repeat(A[:, :, :1], 4, axis=2), A, "first-step-everywhere",
                                  "holds what belongs to the first"),
    "one example filled": (put(A, np.s_[:, 1:], 0), A, "empty-examples", "(all but 0)"),
    "the first example for all": (np.repeat(A[:, :1], 5, axis=1), A, "first-example",
                                  "Every example of `y` holds what belongs to example 0."),
    "some examples": (put(A, np.s_[:, 2:4]), A, "some-examples", "wrong for some examples (2, 3)"),
    "a row": (put(W, np.s_[1]), W, "some-rows", "Only row 1 of `y` is wrong."),
    "two columns": (put(W, np.s_[:, 2:]), W, "some-columns", "Only columns 2, 3 of `y` are wrong."),
    "all but one column": (put(DZ, np.s_[:, 1:]), DZ, "some-columns", "wrong, all but 0."),
    "an empty row": (put(W, np.s_[3], 0), W, "zero-rows", "only 3 is all zeros"),
    "one column filled": (put(W, np.s_[:, 1:], 0), W, "zero-columns", "only 0 is right"),
    "the first row for all": (np.repeat(DZ[:1], 3, axis=0), DZ, "first-row", "belongs to row 0"),
    "summed": (DZ.sum(axis=1, keepdims=True), RNG.standard_normal((3, 1)), "sum",
               "`y` is the argument `dz` summed over axis 1."),
}  # fmt: skip
ARGUMENTS = {"x": X, "dz": DZ, "n": 3, "parameters": {"Waa": W @ W}}


def scene(actual: Any, expected: Any, **more: Any) -> Scene:
    others = {"the right `twice`": A * 2, **dict(named_arrays(ARGUMENTS, "the argument `{}`"))}
    return Scene("y", actual, expected, others, SIZES, more)


def seen(actual: Any, expected: Any, **more: Any) -> Sighting | None:
    return look([scene(actual, expected, **more)])


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
    sighting = seen(np.abs(RNG.standard_normal(expected.shape)) + 0.1, expected)
    assert sighting is None or sighting.id == "not-probabilities"


@pytest.mark.parametrize("case", SEEN)
def test_what_holds_in_one_call_only_is_not_told(case: str) -> None:
    actual, expected, name, _ = SEEN[case]
    other = scene(np.abs(RNG.standard_normal(expected.shape)) + 0.1, expected)
    sighting = look([scene(actual, expected), other])
    assert sighting is None or sighting.id != name or name == "not-probabilities"


# A wrong array of a wrong shape.
SHAPED: dict[str, tuple[Any, Any, str, str]] = {
    "too few steps": (A[:, :, :2], A, "axis-size",
                      "has n_x = 2 instead of T_x = 4 places on axis 2; what it shares"),
    "sized by another": (RNG.standard_normal((2, 5)), DZ, "axis-size",
                         "has n_x = 2 instead of n_a = 3 places on axis 0."),
    "not summed": (RNG.standard_normal((3, 5)), DZ[:, :1], "axis-size",
                   "has m = 5 instead of 1 places on axis 1: is a sum over them missing?"),
    "axes permuted": (A.transpose(2, 0, 1), A, "axes-permuted",
                      "wanted are (n_a = 3, m = 5, T_x = 4)"),
    "transposed": (DZ.T, DZ, "transposed", "is right when transposed"),
    "flattened": (DZ.ravel(), DZ, "reshaped", "only its axes are not"),
    "the start included": (np.concatenate([A[:, :, 1:2], A], axis=2), A, "one-too-many",
                           "has one too many on axis 2: without the first it is right."),
    "the last missing": (A[:, :, :3], A, "one-too-few", "lacks the last on axis 2"),
    "another": (X, A, "another-value", "`y` holds the argument `x`."),
    "several sizes": (RNG.standard_normal((5, 2)), DZ, "sizes",
                      "is (m = 5, n_x = 2); wanted is (n_a = 3, m = 5)"),
}  # fmt: skip


def test_a_call_whose_numbers_are_zeros_does_not_deny_a_wrong_shape() -> None:
    still = np.concatenate([A[:, :, :1], np.zeros_like(A[:, :, 1:])], axis=2)
    seen = look([scene(A[:, :, 1:], A), scene(still[:, :, 1:], still)])
    assert seen is not None
    assert seen.id == "one-too-few"


@pytest.mark.parametrize("case", SHAPED)
def test_wrong_shape_is_recognised(case: str) -> None:
    actual, expected, name, says = SHAPED[case]
    sighting = seen(actual, expected)
    assert sighting is not None
    assert sighting.id == name
    assert says in sighting.sentence


@pytest.mark.parametrize("other", [W @ W, RNG.standard_normal((4, 3))])
def test_two_results_that_changed_places_are_recognised(other: np.ndarray) -> None:
    sighting = seen(other, W, z=(W, other))
    assert sighting == Sighting("exchanged", "`y` and `z` stand in each other's place.")


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (RNG.standard_normal((7, 8, 9)), RNG.standard_normal((7, 8, 6))),
        (np.array([np.nan, 1.0, 2.0]), np.array([1.0, 1.0, 2.0])),
        (np.array([1.0, 2.0]) * 1.001, np.array([1.0, 2.0])),
    ],
)
def test_nothing_is_seen_where_nothing_can_be_told(actual: Any, expected: Any) -> None:
    sighting = seen(actual, expected)
    assert sighting is None or not sighting.sentence


def test_an_array_is_not_said_to_be_its_own_sum() -> None:
    column = RNG.standard_normal((3, 1))
    found = Scene("a", column, RNG.standard_normal((3, 1)), {"the right `a`": column})
    assert look([found]) is None


def test_one_example_does_not_outvote_a_batch() -> None:
    single = scene(RNG.standard_normal((4, 1)), W[:, :1])
    batch = scene(-W, W)
    assert telling([single, batch]) == [batch]
    sighting = look([single, batch])
    assert sighting is not None
    assert sighting.id == "sign"
