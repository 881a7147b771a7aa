"""A candidate that leaves a key out explains only a learner who leaves it out as well."""

from __future__ import annotations

import pytest

from grader.grading.diagnosis.evidence import _keys

CONTRACT = {"dW": 1, "db": 2}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"dW": 9, "db": 9}, {"dW", "db"}),
        ({"dW": 9}, {"dW"}),
        ({"dW": 9, "db": 9, "extra": 9}, {"dW", "db"}),
        (None, set()),
    ],
)
def test_only_keys_of_the_contract_are_compared(value: object, found: set[str]) -> None:
    assert _keys(value, CONTRACT) == found


def test_a_tuple_has_no_keys() -> None:
    assert _keys((1, 2), (1, 2)) == set()
