"""Comparing values: what is right, what is right with a note, and what is refused first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.checking.compare import first_difference
from grader.checking.compare_arrays import describe, deviation
from grader.checking.labels import each, label_of_item, name_of
from grader.checking.tolerances import EXACT, SINGLE_PRECISION, judge
from grader.worker.codec import Opaque

X = np.random.default_rng(1).standard_normal((2, 3))
N = np.array([3, 1, 2])
COLUMN = np.ones((3, 1))

# What came back, what is expected.
RIGHT: dict[str, tuple[Any, Any]] = {
    "the same array": (X.copy(), X),
    "another memory order": (np.asfortranarray(X), X),
    "a view": (np.vstack([X, X])[:2], X),
    "rounding of correct code": (X * (1 + 1e-14), X),
    "the edge of exact": (X * (1 + 0.9 * EXACT), X),
    "longdouble": (X.astype(np.longdouble), X),
    "int32 for int64": (N.astype(np.int32), N),
    "unsigned integers": (N.astype(np.uint8), N),
    "booleans for whole numbers": (np.array([True, False]), np.array([1, 0])),
    "a numpy scalar for a float": (np.float64(0.5), 0.5),
    "a Python int for a float": (2, 2.0),
    "a zero-dimensional array": (np.array(0.5), 0.5),
    "np.int64 for int": (np.int64(4), 4),
    "a float with a whole value for an int": (4.0, 4),
    "np.int64 in a list of int": ([np.int64(1), np.int64(2)], [1, 2]),
    "a dictionary in another order": ({"b": X, "a": X}, {"a": X, "b": X}),
    "a text": ("abc", "abc"),
    "a numpy text": (np.str_("abc"), "abc"),
    "a truth value": (np.bool_(True), True),
    "None": (None, None),
    "an empty array": (np.zeros((0, 3)), np.zeros((0, 3))),
    "all zeros": (np.zeros(3), np.zeros(3)),
    "an empty list": ([], []),
    "nested": ((X, ([X], {"a": 1})), (X, ([X], {"a": 1}))),
    "a numpy scalar for a zero-dimensional array": (np.float64(2.0), np.array(2.0)),
    "float32 where float32 is meant": (X.astype("f4"), X.astype("f4")),
}

# ... and a part of the note that is left.
NOTED: dict[str, tuple[Any, Any, str]] = {
    "a list for a tuple": ([X, X], (X, X), "is a list where the contract has a tuple; accepted"),
    "a tuple for a list": ((X, X), [X, X], "is a tuple where the contract has a list; accepted"),
    "an extra key": ({"a": X, "more": 1}, {"a": X}, "has the extra key 'more'; it is ignored"),
    "an extra value at the end": ((X, X, 7), (X, X), "has 3 values where the contract has 2"),
    "an array of the right indices": (N, [3, 1, 2], "is an array where the contract has a list"),
    "float32": ((X.astype("f4")).astype("f4"), X.astype("f4").astype("f8"), "is float32 where"),
    "float32 digits": (X * (1 + 1e-7), X, "right to single precision only"),
    "the edge of single": (X * (1 + 0.9 * SINGLE_PRECISION), X, "single precision only"),
    "one number in an array": (np.array([[0.5]]), 0.5, "that holds one number"),
    "whole floats for integers": (N.astype(float), N, "where integers are meant; accepted"),
}

# ... and the fault with a part of its sentence.
REFUSED: dict[str, tuple[Any, Any, str, str]] = {
    "None for an array": (None, X, "kind", "is the `return` missing?"),
    "a list for an array": (X.tolist(), X, "kind", "`np.array(...)` makes an array"),
    "a number for an array": (1.0, X, "kind", "is the number 1.0"),
    "a generator": (Opaque("generator", ""), X, "kind", "a generator"),
    "an np.matrix": (Opaque("numpy.matrix", "array of dtype float64"), X, "kind", "numpy.matrix"),
    "an object array": (Opaque("ndarray", "array of dtype object"), X, "kind", "dtype object"),
    "a masked array for a number": (Opaque("numpy.ma.MaskedArray", ""), 1.0, "kind", "MaskedArray"),
    "a thing for a dictionary": (Opaque("set", ""), {"a": 1}, "kind", "a dictionary is expected"),
    "a thing for a tuple": (Opaque("zip", ""), (1, 2), "kind", "a tuple of 2 values is expected"),
    "transposed": (X.T, X, "shape", "It looks transposed"),
    "an axis lost": (np.ones(3), COLUMN, "shape", "`keepdims=True` or a reshape"),
    "the batch not summed": (np.ones((3, 5)), COLUMN, "shape", "has shape (3, 5), but (3, 1)"),
    "a list of arrays": ([X, X], X, "kind", "It holds 2 things, arrays among them."),
    "a long text": (
        "n" * 99 + "a",
        "n" * 99 + "b",
        "values",
        "na' (length 100, from place 79)",
    ),
    "a broadcastable shape": (X[:1], X, "shape", "has shape (1, 3), but (2, 3) is expected"),
    "an empty array": (np.zeros((0, 3)), X, "shape", "(0, 3)"),
    "a number for a one-element array": (np.float64(1.0), np.ones(1), "kind", "the number 1.0"),
    "float16": (X.astype(np.float16), X, "dtype", "holds float16 numbers; float64 is expected"),
    "integers for floats": (np.ones((2, 3), int), X, "dtype", "cuts off everything after"),
    "booleans for floats": (X > 0, X, "dtype", "holds bool numbers, but float64"),
    "complex": (X + 0j, X, "dtype", "holds complex128 values, but float64"),
    "texts": (np.array([["a"] * 3] * 2), X, "dtype", "but float64 is expected"),
    "halves for integers": (N + 0.5, N, "dtype", "holds float64 values, but int64"),
    "NaN for integers": (np.full(3, np.nan), N, "dtype", "float64"),
    "NaN": (np.where(X[1, 2] == X, np.nan, X), X, "finiteness", "is NaN at [1, 2]"),
    "infinite": (np.where(X[0, 1] == X, np.inf, X), X, "finiteness", "is infinite at [0, 1]"),
    "all NaN": (np.full((2, 3), np.nan), X, "finiteness", "is NaN at [0, 0]"),
    "one number wrong": (np.where(X[1, 1] == X, 9.0, X), X, "values", "wrong at [1, 1]: yours 9,"),
    "all numbers wrong": (X + 1, X, "values", "(6 of 6 numbers differ)"),
    "beyond single precision": (X * (1 + 2e-5), X, "values", "is wrong at"),
    "zeros for tiny numbers": (np.zeros(3), np.full(3, 1e-12), "values", "yours 0, expected 1e-12"),
    "not quite zero": (np.full(3, 1e-3), np.zeros(3), "values", "expected 0"),
    "an integer wrong": (np.array([3, 1, 4]), N, "values", "wrong at [2]: yours 4, expected 2"),
    "a number wrong": (0.25, 0.5, "values", "yours 0.25, expected 0.5."),
    "a wrong int for a float": (3, 2.0, "values", "yours 3, expected 2."),
    "a huge int for a float": (10**400, 2.0, "dtype", "object"),
    "an int wrong": (5, 4, "values", "is 5, but 4 is expected"),
    "a half for an int": (4.5, 4, "values", "is 4.5, but 4 is expected"),
    "True for a number": (True, 1.0, "kind", "a number is expected"),
    "a text for a number": ("1", 1.0, "kind", "but a number is expected"),
    "several numbers for one": (np.ones(2), 1.0, "kind", "but a number is expected"),
    "a NaN for a number": (float("nan"), 1.0, "finiteness", "is NaN, but every value"),
    "a complex number": (1 + 1j, 1.0, "dtype", "complex128"),
    "None for a tuple": (None, (X, X), "kind", "2 values are expected: is the `return` missing?"),
    "an array for a tuple": (X, (X, X), "kind", "a tuple of 2 values is expected"),
    "too few values": ((X,), (X, X), "shape", "has 1 values, but 2 are expected"),
    "too long a list": ([1, 2, 3], [1, 2], "shape", "has 3 values, but 2 are expected"),
    "a matrix of indices": (N[None], [3, 1, 2], "kind", "a list of 3 values is expected"),
    "wrong indices in an array": (N, [3, 1, 3], "values", "is 2, but 3 is expected"),
    "None for a dictionary": (None, {"a": X}, "kind", "Is the `return` missing?"),
    "a tuple for a dictionary": ((X,), {"a": X}, "kind", "a dictionary is expected"),
    "a key missing": ({"b": X}, {"a": X}, "kind", "lacks the key 'a'. It has 'b'."),
    "an empty dictionary": ({}, {"a": X}, "kind", "It is empty."),
    "a text that differs": ("abd", "abc", "values", "is 'abd', but 'abc' is expected"),
    "an int for True": (1, True, "kind", "but True is expected"),
    "a value for None": (0, None, "kind", "None is expected"),
}


@pytest.mark.parametrize("case", RIGHT)
def test_right_values_pass_without_a_word(case: str) -> None:
    notes: list[str] = []
    assert first_difference(*RIGHT[case], "a", notes) is None
    assert notes == []


@pytest.mark.parametrize("case", NOTED)
def test_generosity_is_noted(case: str) -> None:
    actual, expected, note = NOTED[case]
    notes: list[str] = []
    assert first_difference(actual, expected, "a", notes) is None
    assert len(notes) == 1
    assert note in notes[0]


@pytest.mark.parametrize("case", REFUSED)
def test_refusal_names_the_first_fault(case: str) -> None:
    actual, expected, fault, sentence = REFUSED[case]
    difference = first_difference(actual, expected, "a")
    assert difference is not None
    assert difference.fault == fault
    assert sentence in difference.sentence
    assert difference.sentence.startswith("a")


@pytest.mark.parametrize("kind", ["a NaN", "a shape", "a dtype"])
def test_faults_are_told_in_their_order(kind: str) -> None:
    """Kind before shape before dtype before finiteness before values."""
    broken = {
        "a NaN": np.full((2, 3), np.nan) + 5,
        "a shape": np.full((3, 2), np.nan).astype(np.float16),
        "a dtype": np.full((2, 3), np.nan).astype(np.float16),
    }[kind]
    fault = {"a NaN": "finiteness", "a shape": "shape", "a dtype": "dtype"}[kind]
    difference = first_difference(broken, X, "a")
    assert difference is not None
    assert difference.fault == fault


CACHE = ("cache", ("a_next", "parameters"))
CACHES = ("caches", each(CACHE))


@pytest.mark.parametrize(
    ("actual", "expected", "label", "path"),
    [
        ((X, X + 1), (X, X), ("the result", ("a", "y")), "y"),
        ((X, (X, X + 1)), (X, (X, X)), ("the result", ("a", CACHE)), "cache.parameters"),
        ((X, (X, {"W": X + 1})), (X, (X, {"W": X})), ("the result", ("a", CACHE)),
         "cache.parameters['W']"),
        ([(X, X), (X + 1, X)], [(X, X), (X, X)], CACHES, "caches[1].a_next"),
        ((X, X, X + 1), (X, X, X), ("the result", ("a", "y")), "result[2]"),
        ({"dW": X + 1}, {"dW": X}, "the result", "dW"),
        ({"dW": X + 1}, {"dW": X}, "gradients", "gradients['dW']"),
        ([1, 3], [1, 2], "indices", "indices[1]"),
    ],
)  # fmt: skip
def test_path_speaks_with_the_names_of_the_contract(
    actual: Any, expected: Any, label: Any, path: str
) -> None:
    difference = first_difference(actual, expected, label)
    assert difference is not None
    assert difference.path == path


def test_reference_of_an_unknown_kind_is_our_own_mistake() -> None:
    with pytest.raises(TypeError, match="the reference returned a set for a"):
        first_difference({1}, {1}, "a")


@pytest.mark.parametrize(
    ("deviating", "right", "imprecise"),
    [
        (0.0, True, False),
        (EXACT, True, False),
        (1.01 * EXACT, True, True),
        (SINGLE_PRECISION, True, True),
        (1.01 * SINGLE_PRECISION, False, False),
        (float("inf"), False, False),
        (float("nan"), False, False),
    ],
)
def test_tolerances_have_two_edges(deviating: float, right: bool, imprecise: bool) -> None:
    verdict = judge(deviating)
    assert (verdict.right, verdict.imprecise) == (right, imprecise)


@pytest.mark.parametrize(
    ("actual", "expected", "value"),
    [
        (np.array([1.0, 2.0]), np.array([1.0, 4.0]), 0.5),
        (np.array([1e-9, 4.0]), np.array([0.0, 4.0]), 2.5e-10),
        (np.array([0.5]), np.array([0.0]), 0.5),
        (np.zeros(0), np.zeros(0), 0.0),
    ],
)
def test_deviation_is_scaled_by_the_block(
    actual: np.ndarray, expected: np.ndarray, value: float
) -> None:
    assert deviation(actual, expected) == pytest.approx(value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        (X, "an array of shape (2, 3)"),
        (True, "the number True"),
        ([], "a list"),
        (Opaque("object", "of some kind"), "an object (of some kind)"),
        ("x", "a str"),
    ],
)
def test_values_are_described_in_words(value: Any, words: str) -> None:
    assert describe(value) == words


def test_labels_name_the_value_and_its_parts() -> None:
    assert name_of("a") == "a"
    assert name_of(CACHE) == "cache"
    assert label_of_item(CACHES[1], 5) == CACHE
    assert label_of_item(("a", "b"), 1) == "b"
    assert label_of_item(("a", "b"), 2) is None
    assert label_of_item(None, 0) is None
