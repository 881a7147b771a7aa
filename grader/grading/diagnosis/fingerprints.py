"""What every known fault comes to in one call, kept in a table: a search looks only at likely ones.

For one call of a function, the probe, the table holds a few numbers per fault: a projection of each
part of the result, or the error. The learner's function is asked once for the same call. What came
out otherwise there cannot be the learner's fault; what came out alike is tried in full, so that
nothing is named on the word of a table. One that is out of date is not used.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from grader.checking.student import Call
from grader.checking.tolerances import NEXT_TO_NOTHING, SAME_MISTAKE
from grader.content.mistakes import MistakeTexts
from grader.grading.diagnosis.parts import Trace, may_join
from grader.grading.diagnosis.projections import projections

FILE_NAME = "fingerprints.json"

# One number per part of the result, or the error.
Row = list[float] | str
NEVER_ENDS = "never ends"
DOES_NOT_COMPILE = "does not compile"
# What draws at random without a seed comes to something else every time: it is never ruled out.
UNSETTLED = "unsettled"

# Numbers of the table are rounded to nine digits.
WITHIN = 3 * SAME_MISTAKE

# Below this a number is what is left of a difference of equals.
NOISE = 1e-13


class Fingerprints(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table of one function.

    Attributes
    ----------
    of : str
        Digest of the function's text and its catalogue.
    check : str
        The check whose first call of the function is the probe.
    mistakes : dict
        By the entry's id.
    mutants : dict
        By the mutant's place, as ``key_of`` writes it.
    steps : dict
        What the mistakes of the functions that this one calls make of its result, by id.
    """

    of: str
    check: str
    right: list[float]
    mistakes: dict[str, Row]
    mutants: dict[str, Row]
    steps: dict[str, Row] = {}

    def is_in_step(self, right: Any) -> bool:
        """Whether the reference still makes of the probe what the table says."""
        return _are_near(self.right, projections(right, right))

    def same_as(self, other: Fingerprints) -> bool:
        """Whether two tables say the same."""
        if (self.of, self.check) != (other.of, other.check):
            return False
        pairs = (
            (self.mistakes, other.mistakes),
            (self.mutants, other.mutants),
            (self.steps, other.steps),
        )
        return same_row(self.right, other.right) and all(
            list(mine) == list(theirs) and all(map(same_row, mine.values(), theirs.values()))
            for mine, theirs in pairs
        )


def load_fingerprints(folder: Path, function: str) -> Fingerprints | None:
    """The table of one function; None where there is none that can be read."""
    try:
        tables = msgspec.json.decode((folder / FILE_NAME).read_bytes(), type=dict[str, msgspec.Raw])
        return msgspec.json.decode(tables[function], type=Fingerprints)
    except (OSError, KeyError, msgspec.MsgspecError):
        return None


def digest_of(text: str, catalogue: MistakeTexts) -> str:
    """What a table is made from."""
    read = "\0".join((text, *(part for item in catalogue.texts.items() for part in item)))
    return hashlib.sha256(read.encode()).hexdigest()[:32]


def key_of(place: tuple[int, int]) -> str:
    """The place of a mutant, statement and change, as the table writes it."""
    return f"{place[0]}.{place[1]}"


def row_of(call: Call | None, right: Any) -> Row:
    """The fingerprint of how a call ended."""
    if call is None:
        return NEVER_ENDS
    if call.failure is not None:
        return error_of(call)
    found = projections(call.value, right)
    return [float(f"{number:.9g}") if abs(number) > NOISE else 0.0 for number, _ in found]


def same_row(one: Row, other: Row) -> bool:
    """Whether two rows are the same but for the last digits, which differ between machines."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return _are_near(one, [(number, abs(number)) for number in other])


def error_of(call: Call) -> str:
    """The error that a call ended with, and the sizes in it; empty where it ended otherwise.

    Without its words: these change with the version of numpy.
    """
    outcome = getattr(call.failure, "outcome", None)
    kind = getattr(outcome, "type", None)
    if kind is None or outcome is None:
        return ""
    return " ".join([kind, *sorted(re.findall(r"\d+", outcome.message))])


class Narrowing(msgspec.Struct, frozen=True, dict=True):
    """What the table says of the learner's function.

    Parameters
    ----------
    seen : Call
        How the learner's function ended when it was given the probe.
    variables : mapping, optional
        The local variables that it returned with.
    """

    table: Fingerprints
    seen: Call
    right: Any
    variables: Mapping[str, Any] | None = None

    @cached_property
    def shows(self) -> bool:
        """Whether the fault shows in the probe."""
        return not self._is_seen(self.table.right)

    @property
    def mistakes(self) -> frozenset[str]:
        """The entries that may be what the learner did."""
        return frozenset(name for name, row in self.table.mistakes.items() if self._is_seen(row))

    @cached_property
    def mutants(self) -> frozenset[str]:
        """The mutants that may be what the learner did, as ``key_of`` writes their places."""
        return frozenset(key for key, row in self.table.mutants.items() if self._is_seen(row))

    @property
    def steps(self) -> frozenset[str]:
        """The entries of called functions that may be what the learner did in their place."""
        if not self.shows:
            return frozenset()
        return frozenset(name for name, row in self.table.steps.items() if self._is_seen(row))

    def pairs(self) -> list[tuple[str, str]]:
        """Two entries that may be what the learner did, together.

        At least one wrong part must be what one of the two alone makes of it: without that a pair
        is as good as any other.
        """
        traces = {name: self._trace(row) for name, row in self.table.mistakes.items()}
        ids = [name for name, trace in traces.items() if trace is not None]
        return [
            (first, second)
            for place, first in enumerate(ids)
            for second in ids[place + 1 :]
            if may_join(traces[first], traces[second])
            and any(
                as_seen != other_as_seen
                for (_, as_seen), (_, other_as_seen) in zip(
                    traces[first] or (), traces[second] or (), strict=True
                )
            )
        ]

    @cached_property
    def _seen(self) -> list[tuple[float, float]]:
        return projections(self.seen.value, self.right)

    def _is_seen(self, row: Row) -> bool:
        if row == UNSETTLED:
            return True
        if isinstance(row, str) or self.seen.failure is not None:
            return row == error_of(self.seen)
        return len(row) == len(self._seen) and all(
            _near(number, seen, scale)
            for number, (seen, scale) in zip(row, self._seen, strict=True)
        )

    def _trace(self, row: Row) -> Trace | None:
        if isinstance(row, str) or self.seen.failure is not None:
            return None
        places = zip(row, self.table.right, self._seen, strict=True)
        return tuple(
            (_near(number, right, scale), _near(number, seen, scale))
            for number, right, (seen, scale) in places
        )


def _are_near(row: list[float], found: list[tuple[float, float]]) -> bool:
    return len(row) == len(found) and all(
        _near(kept, number, scale) for kept, (number, scale) in zip(row, found, strict=True)
    )


def _near(one: float, other: float, scale: float) -> bool:
    return abs(one - other) <= WITHIN * max(scale, abs(one), NEXT_TO_NOTHING)
