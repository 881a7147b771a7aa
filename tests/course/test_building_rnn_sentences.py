"""What the checks of assignment 1 say, and whom they blame, where one function alone is wrong."""

from pathlib import Path

import numpy as np
import pytest

from grader.checking import CheckFailure
from grader.checking.local_student import LocalStudent
from grader.checking.suite import load_suite
from grader.content.edits import Edit, edited
from grader.content.mistakes import reference_functions

ROOT = Path(__file__).parents[2]
SOLUTIONS, EXERCISES = ROOT / "solutions/building_rnn", ROOT / "exercises/building_rnn"
STUBS = ("rnn.py", "lstm.py")

STATE = "a_next = np.tanh(Waa @ a_prev + Wax @ xt + ba)"
MEMO = [
    ("(xt, a_prev, parameters):", "(xt, a_prev, parameters, memo={}):"),
    (
        'Wax = parameters["Wax"]',
        'parameters = memo.setdefault(a_prev.shape, parameters)\n    Wax = parameters["Wax"]',
    ),
]
CACHE = "cache = (a_next, a_prev, xt, parameters)"


@pytest.fixture(scope="module")
def suite():
    """The reference and its checks."""
    return load_suite("building_rnn", SOLUTIONS, EXERCISES, STUBS)


@pytest.fixture(scope="module")
def texts():
    """The text of every function of the reference."""
    return reference_functions(SOLUTIONS, STUBS)


def sentence(suite, texts, check, function, *edits):
    """What a check says of the reference with one function edited; empty where it passes."""
    text = edited(texts[function], [Edit(*edit) for edit in edits])
    code = suite.code.with_function(function, compile(text, "<edited>", "exec"))
    student = LocalStudent(code, suite.labels)
    available = {
        "student": student,
        "reference": suite.reference(),
        "rng": np.random.default_rng(1),
    }
    try:
        next(one for one in suite.checks if one.id == check).run(available)
    except CheckFailure as failure:
        return failure.sentence
    return ""


SAID = [
    (
        "parameters kept from the first call",
        ("rnn_cell_remembers_no_call", "rnn_cell_forward", *MEMO),
        "a call with other parameters gives what the call before it gave",
    ),
    (
        "a state kept from the first call",
        (
            "rnn_cell_remembers_no_call",
            "rnn_cell_forward",
            MEMO[0],
            (STATE, STATE + "\n    a_next = memo.setdefault(a_next.shape, a_next)"),
        ),
        "a call with other values gives the a_next of the call before it",
    ),
    (
        "a draw from numpy's legacy generator",
        (
            "rnn_cell_remembers_no_call",
            "rnn_cell_forward",
            (STATE, STATE + " + 0.1 * np.random.randn()"),
        ),
        "numpy's random generator starts elsewhere",
    ),
    (
        "an example that comes out otherwise alone",
        (
            "rnn_cell_of_one_example",
            "rnn_cell_forward",
            (STATE, STATE.replace("xt + ba", "xt[:, :1] + ba")),
        ),
        "where the second example of a batch comes alone, and",
    ),
    (
        "a changed entry of the cache",
        (
            "rnn_cell_backward_leaves_its_arguments_alone",
            "rnn_cell_backward",
            ("dxt = Wax.T @ dz", "dxt = Wax.T @ dz\n    a_next *= 0.5"),
        ),
        "rnn_cell_backward changes its argument `cache[0]` (the a_next of the step).",
    ),
    (
        "a changed entry of one step's cache",
        (
            "rnn_backward_leaves_its_arguments_alone",
            "rnn_backward",
            ("da0 = da_prevt", "da0 = da_prevt\n    step_caches[1][2][:] = 0"),
        ),
        "rnn_backward changes its argument `caches[0][1][2]` (the xt of step 1).",
    ),
    (
        "a cache too many",
        (
            "caches_hold_every_step",
            "rnn_forward",
            ("caches = (caches, x)", "caches = ([*caches, None], x)"),
        ),
        "values.",
    ),
    (
        "a cache that is no tuple",
        (
            "caches_hold_every_step",
            "rnn_forward",
            ("caches.append(cache)", "caches.append(a_next)"),
        ),
        "Here it is an array of shape",
    ),
    (
        "a gradient that is not returned",
        ("last_step_hears_from_the_loss_alone", "rnn_backward", ('"dx": dx', '"dxt": dx')),
        "the returned dictionary lacks the key 'dx'. It has 'dxt', 'da0', 'dWax', 'dWaa', 'dba'.",
    ),
    (
        "a dictionary that is not returned",
        (
            "last_step_hears_from_the_loss_alone",
            "rnn_backward",
            ("return {", "kept = {"),
        ),
        "It returns None: is the `return` missing?",
    ),
    (
        "arrays that nothing was written into",
        (
            "first_step_starts_from_a0",
            "rnn_forward",
            ("a[:, :, t] = a_next", "pass"),
            ("y_pred[:, :, t] = yt_pred", "pass"),
        ),
        "holds one number throughout",
    ),
    (
        "a state that a later step overwrites",
        (
            "lstm_caches_stay_as_they_were",
            "lstm_forward",
            ("c_next = np.zeros((n_a, m), dtype=dtype)", "c_next = c[:, :, 0]"),
        ),
        "the state before the step was",
    ),
    (
        "a clipped gradient",
        (
            "rnn_cell_passes_large_gradients",
            "rnn_cell_backward",
            ("(1 - a_next**2) * da_next", "np.clip((1 - a_next**2) * da_next, -9, 9)"),
        ),
        "if what it was before is taken 1000 times.",
    ),
]


@pytest.mark.parametrize(("case", "said"), [c[1:] for c in SAID], ids=[c[0] for c in SAID])
def test_the_sentence_says_what_was_found(suite, texts, case, said):
    told = sentence(suite, texts, *case)
    assert said in told
    assert "beside what" not in told


@pytest.mark.parametrize(
    "packed",
    ["(a_next, xt, a_prev, parameters)", "(a_prev, a_next, xt, parameters)", "(a_next, xt)"],
)
def test_a_cache_in_another_order_costs_nothing_in_the_backward_function(suite, texts, packed):
    edit = (CACHE, "cache = " + packed)
    for check in ("rnn_cell_goes_back_through_own_cache", "rnn_goes_back_through_own_caches"):
        assert sentence(suite, texts, check, "rnn_cell_forward", edit) == ""


def test_no_right_value_of_an_example_alone_is_called_wrong(suite, texts):
    edit = (STATE, STATE.replace("xt + ba", "xt[:, :1] + ba"))
    told = sentence(suite, texts, "rnn_cell_of_one_example", "rnn_cell_forward", edit)
    assert "expected" not in told
    assert "wrong" not in told
