"""Mutants: every operator changes something, nothing else, and puts the tree back."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from grader.checking.mutants import Mutant, mutants_of, target_of
from grader.checking.mutation_operators import changes_at, look_alikes
from grader.grading.diagnosis.influence import Influence

SOURCE = '''def step(x, a_prev, a_next, W, flag=True):
    """Not mutated: x + 1."""
    z = W @ a_prev - x / 2.0
    z = np.tanh(z) ** 2
    dW = np.zeros(W.shape)
    dW += z.T @ x
    total = -np.sum(z, axis=1, keepdims=True)
    for t in range(3):
        total += x[:, t]
    for t in reversed(range(3)):
        total[t] = x[t, 1:] * t
    if total[0] > 1 and flag:
        total = np.maximum(total, 0)
    return z, dW, {"total": total}
'''

COUNTS = {
    "accumulation": 4,
    "arithmetic": 8,
    "comparison": 2,
    "condition": 1,
    "constant": 26,
    "dropped-call": 3,
    "dropped-keyword": 2,
    "dropped-operand": 11,
    "dropped-statement": 8,
    "function": 3,
    "index": 9,
    "look-alike": 4,
    "loop": 4,
    "order": 3,
    "sign": 1,
    "slice": 2,
    "swapped-arguments": 1,
    "swapped-operands": 5,
    "transpose": 5,
}


def mutants() -> list[Mutant]:
    return list(mutants_of(SOURCE, "step"))


def test_every_operator_finds_its_places() -> None:
    assert dict(sorted(Counter(mutant.kind for mutant in mutants()).items())) == COUNTS


def test_mutants_are_the_same_every_time_and_all_different() -> None:
    first, second = mutants(), mutants()
    assert [one.name for one in first] == [one.name for one in second]
    assert all(mutant.before != mutant.after for mutant in first)
    names = Counter(mutant.name for mutant in first)
    assert sum(names.values()) - len(names) <= 0.1 * len(first)


def test_mutants_change_the_code_of_one_statement() -> None:
    mutant = next(one for one in mutants() if one.kind == "accumulation" and one.variable == "dW")
    assert mutant.line == 6
    assert (mutant.before, mutant.after) == ("dW += z.T @ x", "dW = z.T @ x")
    assert mutant.tells == "it is replaced in every round instead of added up"


def test_docstring_is_not_mutated() -> None:
    assert not any("Not mutated" in mutant.before for mutant in mutants())


def test_only_wanted_variables_are_changed() -> None:
    found = list(mutants_of(SOURCE, "step", lambda variable: variable == "dW"))
    assert {mutant.variable for mutant in found} == {"dW"}


def test_tree_is_put_back_after_every_change() -> None:
    module = ast.parse(SOURCE)
    definition = module.body[0]
    assert isinstance(definition, ast.FunctionDef)
    before = ast.dump(module)
    names = frozenset({"x", "a_prev", "a_next", "z", "dW", "W", "total", "t"})
    for body in (definition.body, definition.body[6].body):  # type: ignore[attr-defined]
        for position, statement in enumerate(list(body)):
            for change in changes_at(statement, body, position, names):
                with change:
                    assert ast.dump(module) != before, change.kind
                assert ast.dump(module) == before, change.kind


def test_what_is_no_function_is_refused() -> None:
    with pytest.raises(ValueError, match="x is not a function"):
        list(mutants_of("x = 1", "x"))


def test_names_that_look_alike_are_found() -> None:
    names = frozenset({"a_prev", "a_next", "c_prev", "z"})
    assert look_alikes("a_prev", names) == ("a_next", "c_prev")
    assert look_alikes("z", names) == ()


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("x = 1", "x"),
        ("x[t] += 1", "x"),
        ("gradients['dW'] = 1", "dW"),
        ("a, b = f()", "a"),
        ("x.y = 1", "x"),
        ("return x", None),
        ("f()", None),
    ],
)
def test_target_of_a_statement(statement: str, name: str | None) -> None:
    assert target_of(ast.parse(f"def f():\n    {statement}").body[0].body[0]) == name  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("variable", "parts"),
    [
        ("z", {"0", "2"}),
        ("t", {"0", "2"}),
        ("caches", {"2"}),
        ("y", {"1"}),
        ("nothing", None),
        (None, None),
    ],
)
def test_influence_follows_the_data(variable: str | None, parts: set[str] | None) -> None:
    source = """def f(x, W):
    caches = []
    for t in range(3):
        z = x[:, t] + W
        caches.append((z, t))
    y = W * 2
    return z, y, caches
"""
    assert Influence(source).reach(variable) == parts


@pytest.mark.parametrize(
    "ending",
    [
        'return {"dW": dW, "db": db}',
        'g = {"dW": dW, "db": db}\n    return g',
        'g = {}\n    g.update({"dW": dW, "db": db})\n    return g',
    ],
)
def test_influence_reaches_keys(ending: str) -> None:
    influence = Influence(f"def f(dz, x):\n    dW = dz @ x.T\n    db = dz.sum()\n    {ending}")
    assert influence.reach("dW") == {"dW"}
    assert influence.reach("dz") == {"dW", "db"}


def test_influence_is_unknown_where_an_expression_is_returned() -> None:
    assert Influence("def f(x):\n    y = x\n    return y + 1").reach("y") is None
