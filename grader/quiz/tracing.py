"""What a snippet of a ``trace`` question prints: found by running it, apart from us.

The snippet runs in a fresh, isolated interpreter (``python -I``) with limits on time, memory
and files. Content is reviewed, so this guards against slips (endless loops), not attackers.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from grader.errors import ContentError

SECONDS = 10  # cold numpy on a busy machine included
_RUNNER = """
import contextlib, io, json, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, (8, 8))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
except (ImportError, ValueError, OSError):
    pass
for line in sys.stdin:
    code, printed = json.loads(line), io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "<question>", "exec"), {"__name__": "__question__"})
        reply = [True, printed.getvalue()[:2000]]
    except BaseException as error:
        reply = [False, f"{type(error).__name__}: {error}"[:300]]
    sys.stdout.write(json.dumps(reply) + "\\n")
    sys.stdout.flush()
"""


class TraceFailedError(ContentError):
    """The code of a question does not run."""


class Tracer:
    """Runs snippets and remembers what they printed."""

    def __init__(self) -> None:
        self._printed: dict[str, tuple[bool, str]] = {}

    def prepare(self, jobs: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Run many snippets in one interpreter; what fails is told when it is asked for."""
        sources = dict.fromkeys(source_of(code, variables) for code, variables in jobs)
        todo = [source for source in sources if source not in self._printed]
        for start in range(0, len(todo), 200):
            batch = todo[start : start + 200]
            self._printed.update(zip(batch, _run(batch), strict=True))

    def run(self, code: str, variables: Mapping[str, Any]) -> str:
        """What `code` prints with `variables` set before it.

        Raises
        ------
        TraceFailedError
            When it raises, or takes longer than ten seconds.
        """
        source = source_of(code, variables)
        if source not in self._printed:
            self._printed[source] = _run([source])[0]
        fine, text = self._printed[source]
        if not fine:
            raise TraceFailedError(f"The code of the question does not run: {text}")
        return text


def source_of(code: str, variables: Mapping[str, Any]) -> str:
    """The program that is shown and run: the variables as first lines, then the code."""
    lines = [f"{name} = {value!r}\n" for name, value in variables.items()]
    return "".join(lines) + code


def _run(sources: list[str]) -> list[tuple[bool, str]]:
    jobs = "".join(json.dumps(source) + "\n" for source in sources)
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-c", _RUNNER],
                input=jobs, capture_output=True, text=True, cwd=folder, check=False,
                env={"OPENBLAS_NUM_THREADS": "1"}, timeout=SECONDS,
            )  # fmt: skip
            output = done.stdout
        except subprocess.TimeoutExpired as late:
            output = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
    replies = [tuple(json.loads(line)) for line in output.splitlines() if line.endswith("]")]
    missing = (False, "it took too long, or ended its interpreter")
    return [(bool(r[0]), str(r[1])) for r in replies] + [missing] * (len(sources) - len(replies))


@cache
def process_tracer() -> Tracer:
    """The tracer that this process shares, so that nothing runs twice."""
    return Tracer()


def run_trace(code: str, variables: Mapping[str, Any]) -> str:
    """What `code` prints; see ``Tracer.run``."""
    return process_tracer().run(code, variables)
