"""What a proof found: figures for the table, and findings with file and line."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.errors import Finding


@dataclass(frozen=True)
class Row:
    """One line of the table: what was asked of how many, and how many kept the promise.

    Attributes
    ----------
    needed : float
        The share that must hold.
    """

    assignment: str
    claim: str
    held: int
    asked: int
    needed: float = 1.0
    findings: tuple[Finding, ...] = field(default=())
    remark: str = ""

    @property
    def share(self) -> float:
        """The share that held; one where nothing was asked."""
        return self.held / self.asked if self.asked else 1.0

    @property
    def kept(self) -> bool:
        """Whether the promise is kept, with nothing to mend."""
        return self.share >= self.needed and not self.findings


@dataclass(frozen=True)
class Proof:
    """All rows of one run."""

    rows: tuple[Row, ...]

    @property
    def kept(self) -> bool:
        """Whether every promise is kept."""
        return all(row.kept for row in self.rows)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is to be mended."""
        return tuple(finding for row in self.rows for finding in row.findings)
