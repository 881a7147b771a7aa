"""Work over processes, limits of processor time, and how progress is told."""

from __future__ import annotations

import io
import time

import pytest

from grader.checking.time_limit import TooLongError, time_limit
from grader.proof.spread import spread
from grader.views.console import make_console
from grader.views.proof_view import ProofProgress


def endless() -> None:
    while True:
        pass


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_the_order_of_the_jobs(processes: int) -> None:
    told: list[tuple[int, int]] = []
    offset = 10  # a closure: the processes inherit it
    found = spread(lambda job: job + offset, [1, 2, 3], processes, lambda *how: told.append(how))
    assert found == [11, 12, 13]
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_in_one_job_ends_all(processes: int) -> None:
    with pytest.raises(ZeroDivisionError):
        spread(lambda job: 1 // job, [1, 0, 2, 3], processes)


def test_endless_code_is_stopped() -> None:
    with pytest.raises(TooLongError, match=r"no end within 0\.05 s"), time_limit(0.05):
        endless()


def test_a_limit_inside_a_limit_leaves_the_outer_one() -> None:
    def inner_then_endless() -> None:
        with time_limit(5):
            pass
        endless()

    with pytest.raises(TooLongError, match=r"within 0\.1 s"), time_limit(0.1):
        inner_then_endless()


def test_waiting_takes_no_processor_time() -> None:
    with time_limit(0.1):
        time.sleep(0.2)


def test_progress_is_a_line_a_minute_where_there_is_no_terminal() -> None:
    seconds = iter([0.0, 30.0, 70.0, 80.0])
    stream = io.StringIO()
    progress = ProofProgress(make_console(stream), lambda: next(seconds))
    for done in range(1, 5):
        progress.told("mistakes", done, 12)
    assert stream.getvalue() == "  mistakes: 3 of 12, about 4 min left\n"
