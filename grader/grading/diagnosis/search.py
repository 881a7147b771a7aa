"""Find the mistake whose footprint is exactly the learner's.

Single entries of the catalogue first, then every mutant of the reference, then pairs of
entries. Nothing is named that does not reproduce every recorded call.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import process_time
from types import CodeType
from typing import TypeVar

from grader.checking.mutants import Mutant, mutants_of
from grader.checking.suite import Suite
from grader.checking.time_limit import TooLongError, time_limit
from grader.content.code import Code
from grader.content.edits import Edit, EditError, FunctionText, replaced
from grader.content.intake.source_names import names_in
from grader.content.mistakes import Catalogue, Mistake
from grader.grading.diagnosis.evidence import Evidence, again, fits, wrong_parts
from grader.grading.diagnosis.influence import Influence

# Processor time; beyond it a learner waits for a message that grows no better.
SECONDS = 0.045

# A mutant's loop may never end; the reference's functions need a few milliseconds.
SECONDS_PER_CANDIDATE = 0.25
TIES = 3

# Changes of a loop or a branch as a whole; they belong to no variable.
TOLD_WITHOUT_VARIABLE = frozenset({"loop", "order", "condition", "comparison"})

Candidate = TypeVar("Candidate")


@dataclass(frozen=True)
class Explanation:
    """What would produce exactly the learner's output.

    Attributes
    ----------
    ids : tuple of str
        Entries of the catalogue, or ``mutant:<kind>``.
    together : bool
        Whether the ids are one combination; otherwise they are alternatives.
    variables : tuple of str
        Names in the reference where the fault sits.
    code : CodeType
        The function that was shown to do the same.
    begun_wrong : frozenset of str
        Those of the variables whose first assignment is the faulty one, of several.
    """

    ids: tuple[str, ...]
    tells: tuple[str, ...]
    together: bool
    variables: tuple[str, ...]
    code: CodeType
    begun_wrong: frozenset[str] = frozenset()


def explain(
    evidence: Evidence,
    catalogue: Catalogue,
    functions: Mapping[str, FunctionText],
    suite: Suite,
    *,
    clock: Callable[[], float] = process_time,
    seconds: float = SECONDS,
) -> Explanation | None:
    """The explanation of a footprint, or None where none was shown.

    Parameters
    ----------
    functions : dict
        The texts of the reference's functions.
    seconds : float
        Processor time for mutants and pairs; single entries are always tried.
    """
    if evidence.empty or evidence.function not in functions:
        return None
    text = functions[evidence.function]
    entries = catalogue.of(evidence.function)
    search = _Search(evidence, suite, clock, clock() + seconds)
    singles = _Search(evidence, suite, clock, clock() + 10 * SECONDS).matching(
        _compiled(text, entries)
    )
    if singles:
        return _of_entries(singles, text)
    if evidence.raised:  # the error itself says more than a guess about its cause
        return None
    for mutants in _mutants(text, evidence, suite):
        matching = search.matching(
            (mutant, mutant.code) for mutant in mutants if _worth_telling(mutant)
        )
        if matching:
            return _of_mutants([mutant for mutant, _ in matching])
    pairs = search.matching(_pairs(text, entries), most=1)
    if pairs:
        (first, second), code = pairs[0]
        return Explanation(
            (first.id, second.id),
            (first.tells, second.tells),
            True,
            first.variables + second.variables,
            code,
        )
    return None


@dataclass(frozen=True)
class _Search:
    """One search with its evidence and its deadline."""

    evidence: Evidence
    suite: Suite
    clock: Callable[[], float]
    deadline: float

    def matching(
        self, candidates: Iterable[tuple[Candidate, CodeType]], most: int = TIES
    ) -> list[tuple[Candidate, CodeType]]:
        """The candidates that leave exactly the footprint, in their order."""
        found: list[tuple[Candidate, CodeType]] = []
        function = self.evidence.function
        for candidate, code in candidates:
            if self.clock() > self.deadline or len(found) >= most:
                break
            if self._fits(self.suite.code.with_function(function, code)):
                found.append((candidate, code))
        return found

    def _fits(self, code: Code) -> bool:
        try:
            with time_limit(SECONDS_PER_CANDIDATE):
                return fits(self.evidence, code, self.suite)
        except TooLongError:
            return False


def _worth_telling(mutant: Mutant) -> bool:
    """Whether a mutant's sentence would mean something in code that is written differently."""
    if mutant.variable is None:
        return mutant.kind in TOLD_WITHOUT_VARIABLE
    return mutant.kind != "dropped-call" or "append" not in mutant.tells


