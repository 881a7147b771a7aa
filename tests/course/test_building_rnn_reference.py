"""The reference of assignment 1, proved by oracles that share no code with it.

Forward passes against PyTorch's stored results and against the published worked numbers;
backward passes against PyTorch's and against complex-step derivatives of the forward passes.
"""

import copy
import doctest
import json
from pathlib import Path

import numpy as np
import pytest

from grader.checking import complex_gradient
from grader.content.code import Loader

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).with_name("torch_golden.json")
TORCH_TOLERANCE = 1e-12
COMPLEX_STEP_TOLERANCE = 1e-12
PUBLISHED_DIGITS = 1e-8


@pytest.fixture(scope="module")
def course():
    """Load modules of the assignment by name."""
    folders = (ROOT / "solutions" / "building_rnn", ROOT / "exercises" / "building_rnn")
    return Loader(folders, "building_rnn").load


@pytest.fixture(scope="module")
def functions(course):
    """All functions of the reference, by name."""
    return {**vars(course("rnn")), **vars(course("lstm"))}


def golden(case, group):
    """Stored arrays of one case, by name."""
    stored = json.loads(GOLDEN.read_text(encoding="utf-8"))
    prefix = f"{case} {group} "
    found = {key: value for key, value in stored.items() if key.startswith(prefix)}
    return {key.removeprefix(prefix): np.array(value) for key, value in found.items()}


def deviation(actual, expected):
    """Largest difference at the scale of the whole array; arrays of zeros must be zeros."""
    assert actual.shape == expected.shape
    return np.max(np.abs(actual - expected)) / (np.max(np.abs(expected)) or 1.0)


@pytest.mark.parametrize(
    ("stem", "arguments", "outputs"),
    [
        ("rnn_cell", ("xt", "a_prev"), ("a_next", "yt_pred")),
        ("rnn", ("x", "a0"), ("a", "y")),
        ("lstm_cell", ("xt", "a_prev", "c_prev"), ("a_next", "c_next", "yt_pred")),
        ("lstm", ("x", "a0"), ("a", "y", "c")),
    ],
)
def test_forward_passes_agree_with_torch(functions, stem, arguments, outputs):
    inputs, expected = golden(stem, "inputs"), golden(stem, "outputs")
    forward = functions[stem + "_forward"]
    result = forward(*(inputs[n] for n in arguments), golden(stem, "parameters"))
    for name, actual in zip(outputs, result, strict=False):
        assert deviation(actual, expected[name]) < TORCH_TOLERANCE, name


@pytest.mark.parametrize(
    ("stem", "arguments", "arriving"),
    [
        ("rnn_cell", ("xt", "a_prev"), ("da_next",)),
        ("rnn", ("x", "a0"), ("da",)),
        ("lstm_cell", ("xt", "a_prev", "c_prev"), ("da_next", "dc_next")),
        ("lstm", ("x", "a0"), ("da",)),
    ],
)
def test_backward_passes_agree_with_torch(functions, stem, arguments, arriving):
    inputs, expected = golden(stem, "inputs"), golden(stem, "gradients")
    forward = functions[stem + "_forward"]
    *_, cache = forward(*(inputs[n] for n in arguments), golden(stem, "parameters"))
    gradients = functions[stem + "_backward"](*(inputs[n] for n in arriving), cache)
    assert set(gradients) == set(expected)
    for name, gradient in gradients.items():
        assert deviation(gradient, expected[name]) < TORCH_TOLERANCE, name


DRAWN_BY = {
    "rnn_cell": "rnn_step_back",
    "rnn": "rnn_sequence_back",
    "lstm_cell": "lstm_step_back",
    "lstm": "lstm_sequence_back",
}


def way_back(course, stem, seed=0):
    """A drawn case of a backward pass, and the forward case that it goes back through."""
    back = getattr(course("cases"), DRAWN_BY[stem])(np.random.default_rng(seed))
    return back, back.step if stem.endswith("cell") else back.sequence


def loss_of(forward, arriving, variables, parameters):
    """The loss whose gradient arrives: the sum of the first outputs, weighted with `arriving`."""

    def loss(at):
        result = forward(*(at[name] for name in variables), {name: at[name] for name in parameters})
        return sum(np.sum(part * weight) for part, weight in zip(result, arriving, strict=False))

    return loss


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("stem", DRAWN_BY)
def test_every_gradient_is_a_derivative_of_the_forward_pass(course, functions, stem, seed):
    back, step = way_back(course, stem, seed)
    variables = [name for name in vars(step) if name != "parameters"]
    *arriving, _ = back.arguments
    loss = loss_of(functions[stem + "_forward"], arriving, variables, step.parameters)
    at = {name: getattr(step, name) for name in variables} | step.parameters
    gradients = functions[stem + "_backward"](*back.arguments)
    for name, gradient in gradients.items():
        derivative = complex_gradient(loss, at, name.removeprefix("d"))
        assert deviation(gradient, derivative) < COMPLEX_STEP_TOLERANCE, name


