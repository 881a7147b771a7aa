"""The child of `grading_process`: start the worker, load what grading needs, obey orders."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

from grader.lean_start import load_numpy
from grader.sandbox.start import prepare_environment

if TYPE_CHECKING:
    from grader.grading.messages import Connection
    from grader.sandbox import Worker


def serve(connection: Connection) -> None:
    """Grade every order that comes, until the parent hangs up or dies."""
    gc.disable()  # nothing that is made while starting is ever garbage
    prepare_environment(os.environ)
    # The engine's code, which is no secret, comes before the fork of the worker: afterwards
    # every page that an import touches would have to be copied.
    load_numpy()  # measured: 30 ms later where it comes last
    import grader.grading.session  # noqa: F401
    from grader.sandbox.start_worker import start_worker

    worker = start_worker()
    collect_seldom()
    try:
        _obey(connection, worker)
    finally:
        worker.close()


def collect_seldom() -> None:
    """Look for garbage again, but seldom: syntax trees and arrays that are in use look like it."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


def _obey(connection: Connection, worker: Worker) -> None:
    from grader.grading.bundle import begin_load
    from grader.grading.messages import ERROR, YES
    from grader.grading.order import read_order
    from grader.grading.session import grade_begun
    from grader.results import to_json
    from grader.worker.kernel import die_with_parent

    die_with_parent()
    while text := connection.receive():
        try:
            order = read_order(text)
            begin_load(order, worker)
            report = grade_begun(order, worker, lambda: connection.receive() == YES)
            if connection.has_heard_all():
                worker.hang_up()  # the keeper ends everything while the report is written
            answer = to_json(report)
        except Exception as problem:
            from grader.grading.carried_errors import carried

            answer = ERROR + carried(problem)
        connection.send(answer)
