"""What grades an order: a second process where one can be forked, else this one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from grader.grading.order import Order
    from grader.results import Report


class Grader(Protocol):
    """Whatever grades an order."""

    def grade(self, order: Order, traceless: Callable[[], bool], *, last: bool = False) -> Report:
        """Grade one submission; `traceless` tells whether its calls leave anything behind.

        After the `last` one no other may be asked for.
        """

    def close(self) -> None:
        """End everything that was started."""


class GraderHere:
    """Grades in this process, where a second one cannot be forked."""

    def __init__(self) -> None:
        from grader.sandbox.start_worker import start_worker

        self._worker = start_worker()

    def grade(self, order: Order, traceless: Callable[[], bool], *, last: bool = False) -> Report:
        """Grade one submission."""
        from grader.grading.session import grade_order

        return grade_order(order, self._worker, traceless)

    def close(self) -> None:
        """End the worker."""
        self._worker.close()


def start_grader() -> Grader:
    """Start what grades; before anything hidden is read."""
    if not sys.platform.startswith("linux"):
        return GraderHere()
    from grader.grading.grading_process import GradingProcess

    return GradingProcess.start()
