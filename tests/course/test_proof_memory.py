"""What a proof remembers changes nothing of what it finds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from grader.content.course_file import load_course
from grader.content.mistakes import mistake_texts
from grader.content.workspace import find_workspace
from grader.proof.assignment_proof import Subject
from grader.proof.catalogue_proof import Bench, Trial, trial
from grader.proof.memory import StrangeValueError, digest, remembering
from grader.proof.remembering_workshop import RememberingWorkshop

WORKSPACE = find_workspace(Path(__file__).parent)
COURSE = load_course(WORKSPACE.course_file)
SUBJECTS = {a.id: Subject(COURSE, a, WORKSPACE) for a in COURSE.assignments}
SAMPLES = [
    ("building_rnn", "rnn_cell_forward", 1),
    ("building_rnn", "rnn_backward", 10),
    ("building_rnn", "lstm_forward", 12),
    ("dinosaur_island", "clip", 5),
    ("dinosaur_island", "optimize", 7),
    ("jazz", "predict_and_sample", 3),
]


def tried(bench: Bench, every: int, seed: int) -> list[Trial]:
    mistakes = bench.known.parsed().mistakes[::every]
    return [trial(bench, one, seed=seed, restyle=style) for one in mistakes for style in (0, 1)]


@pytest.mark.parametrize(("name", "function", "every"), SAMPLES)
def test_trials_with_a_memory_end_as_without(name: str, function: str, every: int) -> None:
    subject = SUBJECTS[name]
    text = subject.functions[function]
    known = mistake_texts(subject.solutions / "mistakes.yaml", function)
    parts = subject.assignment, subject.suite, known, text
    plain = Bench(*parts)
    workshop = RememberingWorkshop(text, subject.suite.code)
    remembered = Bench(parts[0], remembering(subject.suite), *parts[2:], {function: workshop})
    assert tried(remembered, every, 4) == tried(plain, every, 4)
    assert tried(remembered, every, 4) == tried(plain, every, 4)  # now all is remembered


def test_answers_are_worked_out_once_and_handed_out_in_copies() -> None:
    subject = SUBJECTS["building_rnn"]
    suite = remembering(subject.suite)
    cases = subject.suite.loader.load("cases")
    arguments = cases.rnn_sequence(np.random.default_rng(1)).arguments
    first = suite.reference().rnn_forward(*arguments)
    expected = first[0].copy()
    first[0][...] = 0
    reference = suite.reference()
    assert np.array_equal(reference.rnn_forward(*arguments)[0], expected)
    again = suite.reference()
    again.rnn_forward(*arguments)
    assert again.last.value is reference.last.value


def test_calls_with_stand_ins_are_not_remembered() -> None:
    subject = SUBJECTS["building_rnn"]
    suite = remembering(subject.suite)
    cases = subject.suite.loader.load("cases")
    arguments = cases.rnn_sequence(np.random.default_rng(1)).arguments
    reference = suite.reference()
    plain = reference.rnn_forward(*arguments)[0]
    cell = subject.suite.reference()

    def doubled(*given):
        a_next, yt_pred, cache = cell.rnn_cell_forward(*given)
        return 2 * a_next, yt_pred, cache

    with reference.standing_in(rnn_cell_forward=doubled):
        assert not np.allclose(reference.rnn_forward(*arguments)[0], plain)
    assert np.array_equal(reference.rnn_forward(*arguments)[0], plain)


FIRST = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    "other",
    [
        FIRST + 1,
        FIRST.reshape(3, 2),
        FIRST.astype(np.float32),
        np.asfortranarray(FIRST),
        [FIRST],
        (FIRST, None),
        {"a": FIRST},
        FIRST.tolist(),
    ],
    ids=str,
)
def test_different_values_have_different_digests(other: object) -> None:
    assert digest(FIRST) == digest(FIRST.copy())
    assert digest(other) != digest(FIRST)


def test_numbers_of_different_types_have_different_digests() -> None:
    assert len({digest(1), digest(1.0), digest(True), digest("1"), digest(np.float64(1))}) == 5
    assert digest([1, 2], 3) != digest([1, 2, 3])


def test_what_has_no_digest_is_refused() -> None:
    with pytest.raises(StrangeValueError):
        digest([object()])
