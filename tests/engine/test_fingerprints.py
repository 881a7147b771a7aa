"""The tables of fingerprints: what they rule out, and that nothing is named on their word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from toy_world import TOY, ToyGrader, check_of, reference_with, toy_copy, toy_suite

from grader.checking.local_student import LocalStudent
from grader.content.edits import Edit
from grader.content.mistakes import EditRecord, Mistake, mistake_texts, reference_functions
from grader.grading.diagnosis.evidence import again
from grader.grading.diagnosis.fingerprints import (
    FILE_NAME,
    UNSETTLED,
    Fingerprints,
    Narrowing,
    digest_of,
    load_fingerprints,
)
from grader.grading.diagnosis.probe import probe_of
from grader.grading.diagnosis.projections import projections
from grader.grading.diagnosis.workshop import Workshop, compiled
from grader.proof.catalogue_proof import KnownMistakes
from grader.proof.fingerprint_making import made_fingerprints, table_of, written

HIDDEN = TOY / "solutions" / "signals"
FUNCTIONS = reference_functions(HIDDEN, ["signals.py"])
SUITE = toy_suite()
TABLES = made_fingerprints(FUNCTIONS, SUITE, HIDDEN)
SUM = "running_sum"
LATE = reference_with(("totals[:, :, t] = last\n", "totals[:, :, t - 1] = last\n"))


def with_tables(toy: ToyGrader, folder: Path, tables: dict[str, Fingerprints]) -> ToyGrader:
    """The toy course with these tables."""
    made = toy_copy(folder)
    (made / "solutions" / "signals" / FILE_NAME).write_text(written(tables))
    return replace(toy, folder=made)


def narrowing_of(changes) -> Narrowing:
    """What the table says of the running sum with an edit."""
    workshop, table = Workshop(FUNCTIONS[SUM], SUITE.code), TABLES[SUM]
    probe = workshop.probe(table.check, SUITE)
    made = SUITE.code.with_function(SUM, workshop.code(changes))
    return Narrowing(table, again(LocalStudent(made), probe), probe.value)


def test_every_function_with_mistakes_has_a_table_that_knows_them_all() -> None:
    assert SUM in TABLES
    for name, table in TABLES.items():
        assert list(table.mistakes) == list(mistake_texts(HIDDEN / "mistakes.yaml", name).texts)
        assert len(table.mutants) > 5


@pytest.mark.parametrize(
    "entry", mistake_texts(HIDDEN / "mistakes.yaml", SUM).parsed().mistakes, ids=lambda e: e.id
)
def test_a_mistake_is_left_with_few_others(entry) -> None:
    narrowing = narrowing_of(entry.changes)
    assert entry.id in narrowing.mistakes
    assert narrowing.shows
    assert len(narrowing.mistakes) < len(narrowing.table.mistakes)


def test_right_code_does_not_show() -> None:
    probe = probe_of(SUITE, SUM, TABLES[SUM].check)
    assert not Narrowing(TABLES[SUM], probe, probe.value).shows


def test_a_table_that_is_read_back_is_the_same(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(written(TABLES))
    for name, table in TABLES.items():
        assert load_fingerprints(tmp_path, name) == table
        assert load_fingerprints(tmp_path, name).same_as(table)
    assert load_fingerprints(tmp_path, "no_such_function") is None
    (tmp_path / FILE_NAME).write_text('{"running_sum": {"of": 3}}')
    assert load_fingerprints(tmp_path, SUM) is None


def test_a_change_of_the_catalogue_makes_a_table_stale() -> None:
    texts, text = mistake_texts(HIDDEN / "mistakes.yaml", SUM), FUNCTIONS[SUM].text
    fewer = msgspec.structs.replace(texts, texts=dict(list(texts.texts.items())[1:]))
    assert TABLES[SUM].of == digest_of(text, texts)
    assert TABLES[SUM].of != digest_of(text, fewer)
    assert TABLES[SUM].of != digest_of(text + " ", texts)


def test_with_a_table_a_mistake_is_called_by_its_name(toy: ToyGrader, tmp_path: Path) -> None:
    check = check_of(with_tables(toy, tmp_path, TABLES).source(LATE), "every_step_adds_up")
    assert check.diagnosis == "stored-one-early"
    both = reference_with(
        ("start.copy()", "np.zeros(start.shape)"), ("totals[:, :, t] =", "totals[:, :, t - 1] =")
    )
    check = check_of(with_tables(toy, tmp_path, TABLES).source(both), "every_step_adds_up")
    assert check.diagnosis == "start-forgotten+stored-one-early"
    mutant = reference_with(("for t in range(x.shape[2])", "for t in range(x.shape[2] - 1)"))
    check = check_of(with_tables(toy, tmp_path, TABLES).source(mutant), "every_step_adds_up")
    assert check.diagnosis.startswith("mutant:loop")


def test_what_a_table_rules_out_is_not_tried(toy: ToyGrader, tmp_path: Path) -> None:
    rows = dict.fromkeys(TABLES[SUM].mistakes, "never ends")
    mutants = dict.fromkeys(TABLES[SUM].mutants, "never ends")
    blind = msgspec.structs.replace(TABLES[SUM], mistakes=rows, mutants=mutants)
    made = with_tables(toy, tmp_path, {**TABLES, SUM: blind})
    check = check_of(made.source(LATE), "every_step_adds_up")
    assert check.status == "failed"
    assert check.diagnosis is None or check.diagnosis.startswith("looks:")


def test_what_draws_at_random_has_no_row_and_is_never_ruled_out() -> None:
    text = FUNCTIONS[SUM]
    drawn = (Edit("start.copy()", "np.random.rand(*start.shape)"),)
    entry = Mistake("drawn", SUM, (EditRecord(drawn[0].find, drawn[0].put),), "", "")
    texts = KnownMistakes(HIDDEN, SUM, {"drawn": ""}, (entry,))
    table = table_of(Workshop(text, SUITE.code), SUITE, texts)
    assert table.mistakes == {"drawn": UNSETTLED}
    probe = probe_of(SUITE, SUM, table.check)
    made = SUITE.code.with_function(SUM, compiled(text, drawn))
    for seed in (3, 4):
        np.random.seed(seed)
        narrowing = Narrowing(table, again(LocalStudent(made), probe), probe.value)
        assert narrowing.shows
        assert narrowing.mistakes == {"drawn"}


def test_nothing_is_named_on_the_word_of_a_table(toy: ToyGrader, tmp_path: Path) -> None:
    seen = TABLES[SUM].mistakes["stored-one-early"]
    rows = {name: seen for name in TABLES[SUM].mistakes if name != "stored-one-early"}
    rows["stored-one-early"] = "never ends"
    lying = msgspec.structs.replace(TABLES[SUM], mistakes=rows, mutants={})
    made = with_tables(toy, tmp_path, {**TABLES, SUM: lying})
    check = check_of(made.source(LATE), "every_step_adds_up")
    assert check.status == "failed"
    assert check.diagnosis is None or check.diagnosis.startswith("looks:")


def test_equal_values_have_equal_projections_whatever_holds_them() -> None:
    right = (np.arange(6.0).reshape(2, 3), [np.ones(2), {"b": np.zeros(2), "a": 3.0}])
    same = (np.arange(6).reshape(2, 3), (np.ones(2), {"a": np.float64(3), "b": [0, 0], "c": 9}))
    assert projections(same, right) == projections(right, right)
    other = (np.arange(6.0).reshape(3, 2).T, right[1])
    assert projections(other, right)[0] != projections(right, right)[0]
    assert projections(other, right)[1] == projections(right, right)[1]


@pytest.mark.parametrize("value", [None, 3, "text", object(), (), {}, [None, np.nan, np.inf]])
def test_values_of_any_kind_have_projections(value) -> None:
    right = (np.ones((2, 2)), [np.ones(2)])
    assert projections(value, right) != projections(right, right)
    assert all(np.isfinite(number) for pair in projections(value, right) for number in pair)
