"""What a snippet of a ``trace`` question prints: found by running it, apart from us.

The snippet runs in the sandboxed worker that also runs the code of learners: limits on time and
memory, no files, no network. One worker serves all the snippets of a process.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from grader.errors import ContentError

if TYPE_CHECKING:
    from grader.sandbox import Outcome, Worker

SECONDS = 4.0  # of processor time for one snippet
LONGEST = 2000  # characters that are kept of what is printed
SESSION = 200  # snippets that share one process
_RUNNER = """
def print_it(code):
    exec(compile(code, "<question>", "exec"), {"__name__": "__question__"})
"""


class TraceFailedError(ContentError):
    """The code of a question does not run."""


class Tracer:
    """Runs snippets and remembers what they printed."""

    def __init__(self) -> None:
        self._printed: dict[str, tuple[bool, str]] = {}
        self._worker: Worker | None = None
        self._ending: weakref.finalize[..., Tracer] | None = None

    def prepare(self, jobs: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Run many snippets one after the other; what fails is told when it is asked for."""
        sources = dict.fromkeys(source_of(code, variables) for code, variables in jobs)
        todo = [source for source in sources if source not in self._printed]
        if todo:
            self._printed.update(zip(todo, _run(self._started(), todo), strict=True))

    def run(self, code: str, variables: Mapping[str, Any]) -> str:
        """What `code` prints with `variables` set before it.

        Raises
        ------
        TraceFailedError
            When it raises, or takes too long.
        """
        source = source_of(code, variables)
        if source not in self._printed:
            self._printed[source] = _run(self._started(), [source])[0]
        fine, text = self._printed[source]
        if not fine:
            raise TraceFailedError(f"The code of the question does not run: {text}")
        return text

    def close(self) -> None:
        """End the worker; the next snippet would start another."""
        if self._ending is not None:
            self._ending()
        self._worker = self._ending = None

    def _started(self) -> Worker:
        """The worker, started for the first snippet and ended with the tracer or the process."""
        if self._worker is None:
            from grader.sandbox import Bundle, Limits, Module, Worker

            together = int(SESSION * SECONDS) + 1
            limits = Limits(stdout_characters=LONGEST, session_seconds=together)
            self._worker = Worker.start(limits, fresh=True)
            self._ending = weakref.finalize(self, self._worker.close)
            self._worker.begin_load(Bundle((Module("question", (("question", _RUNNER),)),)))
            self._worker.finish_load()
        return self._worker


def source_of(code: str, variables: Mapping[str, Any]) -> str:
    """The program that is shown and run: the variables as first lines, then the code."""
    lines = [f"{name} = {value!r}\n" for name, value in variables.items()]
    return "".join(lines) + code


def _run(worker: Worker, sources: list[str]) -> list[tuple[bool, str]]:
    replies: list[tuple[bool, str]] = []
    while len(replies) < len(sources):
        with worker.session() as session:
            for source in sources[len(replies) :][:SESSION]:
                replies.append(_reply(session.call("print_it", [source], cpu_seconds=SECONDS)))
                if session.is_over:
                    break
    return replies


def _reply(outcome: Outcome) -> tuple[bool, str]:
    from grader.sandbox import Raised, Returned, TimedOut

    if isinstance(outcome, Returned):
        return True, outcome.stdout[:LONGEST]
    if isinstance(outcome, Raised):
        return False, f"{outcome.type}: {outcome.message}"[:300]
    if isinstance(outcome, TimedOut):
        return False, f"it took longer than {outcome.seconds:g} seconds"
    return False, "it ended its interpreter or broke a limit"


@cache
def process_tracer() -> Tracer:
    """The tracer that this process shares, so that nothing runs twice."""
    return Tracer()


def run_trace(code: str, variables: Mapping[str, Any]) -> str:
    """What `code` prints; see ``Tracer.run``."""
    return process_tracer().run(code, variables)