def compiled(text: FunctionText, changes: Sequence[Edit]) -> CodeType:
    """The edited function, compiled."""
    return compile(replaced(text, changes), f"<{text.name}>", "exec")


def _compiled(text: FunctionText, entries: Sequence[Mistake]) -> Iterator[tuple[Mistake, CodeType]]:
    """The entries that still apply to the reference; `teach check` speaks of the others."""
    for entry in entries:
        try:
            yield entry, compiled(text, entry.changes)
        except (EditError, SyntaxError):
            continue


def _mutants(text: FunctionText, evidence: Evidence, suite: Suite) -> Iterator[Iterator[Mutant]]:
    """The mutants that change just what is wrong, then those that may change more, too."""
    wrong = _wrong(evidence, suite)
    influence = Influence(text.text)

    def reach(variable: str | None) -> frozenset[str] | None:
        return influence.reach(variable) if wrong else None

    def near(variable: str | None) -> bool:
        parts = reach(variable)
        return parts is not None and parts == wrong

    def far(variable: str | None) -> bool:
        parts = reach(variable)
        return parts is None or (parts > wrong)

    yield mutants_of(text.text, text.name, near)
    yield mutants_of(text.text, text.name, far)


def _wrong(evidence: Evidence, suite: Suite) -> frozenset[str]:
    """The parts of the result that are wrong in the first failing call."""
    for call in evidence.calls:
        if call.failure is None:
            right = again(suite.reference(), call)
            wrong = frozenset(wrong_parts(call.value, right.value))
            if wrong:
                return wrong
    return frozenset()


def _pairs(
    text: FunctionText, entries: Sequence[Mistake]
) -> Iterator[tuple[tuple[Mistake, Mistake], CodeType]]:
    for first, second in itertools.combinations(entries, 2):
        try:
            yield (first, second), compiled(text, first.changes + second.changes)
        except (EditError, SyntaxError):
            continue


def _of_entries(found: Sequence[tuple[Mistake, CodeType]], text: FunctionText) -> Explanation:
    entries = [entry for entry, _ in found]
    return Explanation(
        tuple(entry.id for entry in entries),
        tuple(entry.tells for entry in entries),
        False,
        entries[0].variables,
        found[0][1],
        _begun_wrong(entries[0], text),
    )


def _begun_wrong(entry: Mistake, text: FunctionText) -> frozenset[str]:
    """The variables that the entry's first edit changes where they are first assigned."""
    line = text.text[: text.text.index(entry.edits[0].find)].count("\n") + 1
    assigned = names_in(text.text, text.name).assignments
    return frozenset(
        variable
        for variable in entry.variables
        if len(lines := assigned.get(variable, ())) > 1 and lines[0] <= line < lines[1]
    )


def _of_mutants(found: Sequence[Mutant]) -> Explanation:
    """One sentence per way; the variable that is computed is named, the line is not shown."""
    tells: dict[str, Mutant] = {}
    for mutant in found:
        where = f"in the computation of `{{{mutant.variable}}}` " if mutant.variable else ""
        tells.setdefault(f"Your result is what comes out when {where}{mutant.tells}.", mutant)
    first = found[0]
    return Explanation(
        tuple(f"mutant:{mutant.kind}" for mutant in tells.values()),
        tuple(tells),
        False,
        tuple(dict.fromkeys(mutant.variable for mutant in tells.values() if mutant.variable)),
        first.code,
    )
