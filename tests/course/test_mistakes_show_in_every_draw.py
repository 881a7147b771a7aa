"""Every catalogued mistake is visible to its check in every single draw, not on average.

Two draws here; the wide form takes some minutes: ``UNROLL_DRAWS=200 pytest`` with this file.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.content.course_file import load_course
from grader.content.mistakes import Mistake
from grader.content.workspace import find_workspace
from grader.grading.diagnosis.workshop import compiled
from grader.proof.assignment_proof import Subject
from grader.proof.catalogue_proof import is_caught
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
    return [seed for seed in range(SEEDS) if not is_caught(subject.suite, code, check, seed)]


@pytest.mark.parametrize("name", list(SUBJECTS))
def test_every_mistake_is_seen_in_every_draw(name: str) -> None:
    subject = SUBJECTS[name]
    mistakes = list(subject.catalogue.mistakes)
    _ = subject.suite, subject.functions  # loaded once, before the processes are forked
    missed = spread(lambda mistake: unseen(subject, mistake), mistakes, processes=2)
    found = {m.id: seeds for m, seeds in zip(mistakes, missed, strict=True) if seeds}
    assert found == {}
