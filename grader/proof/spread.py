"""Spread work over processes, and say how far it is."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")
Told = Callable[[int, int], None]

# The work of the pool that is about to be forked: a closure cannot be sent to a process.
_WORK: list[Callable[..., Any]] = []


def untold(done: int, of_all: int) -> None:
    """Say nothing of the progress."""


def spread(
    work: Callable[[Job], Result],
    jobs: Sequence[Job],
    processes: int,
    told: Told = untold,
) -> list[Result]:
    """Do all jobs, in forked processes where there are several; results in the jobs' order.

    ``work`` may be a closure: the processes inherit it by the fork. Jobs begin in their order.

    Parameters
    ----------
    told : callable, optional
        Told how many of how many jobs are done, after each.
    """
    if processes <= 1 or len(jobs) <= 1:
        return list(_one_by_one(work, jobs, told))
    _WORK.append(work)
    pool = ProcessPoolExecutor(processes, mp_context=get_context("fork"), initializer=_deaf)
    try:
        futures = [pool.submit(_do, job) for job in jobs]
        return _gathered(futures, told)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        _WORK.pop()


def _one_by_one(work: Callable[[Job], Result], jobs: Sequence[Job], told: Told) -> Iterator[Result]:
    for number, job in enumerate(jobs, 1):
        yield work(job)
        told(number, len(jobs))


def _gathered(futures: Sequence[Future[Any]], told: Told) -> list[Any]:
    for number, future in enumerate(as_completed(futures), 1):
        future.result()  # the first error ends it all
        told(number, len(futures))
    return [future.result() for future in futures]


def _deaf() -> None:
    """Ctrl-C ends the first process; it then lets go of this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _do(job: Any) -> Any:
    return _WORK[-1](job)
