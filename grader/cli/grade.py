"""``grade`` as a program: the grading process is on its way before anything else is loaded."""

from __future__ import annotations

import gc
import os
import sys

from grader.cli.plain_words import PlainOrder, plain_order

TYPE_CHECKING = False  # what `typing` calls so, without loading it before the fork
if TYPE_CHECKING:
    from grader.grading.grading_process import GradingProcess


def main() -> None:
    """Run ``grade`` as a program."""
    gc.disable()  # a short life, in which hardly anything becomes garbage
    order = plain_order(sys.argv[1:])
    if order is None:
        sys.exit(_read_by_click())
    early = _started_early()
    try:
        code = _asked(order, early)
    finally:
        if early is not None:
            early.close()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:  # whoever read has seen enough
        code = code or 1
    os._exit(code)  # taking every module apart once more would cost more than it frees


def _started_early() -> GradingProcess | None:
    """The process that will grade, where the system can fork."""
    if not sys.platform.startswith("linux"):
        return None
    from grader.grading.grading_process import GradingProcess
    from grader.lean_start import load_msgspec

    load_msgspec()  # both processes need it
    return GradingProcess.start()


def _asked(order: PlainOrder, early: GradingProcess | None) -> int:
    """Grade what the plain words ask for; they need none of click."""
    from pathlib import Path

    from grader.cli.endings import ended
    from grader.cli.grade_now import grade_now

    return ended(
        lambda: grade_now(
            order.name,
            submission=None if order.submission is None else Path(order.submission),
            as_json=order.as_json,
            seed=order.seed,
            early=early,
        )
    )


def _read_by_click() -> int:
    from grader.cli.grade_command import grade
    from grader.cli.guard import outcome

    return outcome(grade)
