"""What a learner handed in, read but never run: the records that intake gives to the grader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

import msgspec

Policy = Literal["run", "definitions"]


class Place(NamedTuple):
    """Where something stands, in words a learner can follow: `lstm.py`, line 88."""

    display: str
    line: int


class Unit(msgspec.Struct, frozen=True):
    """A piece of source that is executed in one go: a file, or a code cell of a notebook.

    Line ``k`` of `source` is line ``first_line + k - 1`` of what `display` names. Lines that
    cannot be Python (notebook commands, definitions with a syntax error) have been replaced by
    `pass` or left empty, so the numbers are those the learner sees.
    """

    display: str
    source: str
    cell: int | None
    first_line: int


class SourceModule(msgspec.Struct, frozen=True):
    """A file of the submission: its units share one namespace.

    `policy` is "run" for an ordinary module and "definitions" for a notebook or the export of
    one, where statements that are no definitions (training, plots) need not succeed.
    `entry` tells whether functions to be graded are taken from it; the others are there to be
    imported under `name`. A name with a dot in it cannot be imported, on purpose.
    `made` names what must be assigned under "definitions" too, because a function to be graded
    is made so.
    """

    name: str
    units: tuple[Unit, ...]
    policy: Policy
    entry: bool
    made: tuple[str, ...] = ()


class SyntaxProblem(msgspec.Struct, frozen=True):
    """A place that is no Python, and the wanted functions that were lost with it."""

    display: str
    line: int
    text: str
    message: str
    functions: tuple[str, ...]

    def sentence(self) -> str:
        """Return the problem as one line for the learner."""
        lost = f" (in {', '.join(self.functions)})" if self.functions else ""
        return f"{self.display}, line {self.line}{lost}: {self.message}: {self.text.strip()}"


class Submission(msgspec.Struct, frozen=True):
    """Everything that was read from one path.

    `found` and `missing` divide the wanted functions, in the order in which they were wanted;
    `owners` names the module of every found one; `not_started` are those found ones that are
    still stubs. A function lost to a syntax error is missing, and named in `errors`.
    `digest` is the sha256 of the code (not of the outputs of a notebook).
    """

    name: str
    modules: tuple[SourceModule, ...]
    found: Mapping[str, Place]
    owners: Mapping[str, str]
    missing: tuple[str, ...]
    not_started: tuple[str, ...]
    errors: tuple[SyntaxProblem, ...]
    notes: tuple[str, ...]
    digest: str
