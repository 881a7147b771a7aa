"""A twin of the grading process takes every other task, so that two cores grade one submission.

The twin is a fork: it holds the same hidden side, and one session of its own. It only tells
which tasks passed as a whole. Whatever else happens there (a failed check, a hang, a crash) is
left to the first process, which runs that task itself, so no verdict hangs on the twin.
"""

from __future__ import annotations

import json
import os
import select
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec

# How long the first process waits for a task that the twin still works on.
PATIENCE = 0.5


class Passed(NamedTuple):
    """One check that passed in the twin."""

    notes: tuple[str, ...]
    stdout: str


# Runs the task of this number; None where it did not pass as a whole.
RunTask = Callable[[int], Sequence[Passed] | None]


class _Queue(msgspec.Struct, frozen=True):
    """Numbers of tasks in a pipe: whoever reads one, in whichever process, has taken it."""

    reading: int

    @classmethod
    def of(cls, count: int) -> _Queue:
        reading, writing = os.pipe()
        os.write(writing, bytes(range(count)))
        os.close(writing)
        return cls(reading)

    def __iter__(self) -> Iterator[int]:
        while taken := os.read(self.reading, 1):
            yield taken[0]


def run_with_twin(
    count: int, run_here: Callable[[int], None], run_there: RunTask
) -> dict[int, list[Passed]]:
    """Run tasks in two processes; what passed in the twin, by the number of the task.

    Parameters
    ----------
    count : int
        How many tasks there are; at most 255.
    run_here : callable
        Runs a task in this process, and keeps what came of it.
    run_there : callable
        Runs a task in the twin.
    """
    queue = _Queue.of(count)
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _be_the_twin(queue, writing, run_there)
    os.close(writing)
    try:
        for number in queue:
            run_here(number)
        return dict(_told(reading))
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(reading)
        os.close(queue.reading)


def _be_the_twin(queue: _Queue, writing: int, run_there: RunTask) -> None:
    from grader.worker.kernel import die_with_parent

    try:
        die_with_parent()
        for number in queue:
            passed = run_there(number)
            if passed is None:
                break
            os.write(writing, json.dumps([number, passed]).encode("ascii") + b"\n")
    finally:
        os._exit(0)


def _told(reading: int) -> Iterator[tuple[int, list[Passed]]]:
    """What the twin tells, until it ends or takes too long."""
    text = b""
    while select.select([reading], [], [], PATIENCE)[0]:
        part = os.read(reading, 1 << 16)
        if not part:
            break
        text += part
    for line in text.split(b"\n")[:-1]:
        number, passed = json.loads(line)
        yield number, [Passed(tuple(notes), stdout) for notes, stdout in passed]
