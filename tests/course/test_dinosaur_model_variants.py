"""Dinosaurs in other words: what is accepted all the same, and how the rest is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.content.course_file import load_course
from grader.content.workspace import find_workspace
from grader.grading.ordering import is_traceless, order_of, read
from grader.grading.session import grade_order
from grader.results import TaskResult
from grader.sandbox import Worker

HERE = find_workspace(Path(__file__).resolve().parent, {})
COURSE = load_course(HERE.course_file)
DINOSAURS = COURSE.assignment("dinosaur_island")
REFERENCE = (HERE.solutions / "dinosaur_island" / "dinosaur.py").read_text()

CALL = "curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters, learning_rate=0.01)"
SAMPLE = "(sample(parameters, char_to_ix, seed)"
NAMES = """\
        if j % 2000 == 0:
            print(f"Iteration {j}, loss {loss:.4f}")
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
"""
STEP = """
def optimize(X, Y, h_prev, params, lr=0.01):
    loss, cache = rnn_forward(X, Y, h_prev, params)
    gradients, a = rnn_backward(X, Y, params, cache)
    gradients = clip(gradients, 5)
    update_parameters(params, gradients, lr)
    return {}

"""

Edits = tuple[tuple[str, str], ...]
Graded = Callable[..., TaskResult]


def with_step(returned: str, call: str) -> Edits:
    return ("def model(", STEP.format(returned) + "\ndef model("), (CALL, call)


def before_model(code: str, call: str) -> Edits:
    return ("def model(", f"{code}\n\n\ndef model("), (CALL, call)


RIGHT: dict[str, Edits] = {
    "renamed keywords": with_step(
        "loss, gradients, a[len(X) - 1]",
        "curr_loss, _, a_prev = optimize(X, Y, h_prev=a_prev, params=parameters, lr=0.01)",
    ),
    "one value more": with_step(
        "loss, gradients, a[len(X) - 1], params",
        "curr_loss, _, a_prev, parameters = optimize(X, Y, a_prev, parameters)",
    ),
    "fields of a namedtuple": with_step(
        "namedtuple('Step', 'loss gradients a')(loss, gradients, a[len(X) - 1])",
        "one = optimize(X, Y, a_prev, parameters); curr_loss, a_prev = one.loss, one.a",
    )
    + (("import numpy as np", "from collections import namedtuple\nimport numpy as np"),),
    "looks at the gradients": (
        (CALL, CALL.replace("_,", "gradients,") + "\n        gradients['dWaa'].any()"),
    ),
    "looks at the loss": ((CALL, CALL + "\n        print(float(np.float64(curr_loss).item()))"),),
    "arrays of indices": (
        (CALL, CALL.replace("(X, Y", "(np.array(X, dtype=object), np.array(Y)")),
    ),
    "a partial": before_model(
        "import functools\nlearn = functools.partial(optimize, learning_rate=0.01)",
        CALL.replace("optimize", "learn").replace(", learning_rate=0.01", ""),
    ),
    "a table": (
        *before_model('STEPS = {"learn": optimize, "invent": sample}',
                      CALL.replace("optimize", "STEPS['learn']")),
        (SAMPLE, SAMPLE.replace("sample", "STEPS['invent']")),
    ),
    "a default": (
        ("    verbose=False,\n):", "    verbose=False,\n    step=optimize,\n):"),
        (CALL, CALL.replace("optimize", "step")),
    ),
    "a method": before_model(
        "class Trainer:\n    def learn(self, *given):\n        return optimize(*given)",
        "curr_loss, _, a_prev = Trainer().learn(X, Y, a_prev, parameters)",
    ),
    "an array of letters": (("return indices\n", "return np.array(indices)\n"),
                            (SAMPLE, f"{SAMPLE}.tolist()")),
    "names before the step": (
        (NAMES, ""), ("        idx = j %", NAMES + "        idx = j %"),
    ),
}  # fmt: skip

WRONG: dict[str, tuple[str, Edits]] = {
    "a partial with another rate": ("learning_rate_is_a_hundredth", before_model(
        "import functools\nlearn = functools.partial(optimize, learning_rate=0.1)",
        CALL.replace("optimize", "learn").replace(", learning_rate=0.01", ""),
    )),
    "a table, and the state is lost": (
        "hidden_state_goes_on_to_the_next_name",
        before_model('STEPS = {"learn": optimize}',
                     "curr_loss, _, _ = STEPS['learn'](X, Y, a_prev, parameters)"),
    ),
    "the state before the last": ("hidden_state_goes_on_to_the_next_name", (
        (CALL, "older = a_prev if j < 2 else newer\n        "
         "curr_loss, _, newer = optimize(X, Y, older, parameters, learning_rate=0.01)\n        "
         "a_prev, newer = newer, a_prev"),
    )),
    "every name with one seed": ("last_name_is_returned", ((SAMPLE, SAMPLE.replace("seed", "6")),)),
    "names of another network": ("last_name_is_returned", (
        (SAMPLE, SAMPLE.replace("parameters", "initialize_parameters(n_a, 27, 27)")),
        ("    for j in", "    np.random.seed(5)\n    for j in"),
    )),
    "names of iteration one": ("last_name_is_returned", (("j % 2000 == 0", "j % 2000 == 1"),)),
    "targets too few": ("newline_is_the_last_target", (
        ('Y = [*X[1:], char_to_ix["\\n"]]', "Y = X[1:]"),
    )),
}  # fmt: skip


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker.start(fresh=True) as worker:
        yield worker


@pytest.fixture
def graded(worker: Worker, tmp_path: Path) -> Graded:
    def task_of(edits: Edits, wanted: str = "model") -> TaskResult:
        text = REFERENCE
        for find, put in edits:
            assert text.count(find) == 1, find
            text = text.replace(find, put)
        (tmp_path / "dinosaur.py").write_text(text)
        submission = read(tmp_path / "dinosaur.py", DINOSAURS)
        order = order_of(COURSE, DINOSAURS, HERE, submission, "1", (wanted,))
        report = grade_order(order, worker, lambda: is_traceless(order))
        return next(task for task in report.tasks if task.id == wanted)

    return task_of


def failed(task: TaskResult) -> dict[str, str]:
    return {check.id: check.message for check in task.checks if check.status != "passed"}


@pytest.mark.parametrize("name", RIGHT)
def test_right_code_earns_everything(graded: Graded, name: str) -> None:
    assert failed(graded(RIGHT[name])) == {}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_code_is_caught_by_its_check(graded: Graded, name: str) -> None:
    check, edits = WRONG[name]
    messages = failed(graded(edits))
    assert check in messages
    assert not any(word in " ".join(messages.values()) for word in ("Opaque", "<locals>"))


@pytest.mark.parametrize("name", ["a partial", "a table", "a default", "a method"])
def test_a_fault_of_optimize_is_not_punished_again(graded: Graded, name: str) -> None:
    wrong = (("gradients = clip(gradients, 5)", "gradients = clip(gradients, 1e-3)"),)
    task = graded((*RIGHT[name], *wrong))
    assert failed(task) == {}
    assert "the course's `optimize`" in " ".join(task.notes)


KINDS = {
    "deque": (
        "sample",
        (("return indices\n", "from collections import deque\n    return deque(indices)\n"),),
        "sample returned a collections.deque, where a list of indices was expected.",
    ),
    "nothing": (
        "sample",
        (("return indices\n", "return None\n"),),
        "sample returned None, where a list of indices was expected. Is the `return` missing?",
    ),
    "mappingproxy": (
        "clip",
        (("return clipped\n", "from types import MappingProxyType as P\n    return P(clipped)\n"),),
        "clip returned a mappingproxy, where a dictionary of gradients was expected.",
    ),
    "text": (
        "model",
        (("return parameters, last_dino_name", "return 'text'"),),
        "model should return parameters and the last name, not a str.",
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_result_of_another_kind_is_told_as_what_it_is(graded: Graded, name: str) -> None:
    task, edits, sentence = KINDS[name]
    assert sentence in failed(graded(edits, task)).values()


@pytest.mark.parametrize("task", ["clip", "optimize"])
def test_a_key_that_the_given_code_hands_out_is_no_news(graded: Graded, task: str) -> None:
    keeping = (("    clipped = {}\n", '    clipped = dict(gradients)\n    clipped["mine"] = 1\n'),)
    result = graded(keeping, task)
    assert failed(result) == {}
    told = " ".join(result.notes)
    assert "'mine'" in told
    assert "da_next" not in told
