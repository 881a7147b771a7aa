"""What a search found, ready to be told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import CodeType

import msgspec

from grader.checking.mutants import Mutant
from grader.content.edits import FunctionText
from grader.content.intake.source_names import names_in
from grader.content.mistakes import Mistake


class Explanation(msgspec.Struct, frozen=True):
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
    lost_calls : frozenset of str
        Functions that the reference calls there, and the mistake does not.
    """

    ids: tuple[str, ...]
    tells: tuple[str, ...]
    together: bool
    variables: tuple[str, ...]
    code: CodeType
    begun_wrong: frozenset[str] = frozenset()
    lost_calls: frozenset[str] = frozenset()


def of_entries(found: Sequence[tuple[Mistake, CodeType]], text: FunctionText) -> Explanation:
    """What entries of the catalogue explain; several are alternatives."""
    entries = [entry for entry, _ in found]
    return Explanation(
        tuple(entry.id for entry in entries),
        tuple(entry.tells for entry in entries),
        False,
        entries[0].variables,
        found[0][1],
        _begun_wrong(entries[0], text),
        _lost_calls(entries[0]),
    )


def of_pair(entries: tuple[Mistake, Mistake], code: CodeType) -> Explanation:
    """What two entries explain together."""
    first, second = entries
    return Explanation(
        (first.id, second.id),
        (first.tells, second.tells),
        True,
        first.variables + second.variables,
        code,
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


def _lost_calls(entry: Mistake) -> frozenset[str]:
    calls = re.compile(r"\b([A-Za-z_]\w*)\(")
    lost: set[str] = set()
    for edit in entry.edits:
        lost |= set(calls.findall(edit.find)) - set(calls.findall(edit.put))
    return frozenset(lost)


def of_mutants(found: Sequence[Mutant]) -> Explanation:
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
