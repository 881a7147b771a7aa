"""Every catalogued mistake is visible to its check in every single draw, not on average.

Two draws here; the wide form takes some minutes: ``UNROLL_DRAWS=200 pytest`` with this file.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from grader.checking.failures import CheckFailure
from grader.checking.local_student import LocalStudent
from grader.checking.time_limit import TooLongError, time_limit
from grader.content.course_file import load_course
from grader.content.mistakes import Mistake
from grader.content.workspace import find_workspace
from grader.grading.diagnosis.workshop import compiled
from grader.grading.task_run import seeds_of
from grader.proof.assignment_proof import Subject
from grader.proof.spread import spread

WORKSPACE = find_workspace(Path(__file__).parent)
COURSE = load_course(WORKSPACE.course_file)
SUBJECTS = {a.id: Subject(COURSE, a, WORKSPACE) for a in COURSE.assignments}
SEEDS = int(os.environ.get("UNROLL_DRAWS", "2"))


def unseen(subject: Subject, mistake: Mistake) -> list[int]:
    """The seeds at which the check that the entry names lets the mistake pass."""
    code = subject.suite.code.with_function(
        mistake.function, compiled(subject.functions[mistake.function], mistake.changes)
    )
    check = next(one for one in subject.suite.checks if one.id == mistake.caught_by)
    missed = []
    for seed in range(SEEDS):
        available = {
            "student": LocalStudent(code, subject.suite.labels),
            "reference": subject.suite.reference(),
            "rng": np.random.default_rng(seeds_of(seed, check)),
        }
        try:
            with time_limit(5):
                check.run(available)
        except TooLongError:
            return missed
        except CheckFailure:
            continue
        except Exception:  # a value of a wrong form upsets the check: seen as well
            continue
        missed.append(seed)
    return missed


@pytest.mark.parametrize("name", list(SUBJECTS))
def test_every_mistake_is_seen_in_every_draw(name: str) -> None:
    subject = SUBJECTS[name]
    mistakes = list(subject.catalogue.mistakes)
    _ = subject.suite, subject.functions  # loaded once, before the processes are forked
    missed = spread(lambda mistake: unseen(subject, mistake), mistakes, processes=2)
    found = {m.id: seeds for m, seeds in zip(mistakes, missed, strict=True) if seeds}
    assert found == {}
