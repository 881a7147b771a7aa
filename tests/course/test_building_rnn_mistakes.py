"""The catalogue of assignment 1: every mistake is rejected, and no two look alike to a learner."""

import contextlib
import itertools
import signal
from pathlib import Path

import numpy as np
import pytest

from grader.checking import CheckFailure
from grader.checking.local_student import LocalStudent
from grader.checking.suite import load_suite
from grader.content.edits import edited
from grader.content.mistakes import check_catalogue, load_catalogue, reference_functions
from grader.content.yaml_source import load_yaml
from grader.grading.diagnosis.evidence import same_call

ROOT = Path(__file__).parents[2]
SOLUTIONS, EXERCISES = ROOT / "solutions/building_rnn", ROOT / "exercises/building_rnn"
CATALOGUE = SOLUTIONS / "mistakes.yaml"
STUBS = ("rnn.py", "lstm.py")
FUNCTIONS = tuple(
    f"{stem}_{direction}"
    for direction in ("forward", "backward")
    for stem in ("rnn_cell", "rnn", "lstm_cell", "lstm")
)
SEEDS = 2  # thirty were tried when an entry was written; these keep it true
SECONDS = 5.0  # a check takes milliseconds: beyond this a mistake never ends


@pytest.fixture(scope="module")
def suite():
    """The reference and its checks."""
    return load_suite("building_rnn", SOLUTIONS, EXERCISES, STUBS)


@pytest.fixture(scope="module")
def texts():
    """The text of every function of the reference."""
    return reference_functions(SOLUTIONS, STUBS)


@pytest.fixture(scope="module")
def catalogue():
    """All entries."""
    return load_catalogue(CATALOGUE)


class EndlessError(BaseException):
    """No `except Exception` of a check may take this for the mistake's own error."""


@contextlib.contextmanager
def at_most(seconds, what):
    """Fail the test where a block does not end."""

    def stop(_number, _frame):
        raise EndlessError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except EndlessError:
        pytest.fail(f"{what} does not end")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def code_of(entry, suite, texts):
    """All functions of the reference, one of them mistaken."""
    text = edited(texts[entry.function], entry.changes)
    return suite.code.with_function(entry.function, compile(text, f"<{entry.id}>", "exec"))


def is_rejected(check, code, suite, seed):
    """Whether a check fails, in its own words."""
    student, rng = LocalStudent(code, suite.labels), np.random.default_rng(seed)
    try:
        check.run({"student": student, "reference": suite.reference(), "rng": rng})
    except CheckFailure:
        return True
    return False


def draws(function, cases):
    """Arguments that tell mistakes apart, ordinary ones first."""
    stem, _, direction = function.rpartition("_")
    net, is_cell = stem.removesuffix("_cell"), stem.endswith("_cell")
    new = getattr(cases, net + ("_step" if is_cell else "_sequence"))
    rngs = [np.random.default_rng(seed) for seed in range(3)]
    inputs = [new(rngs[0]), new(rngs[1]), new(rngs[2], **cases.WIDE_AND_LONG)]
    if direction == "forward":
        more = [cases.one_example(inputs[0], 1)]
        if is_cell:
            more.append(cases.at_its_limits(inputs[1]))
        if net == "lstm":
            grows = cases.overflowing if is_cell else cases.brimming
            more.append(grows(new(rngs[1], **({} if is_cell else {"T_x": 16}))))
        return [case.arguments for case in (*inputs, *more)]
    back = getattr(cases, new.__name__ + "_back")
    backs = [back(rng, case) for rng, case in zip(rngs, inputs, strict=True)]
    arguments = [one.arguments for one in backs]
    arguments.append(cases.louder(backs[0], 1000.0).arguments)
    if is_cell:
        return arguments
    forward = cases.rnn_forward if net == "rnn" else cases.lstm_forward
    alone = cases.one_example_back_in_time(backs[1], forward, 1)
    return [*arguments, (backs[0].da[:, :, :-1], backs[0].caches), alone.arguments]


def footprint(function, code, suite):
    """What a function returns, raises or modifies on every draw, and in two calls together."""
    calls = []
    arguments = draws(function, suite.loader.load("cases"))
    for one in arguments:
        student = LocalStudent(code, suite.labels)
        with contextlib.suppress(CheckFailure):
            student.call(function, *one)
        calls.append(student.last)
    for one in arguments[:3]:
        student = LocalStudent(code, suite.labels)
        with contextlib.suppress(CheckFailure):
            student.pair(function, one, tuple(map(doubled, one)))
        calls.append(student.last)
    return calls


def doubled(value):
    """Other values of the same shapes."""
    if isinstance(value, np.ndarray):
        return 2 * value
    if isinstance(value, tuple | list):
        return type(value)(map(doubled, value))
    return {key: doubled(item) for key, item in value.items()}


def look_alike(first, second):
    """Whether two footprints are the same on every draw."""
    return all(map(same_call, first, second)) and all(map(same_call, second, first))


def test_every_entry_applies_and_names_what_exists(catalogue, suite, texts):
    known = [
        str(entry.entries["id"].value)
        for path in sorted((ROOT / "quizzes").glob("misconceptions*.yaml"))
        for entry in load_yaml(path).entries["misconceptions"].items
    ]
    check_catalogue(catalogue, CATALOGUE, texts, [check.id for check in suite.checks], known)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_mistake_is_rejected_by_the_check_it_names(function, catalogue, suite, texts):
    checks = {check.id: check for check in suite.checks_of(function)}
    accepted = []
    for entry in catalogue.of(function):
        code, check = code_of(entry, suite, texts), checks[entry.caught_by]
        with at_most(SECONDS, entry.id):
            if not all(is_rejected(check, code, suite, seed) for seed in range(SEEDS)):
                accepted.append(f"{entry.id} passes {check.id}")
    assert not accepted


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_two_mistakes_leave_the_same_footprint(function, catalogue, suite, texts):
    prints = {}
    for entry in catalogue.of(function):
        with at_most(SECONDS, entry.id):
            prints[entry.id] = footprint(function, code_of(entry, suite, texts), suite)
    twins = [
        f"{one} and {other}"
        for one, other in itertools.combinations(prints, 2)
        if look_alike(prints[one], prints[other])
    ]
    assert len(prints) > 20
    assert not twins


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_text_shows_a_line_of_the_solution(function, catalogue, texts):
    solution = {
        line.partition("=")[2].strip()
        for line in texts[function].text.partition("# BEGIN SOLUTION")[2].splitlines()
        if "=" in line and not line.strip().startswith("#")
    }
    shown = [
        f"{entry.id}: {expression}"
        for entry, expression in itertools.product(catalogue.of(function), solution)
        if " " in expression and expression in entry.tells.replace("{", "").replace("}", "")
    ]
    assert solution
    assert not shown
