"""A learner who computes the steps in place is told of the cell's faults as well."""

from pathlib import Path

import pytest

from grader.content.course_file import load_course
from grader.content.workspace import find_workspace
from grader.grading import ordering, session
from grader.sandbox import Worker

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "solutions/building_rnn/rnn.py").read_text()

# A way back that never calls the cell; SLOPE, STATE and CARRY are what the tests put in.
IN_PLACE = """

def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T = da.shape
    W = steps[0][3]
    grads = {"dx": np.zeros((x.shape[0], m, T)), "dWax": 0, "dWaa": 0, "dba": 0}
    carry = np.zeros((n_a, m))
    for t in range(T - 1, -1, -1):
        new, old, xt, _ = steps[t]
        delta = (SLOPE) * (da[:, :, t] + carry)
        grads["dx"][:, :, t] = W["Wax"].T @ delta
        grads["dWax"] = grads["dWax"] + delta @ xt.T
        grads["dWaa"] = grads["dWaa"] + delta @ STATE.T
        grads["dba"] = grads["dba"] + delta.sum(axis=1, keepdims=True)
        carry = W["Waa"].T @ CARRY
    grads["da0"] = carry
    return grads
"""
RIGHT = {"SLOPE": "1 - new**2", "STATE": "old", "CARRY": "delta"}
FAULTS = {
    "rnn-memory-weights-with-new-state": {"STATE": "new"},
    "rnn-tanh-slope-not-squared": {"SLOPE": "1 - new"},
    "rnn-state-gradient-skips-tanh": {"CARRY": "(da[:, :, t] + carry)"},
}


@pytest.fixture(scope="module")
def worker():
    """One worker for all."""
    with Worker.start() as started:
        yield started


def graded(tmp_path, worker, parts):
    """The task's result for a way back that is written in place."""
    text = IN_PLACE
    for place, put in {**RIGHT, **parts}.items():
        text = text.replace(place, put)
    (tmp_path / "rnn.py").write_text(REFERENCE + text)
    workspace = find_workspace(ROOT)
    course = load_course(workspace.course_file)
    assignment = course.assignment("building_rnn")
    read = ordering.read(tmp_path / "rnn.py", assignment)
    order = ordering.order_of(course, assignment, workspace, read, "inlined")
    report = session.grade_order(order, worker)
    return next(task for task in report.tasks if task.id == "rnn_backward")


def test_steps_in_place_earn_full_marks(tmp_path, worker):
    assert graded(tmp_path, worker, {}).status == "passed"


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_cell_is_named_where_the_cell_is_not_called(tmp_path, worker, name):
    task = graded(tmp_path, worker, FAULTS[name])
    named = [check for check in task.checks if check.diagnosis == name]
    assert named, [check.diagnosis for check in task.checks]
    assert "`rnn_cell_backward` with this fault" in named[0].message
