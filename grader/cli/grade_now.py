"""Grade now: start the worker before anything hidden is read, then read, run and report.

The order of the first lines matters: the worker is a fork of this process as it stands after
numpy has been imported, and so holds nothing that a learner may not see.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.graders import Graders

if TYPE_CHECKING:
    from grader.sandbox import Worker


def start_worker() -> Worker:
    """Import numpy with one thread and fork the worker from this still innocent process."""
    from grader.sandbox.start import prepare_environment

    prepare_environment(os.environ)
    from grader.sandbox import Worker

    return Worker.start()


def grade_now(name: str | None, *, submission: Path | None, as_json: bool, seed: str | None) -> int:
    """Grade one assignment, one task, or all that was touched; the exit code says the outcome."""
    worker = start_worker()
    try:
        from grader.content.course import load_course
        from grader.content.workspace import find_workspace

        workspace = find_workspace(Path.cwd())
        course = load_course(workspace.course_file)
        grading = Graders(workspace, course, worker, seed)
        if name is None:
            from grader.cli.overview import grade_touched

            return grade_touched(grading, as_json=as_json)
        return grading.one(name, submission, as_json=as_json)
    finally:
        worker.close()
