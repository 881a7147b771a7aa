"""Find the mistake whose footprint is exactly the learner's.

Single entries of the catalogue first, then every mutant of the reference, then pairs of
entries. Nothing is named that does not reproduce every recorded call.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from time import process_time
from types import CodeType
from typing import TypeVar

import msgspec

from grader.checking.mutants import Mutant
from grader.checking.student import Call
from grader.checking.suite import Suite
from grader.checking.time_limit import TooLongError, time_limit
from grader.content.mistakes import Mistake
from grader.grading.diagnosis.allowance import PAIRS, TRIALS, WHOLE_RUN, Allowance
from grader.grading.diagnosis.evidence import Evidence, Footprint
from grader.grading.diagnosis.explanation import Explanation, of_entries, of_mutants, of_pair
from grader.grading.diagnosis.fingerprints import Narrowing, key_of
from grader.grading.diagnosis.parts import Trace, may_join, same_value, trace
from grader.grading.diagnosis.replay import Replay
from grader.grading.diagnosis.workshop import SECONDS_PER_CANDIDATE, Changes, Workshop

# Processor time after which a search ends all the same. It takes a tenth of this on a slow
# machine; only a function that trains a network for its answer comes near.
SECONDS = 1.5

TIES = 3

# Changes of a loop or a branch as a whole; they belong to no variable.
TOLD_WITHOUT_VARIABLE = frozenset({"loop", "order", "condition", "comparison"})

Candidate = TypeVar("Candidate")
EntriesOf = Callable[[Collection[str] | None], Sequence[Mistake]]


def explain(
    evidence: Evidence,
    entries_of: EntriesOf,
    workshop: Workshop,
    suite: Suite,
    *,
    clock: Callable[[], float] = process_time,
    allowance: Allowance | None = None,
    narrowing: Narrowing | None = None,
) -> Explanation | None:
    """The explanation of a footprint, or None where none was shown.

    Parameters
    ----------
    entries_of : callable
        The catalogue's entries of the function: all for None, or those with the given ids.
    workshop : Workshop
        Of the function that the evidence is about.
    allowance : Allowance, optional
        Trials for mutants and pairs; single entries are always tried.
    narrowing : Narrowing, optional
        What the table of fingerprints rules out.
    """
    if evidence.empty:
        return None
    entries = entries_of(narrowing.mistakes if narrowing is not None else None)
    footprint = Footprint(evidence, suite)
    search = _Search(footprint, suite, workshop, clock, clock() + SECONDS, narrowing)
    singles = search.matching(search.of_entries(entries))
    if singles:
        return of_entries(singles, workshop.text)
    if evidence.raised:  # the error itself says more than a guess about its cause
        return None
    allowed = allowance or Allowance(TRIALS)
    for mutants in search.mutants(allowed):
        matching = search.matching(mutants)
        if matching:
            return of_mutants([mutant for mutant, _ in matching])
    likely = narrowing.pairs() if narrowing is not None and narrowing.shows else None
    if likely is not None:
        named = {entry.id: entry for entry in entries_of(set(itertools.chain(*likely)))}
        joined = [(named[one], named[other]) for one, other in likely]
    else:
        joined = list(search.joinable(entries))
    pairs = search.matching(search.pairs(joined, allowed.part(PAIRS)), most=1)
    return of_pair(*pairs[0]) if pairs else None


class _Search(msgspec.Struct, frozen=True):
    """One search with its footprint and its deadline."""

    footprint: Footprint
    suite: Suite
    workshop: Workshop
    clock: Callable[[], float]
    deadline: float
    narrowing: Narrowing | None = None
    tapes: list[Replay | None] = []
    outcomes: dict[Changes, Call | None] = {}

    def matching(
        self, candidates: Iterable[tuple[Candidate, CodeType | None]], most: int = TIES
    ) -> list[tuple[Candidate, CodeType]]:
        """The candidates that leave exactly the footprint, in their order."""
        found: list[tuple[Candidate, CodeType]] = []
        for candidate, code in candidates:
            if self.clock() > self.deadline or len(found) >= most:
                break
            if code is not None and self._fits(code):
                found.append((candidate, code))
        return found

    def of_entries(self, entries: Sequence[Mistake]) -> Iterator[tuple[Mistake, CodeType | None]]:
        """The entries that a trial on the telling call does not rule out."""
        shown = self.narrowing is not None and self.narrowing.shows
        for entry in entries:
            if shown or self._edit_is_plausible(entry.changes):
                yield entry, self.workshop.code(entry.changes)

    def mutants(self, allowed: Allowance) -> Iterator[Iterator[tuple[Mutant, CodeType]]]:
        """The mutants that change just what is wrong, then those that may change more, too."""
        if self.narrowing is not None and not self.narrowing.mutants:
            return
        wrong, influence = self.footprint.wrong, self.workshop.influence

        def near(variable: str | None) -> bool:
            return bool(wrong) and influence.reach(variable) == wrong

        def far(variable: str | None) -> bool:
            parts = influence.reach(variable) if wrong else None
            return parts is None or parts > wrong

        yield self._plausible_mutants(near, allowed)
        yield self._plausible_mutants(far, allowed)

    def joinable(self, entries: Sequence[Mistake]) -> Iterator[tuple[Mistake, Mistake]]:
        """Two entries at once that can make wrong what is wrong in the telling call."""
        traces = [self._trace(entry.changes) for entry in entries]
        for (first, one), (second, other) in itertools.combinations(
            zip(entries, traces, strict=True), 2
        ):
            if self._tape() is None or may_join(one, other):
                yield first, second

    def pairs(
        self, joined: Sequence[tuple[Mistake, Mistake]], allowed: Allowance
    ) -> Iterator[tuple[tuple[Mistake, Mistake], CodeType | None]]:
        """The pairs that a trial on the telling call does not rule out."""
        for first, second in joined:
            changes = first.changes + second.changes
            if not self.workshop.applies(changes):
                continue
            if not allowed.spend(self._cost()):
                return
            if self._edit_is_plausible(changes):
                yield (first, second), self.workshop.code(changes)

    def _trace(self, changes: Changes) -> Trace | None:
        """What the edits alone do to every part of the telling call's result."""
        call, outcome = self.footprint.telling, self.outcomes.get(changes)
        if outcome is None or call is None:
            return None
        return trace(outcome.value, self.footprint.right(call).value, call.value)

    def _plausible_mutants(
        self, wanted: Callable[[str | None], bool], allowed: Allowance
    ) -> Iterator[tuple[Mutant, CodeType]]:
        likely = self.narrowing.mutants if self.narrowing is not None else None

        def plausible(
            body: list[ast.stmt], changed: Sequence[ast.stmt], place: tuple[int, int]
        ) -> bool:
            if likely is not None and key_of(place) not in likely:
                return False
            if not allowed.spend(self._cost()):
                return False
            tape = self._tape()
            return tape is None or self._agrees(tape.outcome(body, changed))

        for mutant in self.workshop.mutants(wanted, plausible):
            if _worth_telling(mutant):
                yield mutant, mutant.code

    def _edit_is_plausible(self, changes: Changes) -> bool:
        """Whether the telling call does not rule the edits out."""
        call, tape = self.footprint.telling, self._tape()
        if call is None:
            return True
        outcome = self.workshop.outcome(tape, changes) if tape is not None else None
        self.outcomes[changes] = outcome
        if outcome is None:
            outcome = self.workshop.whole(call, changes)
        return outcome is not None and not self.footprint.tells_against(outcome)

    def _agrees(self, outcome: Call | None) -> bool:
        """Whether what comes out of a change may be what the learner's function returns."""
        return outcome is None or not self.footprint.tells_against(outcome)

    def _tape(self) -> Replay | None:
        """The telling call, recorded; None where it cannot be."""
        if not self.tapes:
            call = self.footprint.telling
            tape = self.workshop.replay(call) if call is not None else None
            if tape is not None and call is not None:
                if not same_value(tape.right, self.footprint.right(call).value):
                    tape = None
            self.tapes.append(tape)
        return self.tapes[0]

    def _cost(self) -> int:
        return 1 if self._tape() is not None else WHOLE_RUN

    def _fits(self, code: CodeType) -> bool:
        changed = self.suite.code.with_function(self.footprint.evidence.function, code)
        try:
            with time_limit(SECONDS_PER_CANDIDATE):
                return self.footprint.fits(changed)
        except TooLongError:
            return False


def _worth_telling(mutant: Mutant) -> bool:
    """Whether a mutant's sentence would mean something in code that is written differently."""
    if mutant.variable is None:
        return mutant.kind in TOLD_WITHOUT_VARIABLE
    return mutant.kind != "dropped-call" or "append" not in mutant.tells
