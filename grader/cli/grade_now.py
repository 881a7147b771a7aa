"""Grade now: read the course and what was handed in; a grading process gets ready meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.grader import start_grader

if TYPE_CHECKING:
    from grader.cli.grader import Grader


def grade_now(
    name: str | None,
    *,
    submission: Path | None,
    as_json: bool,
    seed: str | None,
    early: Grader | None = None,
) -> int:
    """Grade one assignment, one task, or all that was touched; the exit code says the outcome.

    Parameters
    ----------
    early : Grader or None
        One that was started before and is closed by whoever did.
    """
    grader = early or start_grader()
    try:
        from grader.cli.graders import Graders
        from grader.content.course_cache import cached_course
        from grader.content.workspace import find_workspace

        workspace = find_workspace(Path.cwd())
        course = cached_course(workspace.course_file)
        grading = Graders(workspace, course, grader, seed)
        if name is None:
            from grader.cli.overview import grade_touched

            return grade_touched(grading, as_json=as_json)
        return grading.one(name, submission, as_json=as_json)
    finally:
        if early is None:
            grader.close()
