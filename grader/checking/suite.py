"""Everything hidden that grades one assignment: reference, labels and checks."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import msgspec

from grader.checking.check import Check, checks_in
from grader.checking.labels import Labels
from grader.checking.local_student import LocalStudent
from grader.content.code import Code, Loader
from grader.errors import ContentError, Finding


class Suite(msgspec.Struct, frozen=True):
    """The hidden side of one assignment.

    Attributes
    ----------
    labels : dict
        For each function the names of what it returns, from ``contract.py``.
    loader : Loader
        Resolves further modules of the same folders.
    lock : lock
        Held while the reference computes: checks may run side by side.
    """

    assignment: str
    folder: Path
    code: Code
    labels: dict[str, str | Labels]
    checks: tuple[Check, ...]
    loader: Loader
    lock: AbstractContextManager[Any] = msgspec.field(default_factory=threading.RLock)

    def reference(self) -> LocalStudent:
        """The reference, ready to be called; a new one for every check."""
        return LocalStudent(self.code, self.labels, self.lock)

    def checks_of(self, task: str) -> tuple[Check, ...]:
        """The checks of one task, in the order of their definition."""
        return tuple(check for check in self.checks if check.task == task)


def load_suite(assignment: str, solutions: Path, exercises: Path, stubs: Sequence[str]) -> Suite:
    """Load the hidden side of an assignment.

    Parameters
    ----------
    solutions, exercises : Path
        The assignment's own folder in each.
    stubs : sequence of str
        File names of the stubs; the reference has the same.

    Raises
    ------
    ContentError
        Where a file is missing, does not run, or two checks have one name.
    """
    loader = Loader((solutions, exercises), assignment)
    code = Code({_stem(stub): loader.load(_stem(stub)).__dict__ for stub in stubs})
    labels: dict[str, Any] = {}
    if loader.find("contract") is not None:
        labels = loader.load("contract").RETURNS
    checks: list[Check] = []
    for path in sorted(solutions.glob("checks*.py")):
        checks += checks_in(loader.load(path.stem).__dict__, str(path))
    _reject_twins(checks)
    return Suite(assignment, solutions, code, labels, tuple(checks), loader)


def _stem(stub: str) -> str:
    return stub.removesuffix(".py")


def _reject_twins(checks: Sequence[Check]) -> None:
    first: dict[str, Check] = {}
    findings = []
    for check in checks:
        twin = first.setdefault(check.id, check)
        if twin is not check:
            message = f"a second check named {check.id}; the first is in {twin.file}"
            findings.append(Finding(check.file, check.first_line, "unique-check", message))
    if findings:
        raise ContentError(findings)
