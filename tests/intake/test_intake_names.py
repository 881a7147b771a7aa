"""The names a learner gave to things, read from source."""

from __future__ import annotations

import pytest

from grader.content.intake.source_names import SourceNames, names_in

CELL = '''\
import numpy as np

def lstm_cell_forward(x, a, c0, p):
    """Docs."""
    W = p["Wf"]
    b, Wi = p["bf"], p.get("Wi")
    Wc = np.array(p['Wc'])
    Wo = p["Wo"].copy()
    (a_old, (c_old, _)), rest = c0
    first, second = p.items()
    n = x.shape[0]
    state = c0[1]
    for (u, v) in [1, 2]:
        total = 0
        total += u
    out = np.zeros((2, 3))
    out[:, 0], other = x, 1
    out[1] += 2
    history = []
    history.append(out)
    def inner(q):
        hidden = q["Wq"]
        return hidden
    with open("f") as handle, open("g"):
        pass
    if (found := 3) > 2:
        return None
    return state, (out, W @ x), [a_old]
'''


@pytest.fixture(scope="module")
def names() -> SourceNames:
    return names_in(CELL, "lstm_cell_forward")


def test_arguments_by_position(names: SourceNames) -> None:
    assert names.arguments == ("x", "a", "c0", "p")


def test_dictionary_look_ups(names: SourceNames) -> None:
    expected = {"Wf": "W", "bf": "b", "Wi": "Wi", "Wc": "Wc", "Wo": "Wo"}
    assert names.lookups == expected


def test_unpacked_positions(names: SourceNames) -> None:
    assert names.unpacked["c0"] == (("a_old", ("c_old", "_")), "rest")
    assert names.unpacked["p.items()"] == ("first", "second")
    assert names.unpacked["x.shape"] == ("n",)
    single = names_in("def f(cache):\n    c = cache[2]\n    a = cache[0]\n", "f")
    assert single.unpacked["cache"] == ("a", None, "c")
    starred = names_in("def f(cache):\n    a, *b, c = cache\n", "f")
    assert starred.unpacked["cache"] == ("a",)


def test_a_loop_variable_that_is_taken_apart() -> None:
    source = (
        "def f(caches):\n    for one in caches:\n        a, b = one\n    for c, d in caches: pass\n"
    )
    unpacked = names_in(source, "f").unpacked
    assert unpacked == {"one": ("a", "b"), "caches": ("c", "d")}


def test_the_last_return_of_the_function_itself(names: SourceNames) -> None:
    assert names.returned == ("state", ("out", None), ("a_old",))
    assert names_in("def f(x):\n    return x\n", "f").returned == ("x",)
    assert names_in("def f(x):\n    x = 1\n", "f").returned == ()


def test_lines_where_names_are_set_or_changed(names: SourceNames) -> None:
    assert names.assignments["out"] == (16, 17, 18)
    assert names.assignments["other"] == (17,)
    assert names.assignments["total"] == (14, 15)
    assert names.assignments["history"] == (19, 20)
    assert names.assignments["c_old"] == (9,)
    assert names.assignments["u"] == (13,)
    assert names.assignments["found"] == (26,)
    assert names.assignments["handle"] == (24,)
    assert "hidden" not in names.assignments


@pytest.mark.parametrize(
    "written",
    [
        'return {"dxt": dx, "dWax": dW, "other": 1 + 1}',
        'grads = {"dxt": dx, "dWax": dW}\n    return grads',
        "return dict(dxt=dx, dWax=dW)",
        'grads = {}\n    grads["dxt"] = dx\n    grads["dWax"] = dW\n    return grads',
        'grads = dict(dxt=dx)\n    grads.update({"dWax": dW})\n    return grads',
        'grads = {"dxt": dx}\n    grads.update(dWax=dW)\n    return grads',
        'g["no"] = 3\n    h = {"dxt": dx, **g, 3: dx}\n    h["dWax"] = dW\n    return h',
    ],
)
def test_keys_of_a_returned_dictionary(written: str) -> None:
    names = names_in(f"def f(dx, dW, g):\n    {written}\n", "f")
    assert names.returned_keys == {"dxt": "dx", "dWax": "dW"}


def test_lines_where_keys_are_set() -> None:
    source = 'def f(a):\n    g = {"x": a,\n         "y": 1}\n    g["y"] = a\n    return g\n'
    assert names_in(source, "f", first_line=11).key_lines == {"x": (12,), "y": (13, 14)}


def test_line_numbers_are_counted_from_the_first_line() -> None:
    assert names_in("def f(x):\n    y = x\n", "f", first_line=40).assignments == {"y": (41,)}


def test_the_last_function_of_the_name_is_read() -> None:
    source = "def f(a): pass\nif 1:\n    def f(b): pass\nclass C:\n    def f(self): pass\n"
    assert names_in(source, "f").arguments == ("b",)


def test_a_lambda_has_arguments_and_a_result() -> None:
    names = names_in("f = lambda a, b: (a, b)\n", "f")
    assert (names.arguments, names.returned) == (("a", "b"), ("a", "b"))


def test_indented_source_is_read() -> None:
    assert names_in("    def f(a):\n        return a\n", "f").arguments == ("a",)


@pytest.mark.parametrize(
    "source",
    ["", "x = 1", "def g(): pass", "def f(", "def f():\n  return\0", "x" + ".a" * 50_000, "\ud800"],
)
def test_source_without_the_function_has_no_names(source: str) -> None:
    assert names_in(source, "f") == SourceNames()


@pytest.mark.parametrize(
    "body",
    [
        "global z; z = 1; del z",
        "x: int",
        "x: int = 3",
        "a = b = c = 1",
        "[a, (b, *c)] = x[0]",
        "self.a.b[3]().c = 1",
        "f()[0] = 1",
        "match x:\n        case {'a': y, **z}: pass",
        "return",
        "return {**a, 'b': (yield)}",
        "return [i for i in x]",
        "async def g():\n        async for i in x: pass",
        "d = x[0]['a'][-1]; e = x[True]; h = x[1.5]; k = x[10**9]",
        "a = x[999999999]",
        "p.get(); q = p.get(k)",
        "try: pass\n    except* E as e: pass",
    ],
)
def test_anything_that_parses_is_read(body: str) -> None:
    assert names_in(f"def f(x, /, y, *z, k=1, **w):\n    {body}\n", "f").arguments == ("x", "y")
