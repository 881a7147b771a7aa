"""``grade`` as a program: the grading process is on its way before the command is even read."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.grading.grading_process import GradingProcess

# With these alone something will be graded; a wrong guess only costs a process that is ended.
_GRADING_OPTIONS = frozenset({"--submission", "-s", "--json", "--seed"})


def main() -> None:
    """Run ``grade`` as a program."""
    gc.disable()  # a short life, in which hardly anything becomes garbage
    early = _started_early(sys.argv[1:])
    from grader.cli.grade_command import grade
    from grader.cli.guard import run

    run(grade, obj=early, after=None if early is None else early.close)


def _started_early(words: Sequence[str]) -> GradingProcess | None:
    """The process that will grade, where the words say so and the system can fork."""
    options = {word.partition("=")[0] for word in words if word.startswith("-")}
    if not sys.platform.startswith("linux") or not options <= _GRADING_OPTIONS:
        return None
    from grader.grading.grading_process import GradingProcess

    return GradingProcess.start()
