"""Grade one submission with or without diagnosis; print the milliseconds of the grading.

python timed_diagnosis.py with|without SUBMISSION
"""

import gc
import json
import os
import sys
from pathlib import Path
from time import perf_counter

from grader.sandbox.start_worker import start_worker

NAME = "building_rnn"


class Silent:
    """A diagnostician that finds nothing."""

    def diagnose(self, grading, run):
        """No diagnosis for any check."""
        return {}


def main(mode: str, submission: Path) -> None:
    """Grade as the grading process does; print the milliseconds and what was diagnosed."""
    gc.disable()
    worker = start_worker()
    try:
        from grader.content.course_file import load_course
        from grader.content.workspace import find_workspace
        from grader.grading import ordering, session
        from grader.grading.grading_child import collect_seldom

        workspace = find_workspace(Path(__file__).resolve().parents[2])
        course = load_course(workspace.course_file)
        assignment = course.assignment(NAME)
        if mode == "without":
            session._diagnostician = lambda *hidden: Silent()
        read = ordering.read(submission, assignment)
        order = ordering.order_of(course, assignment, workspace, read, "1")
        traceless = ordering.is_traceless(order)
        collect_seldom()
        begun = perf_counter()
        report = session.grade_order(order, worker, lambda: traceless)
        taken = 1000 * (perf_counter() - begun)
    finally:
        worker.close()
    named = sorted({c.diagnosis for t in report.tasks for c in t.checks if c.diagnosis})
    failed = [t.id for t in report.tasks if t.status == "failed"]
    print(json.dumps({"ms": taken, "diagnoses": named, "failed": failed}))


if __name__ == "__main__":
    os.environ.setdefault("UNROLL_HOME", os.devnull)
    main(sys.argv[1], Path(sys.argv[2]))
