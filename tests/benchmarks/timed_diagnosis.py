"""Grade one submission with or without diagnosis; print the milliseconds of the grading.

python timed_diagnosis.py with|without SUBMISSION
"""

import json
import os
import sys
from pathlib import Path
from time import perf_counter

from grader.cli.grade_now import start_worker

NAME = "building_rnn"


class Silent:
    """A diagnostician that finds nothing."""

    def diagnose(self, grading, run):
        """No diagnosis for any check."""
        return {}


def main(mode: str, submission: Path) -> None:
    """Grade, and print the milliseconds and what was diagnosed."""
    worker = start_worker()
    try:
        from grader.content.course import load_course
        from grader.content.workspace import find_workspace
        from grader.grading import session

        workspace = find_workspace(Path(__file__).resolve().parents[2])
        course = load_course(workspace.course_file)
        assignment = course.assignment(NAME)
        if mode == "without":
            session._diagnostician = lambda *hidden: Silent()
        read = session.read(submission, assignment)
        hidden = session.HiddenSide(assignment, workspace)
        begun = perf_counter()
        report = session.grade_submission(course, hidden, read, worker, "1")
        taken = 1000 * (perf_counter() - begun)
    finally:
        worker.close()
    named = sorted({c.diagnosis for t in report.tasks for c in t.checks if c.diagnosis})
    failed = [t.id for t in report.tasks if t.status == "failed"]
    print(json.dumps({"ms": taken, "diagnoses": named, "failed": failed}))


if __name__ == "__main__":
    os.environ.setdefault("UNROLL_HOME", os.devnull)
    main(sys.argv[1], Path(sys.argv[2]))
