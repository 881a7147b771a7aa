"""A second trusted process that grades, started before anything else is known.

Importing numpy, starting the worker and loading the hidden side take as long as everything that
this process has to do first: read the command, the course and the submission. So a child does
the former while its parent does the latter, and then gets its orders as text over a socket.

The child is forked when nothing hidden has been read, and starts the worker before it reads any
order: the worker holds no secret.
"""

from __future__ import annotations

import os
import sys

from grader.grading.messages import ERROR, NO, YES, Connection, connected

TYPE_CHECKING = False  # what `typing` calls so, without loading it before the fork
if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.grading.order import Order
    from grader.results import Report


class GradingProcess:
    """Grades orders in a process of its own; see `start`."""

    def __init__(self, pid: int, connection: Connection) -> None:
        self._pid = pid
        self._connection = connection

    @classmethod
    def start(cls) -> GradingProcess:
        """Fork the child now; it prepares itself while the caller goes on."""
        ours, theirs = connected()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            ours.close()
            _become_grader(theirs)
        theirs.close()
        return cls(pid, ours)

    def grade(self, order: Order, traceless: Callable[[], bool], *, last: bool = False) -> Report:
        """Have one submission graded.

        Parameters
        ----------
        traceless : callable
            Whether no call of the submission's functions leaves anything behind; found out
            while the child loads the submission.
        last : bool
            No other order will come: the child ends what it started once it has answered, while
            the report is shown.

        Raises
        ------
        UnrollError
            What grading raised; see `grader.errors`.
        EnvironmentProblem
            Where the child has ended without an answer.
        """
        from grader.errors import EnvironmentProblem
        from grader.grading.order import written
        from grader.results import from_json

        try:
            self._connection.send(written(order))
            self._connection.send(YES if traceless() else NO)
            if last:
                self._connection.finish()
            answer = self._connection.receive()
        except OSError as error:
            raise EnvironmentProblem(f"the grading process is gone: {error}") from error
        if not answer:
            raise EnvironmentProblem("the grading process ended without an answer")
        if answer[:1] == ERROR:
            from grader.grading.carried_errors import carried_error

            raise carried_error(answer[1:])
        return from_json(answer)

    def close(self) -> None:
        """Hang up, and wait until the child has ended everything it started."""
        self._connection.close()
        try:
            os.waitpid(self._pid, 0)
        except ChildProcessError:
            return


def _become_grader(connection: Connection) -> None:
    try:
        from grader.grading.grading_child import serve

        serve(connection)
    except KeyboardInterrupt:
        os._exit(130)
    except BrokenPipeError:
        os._exit(1)
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(3)
    os._exit(0)
