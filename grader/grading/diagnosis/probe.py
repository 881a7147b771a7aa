"""The call in which every known fault was tried beforehand."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checking.local_student import LocalStudent
from grader.checking.student import Call
from grader.checking.suite import Suite
from grader.grading.task_run import seeds_of

# The draw of the probe; that of a report is another.
SEED = 20


class _FoundError(Exception):
    """The probe is recorded: the rest of the check need not be run."""


class _Recorder(LocalStudent):
    """The reference, until it is called directly by the wanted name."""

    def __init__(self, suite: Suite, wanted: str) -> None:
        super().__init__(suite.code, suite.labels, suite.lock)
        self._wanted = wanted

    def _made(self, call: Call) -> Any:
        value = super()._made(call)
        if call.function == self._wanted and not call.watched:
            raise _FoundError
        return value


def probe_of(suite: Suite, function: str, check: str) -> Call | None:
    """The first direct call of ``function`` in a check, made of the reference.

    None where there is no such check, or it makes no such call.
    """
    found = next((one for one in suite.checks_of(function) if one.id == check), None)
    if found is None:
        return None
    student = _Recorder(suite, function)
    rng = np.random.default_rng(seeds_of(SEED, found))
    try:
        found.run({"student": student, "reference": suite.reference(), "rng": rng})
    except _FoundError:
        return student.last
    return None
