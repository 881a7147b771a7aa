"""Every error that a person may read, in one tree.

UnrollError                 a sentence for a person; never a traceback
├── ContentError            course files with mistakes: all findings at once
├── SubmissionError         a submission that cannot be read, and what to do
├── UsageError              a command asked for something that does not exist
└── EnvironmentProblem      this machine cannot do what was asked
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class UnrollError(Exception):
    """Something a person can mend; the message says how."""


class Finding(NamedTuple):
    """One mistake in a course file: where, which rule, what to do."""

    file: str
    line: int
    rule: str
    message: str
    mend: str = ""

    def __str__(self) -> str:
        mend = f" ({self.mend})" if self.mend else ""
        return f"{self.file}:{self.line}: {self.message}{mend} [{self.rule}]"


class ContentError(UnrollError):
    """Course files that break their format; carries every finding, not the first."""

    def __init__(self, findings: Sequence[Finding] | str) -> None:
        self.findings: tuple[Finding, ...] = () if isinstance(findings, str) else tuple(findings)
        super().__init__(findings if isinstance(findings, str) else "\n".join(map(str, findings)))


class SubmissionError(UnrollError):
    """A submission that cannot be read; says why and what to do."""


class UsageError(UnrollError):
    """A command that names something the course does not have."""


class EnvironmentProblem(UnrollError):
    """This machine lacks something that the command needs."""