def test_rnn_cell_gives_the_published_numbers(functions):
    draw = np.random.RandomState(1).randn
    xt, a_prev = draw(3, 10), draw(5, 10)
    parameters = {"Waa": draw(5, 5), "Wax": draw(5, 3), "Wya": draw(2, 5)}
    parameters |= {"ba": draw(5, 1), "by": draw(2, 1)}
    a_next, yt_pred, _ = functions["rnn_cell_forward"](xt, a_prev, parameters)
    assert a_next[4, :3] == pytest.approx(
        [0.59584544, 0.18141802, 0.61311866], abs=PUBLISHED_DIGITS
    )
    assert yt_pred[1, :2] == pytest.approx([0.9888161, 0.01682021], abs=PUBLISHED_DIGITS)


def test_lstm_cell_gives_the_published_numbers(functions):
    draw = np.random.RandomState(1).randn
    xt, a_prev, c_prev = draw(3, 10), draw(5, 10), draw(5, 10)
    parameters = {}
    for gate in "fioc":
        parameters["W" + gate], parameters["b" + gate] = draw(5, 8), draw(5, 1)
    parameters |= {"Wy": draw(2, 5), "by": draw(2, 1)}
    a_next, c_next, _, _ = functions["lstm_cell_forward"](xt, a_prev, c_prev, parameters)
    shown = [-0.66408471, 0.0036921, 0.02088357]
    kept = [0.63267805, 1.00570849, 0.35504474]
    assert a_next[4, :3] == pytest.approx(shown, abs=PUBLISHED_DIGITS)
    assert c_next[2, :3] == pytest.approx(kept, abs=PUBLISHED_DIGITS)


def frozen(value):
    """A copy whose arrays refuse to be written."""
    value = copy.deepcopy(value)
    pending = [value]
    while pending:
        part = pending.pop()
        if isinstance(part, np.ndarray):
            part.setflags(write=False)
        elif isinstance(part, dict):
            pending += part.values()
        elif isinstance(part, list | tuple):
            pending += part
    return value


@pytest.mark.parametrize("stem", DRAWN_BY)
def test_no_pass_changes_its_arguments(course, functions, stem):
    back, step = way_back(course, stem)
    functions[stem + "_forward"](*frozen(step.arguments))
    functions[stem + "_backward"](*frozen(back.arguments))


@pytest.mark.parametrize("stem", ["rnn", "lstm"])
def test_caches_share_no_memory_with_what_is_written_later(course, functions, stem):
    _, sequence = way_back(course, stem)
    *outputs, (step_caches, _) = functions[stem + "_forward"](*sequence.arguments)
    kept = [entry for cache in step_caches for entry in cache if isinstance(entry, np.ndarray)]
    assert not any(np.shares_memory(entry, output) for entry in kept for output in outputs)


@pytest.mark.parametrize("module", ["rnn", "lstm", "rnn_utils"])
def test_examples_in_docstrings_are_true(course, module):
    runner = doctest.DocTestRunner()
    for example in doctest.DocTestFinder().find(course(module)):
        runner.run(example)
    assert runner.summarize(verbose=False).failed == 0
    assert runner.tries > 0


@pytest.mark.parametrize("score", [1000.0, -1000.0])
def test_given_activations_are_stable(course, score):
    given = course("rnn_utils")
    with np.errstate(all="raise", under="ignore"):
        probabilities = given.softmax(np.array([[score], [0.0], [-score]]))
        squashed = given.sigmoid(np.array([score, 0.0]))
    assert probabilities.sum() == pytest.approx(1.0)
    assert squashed == pytest.approx([1.0 if score > 0 else 0.0, 0.5])


def test_sigmoid_is_accurate_where_it_is_tiny(course):
    assert course("rnn_utils").sigmoid(np.array(-40.0)) == pytest.approx(np.exp(-40.0), rel=1e-14)


def test_wide_softmax_works_column_by_column(course):
    columns = course("rnn_utils").softmax(np.arange(6.0).reshape(3, 2)).sum(axis=0)
    assert columns == pytest.approx([1.0, 1.0])
