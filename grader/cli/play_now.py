"""Play now: start the worker, load the learner's code, play stage after stage, keep it all."""

from __future__ import annotations

import dataclasses
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.play_order import Order

if TYPE_CHECKING:
    from grader.sandbox import Worker


def play_now(order: Order) -> int:
    """Play what was ordered; the exit code says whether the learner's code could be played."""
    worker = _start_worker()
    try:
        from grader.cli.play_session import PlaySession
        from grader.content.course_file import load_course
        from grader.content.workspace import find_workspace

        workspace = find_workspace(Path.cwd())
        course = load_course(workspace.course_file)
        assignment, _ = course.find(order.name)
        order = dataclasses.replace(order, name=assignment.id)
        with _listening() as interrupted:
            return PlaySession(order, workspace, assignment, worker, interrupted).play()
    finally:
        worker.close()


def _start_worker() -> Worker:
    """Fork the worker before anything hidden is read; see `grader.sandbox.start_worker`."""
    from grader.sandbox.start import prepare_environment
    from grader.sandbox.start_worker import start_worker

    prepare_environment(os.environ)
    from grader.playing.limits import LIMITS

    return start_worker(LIMITS)


@contextmanager
def _listening() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C into a wish that can be asked for; the second one ends everything."""
    heard: list[int] = []

    def hear(number: int, frame: object) -> None:
        heard.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield lambda: bool(heard)
    finally:
        signal.signal(signal.SIGINT, before)
