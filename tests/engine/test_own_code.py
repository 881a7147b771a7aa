"""What the learner's own code says: its lines, its names, and facts that explain a result."""

from __future__ import annotations

import numpy as np
import pytest

from grader.content.intake.source_names import names_in
from grader.grading.diagnosis.own_facts import fact_of, first_not_finite
from grader.grading.diagnosis.own_lines import (
    calling_line,
    dropped_call,
    lines_of,
    made_once,
    read_by_every_step,
    return_line,
)
from grader.grading.diagnosis.own_names import OwnCode, names_by_role, translate_names
from grader.grading.diagnosis.telling import never_updated_among, told_of

X = np.arange(6.0).reshape(2, 3)


def own(source: str, **variables: object) -> OwnCode:
    names = names_in(source, "f")
    return OwnCode("mine.py", None, names, source.splitlines(), 1, variables, "f")


LOOP = """def f(da, caches):
    dx = np.zeros(da.shape)
    carry = np.zeros((2, 3))
    other = np.zeros((2, 3))
    total = []
    t = 9
    while t > 0:
        g = cell(da[:, :, t] + carry, caches[t])
        if t == 1:
            use(other)
        dx[:, :, t] = g["dx"]
        g["dx"][0] += t
        total.append(g)
        t -= 1
    total = (total, da)
    clip(total)
    return dx.T, total
"""


@pytest.mark.parametrize(
    ("name", "line"), [("dx", 11), ("carry", 3), ("total", 13), ("t", 7), ("g", 12), ("'dx'", 12)]
)
def test_line_that_computes_a_variable_comes_before_those_that_make_room(
    name: str, line: int
) -> None:
    node = own(LOOP).node
    assert node is not None
    wanted = f"[{name}]" if name.startswith("'") else name
    assert lines_of(node, wanted)[-1] == line


def test_lines_that_say_more_than_a_variable() -> None:
    node = own(LOOP).node
    assert node is not None
    assert return_line(node) == 17
    assert dropped_call(node, frozenset(["clip"])) == 16
    assert dropped_call(node, frozenset(["cell"])) is None
    assert calling_line(node, ["cell"]) == 8
    assert made_once(node, "carry") == 3
    assert made_once(node, "total") is None
    assert read_by_every_step(node, "carry", 3)
    assert not read_by_every_step(node, "other", 4)


def test_variable_that_is_never_updated_is_named_at_its_first_line() -> None:
    told = never_updated_among(own(LOOP, carry=np.zeros((2, 3)), other=np.zeros((2, 3))), [])
    assert told is not None
    assert told[0].startswith("`carry` is never updated: it still holds its first zeros")
    assert told[1].line == 3
    both = never_updated_among(own(LOOP, carry=X * 0, other=X * 0), ["other"])
    assert both is not None
    assert both[0].startswith("`carry` and `other` are never updated")
    assert never_updated_among(own(LOOP, carry=X), []) is None
    assert never_updated_among(own(LOOP, other=X * 0), ["other"]) is None


def test_range_is_spoken_of_where_the_line_has_one() -> None:
    text = "Your loop stops early. `range` leaves its end out."
    assert told_of(text, {}, own(LOOP), "while t > 0:") == "Your loop stops early."
    assert told_of(text, {}, own(LOOP), "for t in range(9):") == text
    assert told_of(text, {}, own(LOOP), None) == text


TWICE = """def f(da):
    a = b = np.zeros((2, 3))
    n = np.zeros((2, 3), dtype=int)
    n[0] = da
    b[:] = da
    use(a)
    c = np.clip(da, -2, 2)
    np.clip(da, -2, 2, out=n)
    d = c
    d *= 2
    use(c)
    return c
"""


def test_two_names_of_one_array_are_named() -> None:
    fact = fact_of(own(TWICE, a=X, b=X), "")
    assert fact is not None
    assert fact[0].sentence.startswith("`a` and `b` are names of one and the same array")
    assert fact[1].line == 2
    alias = fact_of(own(TWICE, d=X, c=X), "")
    assert alias is not None
    assert alias[1].line == 9
    assert fact_of(own(TWICE, a=X, b=X + 1), "") is None


def test_integer_array_is_named_where_it_is_made() -> None:
    fact = fact_of(own(TWICE, n=X.astype(int)), "")
    assert fact is not None
    assert "`n` is an array of integers" in fact[0].sentence
    assert fact[1].line == 3


def test_what_is_cut_off_is_named_where_the_reference_does_not_cut() -> None:
    cut = own(TWICE, c=np.array([2.0, 2.0, 1.0]))
    fact = fact_of(cut, "x = y")
    assert fact is not None
    assert fact[0].sentence == "`c` is cut off at 2; nothing asks for that here."
    assert fact[1].line == 7
    assert fact_of(cut, "np.clip(x)") is None
    assert fact_of(own(TWICE, c=np.array([1.7, 0.2])), "x = y") is None
    out = fact_of(own(TWICE, n=np.array([2.0, -2.0])), "x = y")
    assert out is not None
    assert out[1].line == 8


def test_first_line_with_a_number_that_is_none_is_found() -> None:
    place = first_not_finite(own(TWICE, c=np.array([np.nan]), a=X))
    assert place is not None
    assert place.line == 7
    assert first_not_finite(own(TWICE, a=X)) is None


REFERENCE = """def f(x, cache):
    a, b = cache
    W = p["W"]
    return {"dW": W}
"""
THEIRS = """def f(film, memory):
    first, second = memory
    weights = p["W"]
    h = first
    h += p["b"]
    out = {}
    out["dW"] = result
    return out
"""


def test_names_of_one_role_belong_together() -> None:
    found = names_by_role(["x", "a", "b", "W"], names_in(REFERENCE, "f"), own(THEIRS))
    assert found["x"] == "film"
    assert (found["a"], found["b"]) == ("first", "second")
    assert found["W"] in ("weights", "result")


def test_zeros_are_no_proof_that_two_names_mean_the_same() -> None:
    assert translate_names(["carry"], {"carry": X * 0}, own(THEIRS, first=X * 0)) == {}
    theirs = own(THEIRS, carry=X * 0, first=X)
    assert translate_names(["carry"], {"carry": X}, theirs) == {"carry": "carry"}
