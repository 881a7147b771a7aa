"""Jobs of several groups, a few at a time; of each group the first comes before the others."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

# What the first result of a group settles for the others; None where they have to be done.
Follow = Callable[[Result, Sequence[Job]], Sequence[Result] | None]


def side_by_side(
    groups: Sequence[Sequence[Job]],
    carry_out: Callable[[Job], Result],
    follow: Callable[[Result, Sequence[Job]], Sequence[Result] | None],
    lanes: int,
) -> list[list[Result]]:
    """The results of every group in the order of its jobs.

    Parameters
    ----------
    follow : callable
        Given a group's first result and its other jobs: their results, where the first settles
        them, or None where they have to be done.
    lanes : int
        How many jobs may be under way at once.
    """
    work = _Work(groups, carry_out, follow)
    helpers = [threading.Thread(target=work.drive, daemon=True) for _ in range(lanes - 1)]
    for helper in helpers:
        helper.start()
    work.drive()
    for helper in helpers:
        helper.join()
    return work.results()


class _Work(Generic[Job, Result]):
    """The jobs that wait, and the results that are there; used by several threads."""

    def __init__(
        self,
        groups: Sequence[Sequence[Job]],
        carry_out: Callable[[Job], Result],
        follow: Callable[[Result, Sequence[Job]], Sequence[Result] | None],
    ) -> None:
        self._groups = groups
        self._carry_out = carry_out
        self._follow = follow
        self._found: list[dict[int, Result]] = [{} for _ in groups]
        self._ready = deque((number, 0) for number, group in enumerate(groups) if group)
        self._first_under_way = 0
        self._changed = threading.Condition()
        self._problem: BaseException | None = None

    def drive(self) -> None:
        """Do one job after the other until nothing is left, or something went wrong."""
        try:
            while (place := self._take()) is not None:
                group, index = place
                self._keep(group, index, self._carry_out(self._groups[group][index]))
        except BaseException as problem:  # raised again in the thread that asked
            with self._changed:
                self._problem = self._problem or problem
                self._changed.notify_all()

    def results(self) -> list[list[Result]]:
        """All results; raises what went wrong in any thread."""
        if self._problem is not None:
            raise self._problem
        return [[found[index] for index in sorted(found)] for found in self._found]

    def _take(self) -> tuple[int, int] | None:
        with self._changed:
            # A first job that is under way may still bring others.
            while not self._ready and self._first_under_way and self._problem is None:
                self._changed.wait()
            if not self._ready or self._problem is not None:
                return None
            place = self._ready.popleft()
            self._first_under_way += place[1] == 0
            return place

    def _keep(self, group: int, index: int, result: Result) -> None:
        with self._changed:
            self._found[group][index] = result
            if index == 0:
                self._first_under_way -= 1
                self._go_on(group, result)
                self._changed.notify_all()

    def _go_on(self, group: int, first: Result) -> None:
        others = self._groups[group][1:]
        settled = self._follow(first, others)
        if settled is None:
            self._ready.extendleft((group, index) for index in range(len(others), 0, -1))
        else:
            self._found[group].update(enumerate(settled, start=1))
