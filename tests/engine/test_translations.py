"""Errors of numpy and Python, really provoked: an upgrade that changes a text fails here."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.grading.translations import TRANSLATIONS, translate

X = np.ones((2, 3))
COLUMN = np.full((4, 1), 0.25)
NONE: Any = None
LIST: Any = [1]
TUPLE: Any = (1, 2)
DICT: Any = {"a": 1}


def used_before_set() -> None:
    print(later)  # noqa: F821
    later = 1  # noqa: F841


def deep(n: int = 0) -> int:
    return deep(n + 1)


def two(a: int, b: int) -> None:
    pass


def default(a: int, b: int = 1) -> None:
    pass


def read_only() -> None:
    fixed = np.ones(3)
    fixed.flags.writeable = False
    fixed[0] = 1


def read_only_output() -> None:
    fixed = np.ones(3)
    fixed.flags.writeable = False
    np.add(1, 1, out=fixed)


def unpack_three() -> None:
    a, b = 1, 2, 3  # noqa: F841


def unpack_two() -> None:
    a, b, c = 1, 2  # noqa: F841


def unpack_none() -> None:
    a, b = None


def unpack_number() -> None:
    a, b = 5


def stored_too_large() -> None:
    np.zeros((2, 2))[0] = np.ones(3)


def stored_sequence() -> None:
    np.zeros(3)[0] = np.ones(2)


def added_in_place() -> None:
    small = np.ones((2, 1))
    small += X


def tuple_changed() -> None:
    TUPLE[0] = 3


# What is done, and a part of what the learner is told.
PROVOKED: list[tuple[Callable[[], object], str]] = [
    (lambda: np.dot(X, X), "here (2,3) meets (2,3), that is 3 and 2"),
    (lambda: X @ X, "as many columns on its left as rows on its right; here they are 3 and 2"),
    (lambda: X @ 2.0, "`@` needs arrays, but one side has no axes here: it is a single number"),
    (lambda: np.stack([]), "An empty list is put together here"),
    (lambda: X + np.ones((2, 2)), "here it meets (2,3) and (2,2)"),
    (
        added_in_place,
        "What is added in place has shape (2,3), but the array it is added to has (2,1)",
    ),
    (stored_too_large, "A value of shape (3,) is stored in a place of shape (2,)"),
    (stored_sequence, "An array is stored where a single number belongs"),
    (lambda: np.random.choice(4, p=COLUMN), "wants its probabilities in one dimension"),
    (lambda: np.random.choice(COLUMN), "draws from a number or a one-dimensional list"),
    (lambda: np.random.choice(3, p=COLUMN.ravel()), "one probability for each thing"),
    (lambda: np.random.choice(4, p=[0.5] * 4), "they do not add up to one"),
    (lambda: np.random.choice(2, p=[1.5, -0.5]), "some are negative"),
    (lambda: np.random.choice(2, p=[np.nan, 0.5]), "Some probabilities are NaN"),
    (unpack_none, "its `return` is missing"),
    (unpack_number, "but a single int came"),
    (unpack_three, "More than the 2 values"),
    (unpack_two, "3 values are expected on the left, but only 2 came"),
    (lambda: NONE[0], "Something is None here: was it never computed"),
    (lambda: NONE(), "Something is None here: was it never computed"),
    (lambda: list(NONE), "Something is None here: was it never computed"),
    (lambda: NONE.append(1), "`append` changes the list and returns None"),
    (lambda: NONE + 1, "`+` meets a NoneType and a int here"),
    (used_before_set, "`later` is used before it has a value"),
    (lambda: nowhere, "`nowhere` exists neither in this function nor in this file"),  # noqa: F821
    (lambda: X[5, 0], "Index 5 is used on axis 0, whose last index is one less than 2"),
    (lambda: X[0, 0, 0], "An array of 2 axes is indexed with 3"),
    (lambda: LIST[3], "A list or tuple is shorter than this index"),
    (lambda: TUPLE[3], "A list or tuple is shorter than this index"),
    (lambda: LIST["a"], "A list is indexed with a str"),
    (lambda: TUPLE["a"], "A tuple is indexed with a str"),
    (lambda: np.concatenate((X, X.T)), "on axis 1 the sizes are 3 and 2"),
    (lambda: np.concatenate(X, X), "takes its arrays in one tuple"),
    (lambda: float(X), "A whole array stands where one number belongs"),
    (lambda: np.sum(X, axis=2), "Axis 2 is asked of an array that has 2 axes"),
    (lambda: 1 if X else 0, "An array stands where true or false is needed"),
    (read_only, "An argument is changed in place here"),
    (read_only_output, "An argument is changed in place here"),
    (lambda: np.vstack(X, X), "take their arrays in one tuple"),
    (lambda: two(1, 2, 3), "`two` is given 3 arguments, but its `def` names 2"),
    (lambda: default(1, 2, 3), "`default` is given 3 arguments, but its `def` names"),
    (lambda: two(1), "`two` needs 1 more in this call"),
    (lambda: X(1), "An array is called like a function"),
    (lambda: X.append(1), "Arrays cannot grow; a list can"),
    (tuple_changed, "A tuple cannot be changed in place"),
    (lambda: DICT(1), "A dict is called like a function"),
    (deep, "The function calls itself without end"),
    (lambda: 1 / 0, "Something is divided by zero"),
    (lambda: 1.0 / 0.0, "Something is divided by zero"),
    (lambda: np.no_such_thing, "numpy has no `no_such_thing`"),
    (lambda: DICT["b"], "A dictionary has no key 'b'"),
]


def raised_by(action: Callable[[], object]) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: B017
        action()
    return caught.value


def words(action: Callable[[], object]) -> str:
    return inspect.getsource(action).strip().splitlines()[0][:50]


@pytest.mark.parametrize(("action", "says"), PROVOKED, ids=[words(one) for one, _ in PROVOKED])
@pytest.mark.filterwarnings("ignore")
def test_error_is_translated(action: Callable[[], object], says: str) -> None:
    error = raised_by(action)
    assert says in translate(type(error).__name__, str(error)), error


@pytest.mark.filterwarnings("ignore")
def test_every_translation_is_provoked() -> None:
    """The texts that only other versions of numpy or Python write are listed by hand."""
    used = set()
    for action, _ in PROVOKED:
        message = str(raised_by(action))
        used |= {
            next((pattern for pattern, _ in TRANSLATIONS if re.search(pattern, message, re.S)), "")
        }
    other_versions = {
        "all the input array dimensions except for the concatenation axis must match",
    }
    assert {pattern for pattern, _ in TRANSLATIONS} - used == other_versions


@pytest.mark.parametrize(
    ("kind", "message", "says"),
    [
        ("UnboundLocalError", "local variable 'a' referenced before assignment", "`a` is used"),
        ("ValueError", "all the input array dimensions except for the concatenation axis must "
         "match exactly", "Is the stacking axis the right one?"),
        ("TypeError", "only size-1 arrays can be converted to Python scalars", "A whole array"),
    ],
)  # fmt: skip
def test_texts_of_other_versions_are_translated(kind: str, message: str, says: str) -> None:
    assert says in translate(kind, message)


@pytest.mark.parametrize(
    ("shapes", "line", "says"),
    [
        ("(6,8) (8,1)", "H + ba", "They fit when one of them is transposed"),
        ("(5,8) (7,8)", "ft * c", "Which of the two is another size than you think?"),
        ("(5,8) (8,3)", "W * x", "A matrix product, `@`, would fit: was it meant?"),
        ("(5,8) (8,3)", "W + x", "Which of the two"),
        ("(1,6) (6,7)", "g.T * x", "transposed: is a `.T` missing, or too many? A matrix product"),
        ("(5,8) (7,)", "dz + s", "One has an axis less: was it lost in a sum"),
    ],
)
def test_shapes_that_do_not_fit_are_looked_at(shapes: str, line: str, says: str) -> None:
    message = f"operands could not be broadcast together with shapes {shapes} "
    assert says in translate("ValueError", message, line)


def test_error_that_speaks_for_itself_is_left_alone() -> None:
    assert translate("ValueError", "my own words") == ""
