"""One function of the reference, ready to be changed: its tree, and its recorded calls."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from types import CodeType

from grader.checking.local_student import LocalStudent
from grader.checking.mutants import Mutant, everywhere, mutants_in
from grader.checking.student import Call
from grader.checking.suite import Suite
from grader.checking.time_limit import TooLongError, time_limit
from grader.content.code import Code
from grader.content.edits import Edit, EditError, FunctionText, replaced
from grader.grading.diagnosis.evidence import again
from grader.grading.diagnosis.influence import Influence
from grader.grading.diagnosis.probe import probe_of
from grader.grading.diagnosis.replay import Replay
from grader.grading.diagnosis.splice import Fragment, spliced
from grader.grading.diagnosis.steps import UnsureError

Changes = tuple[Edit, ...]
Plausible = Callable[[list[ast.stmt], Sequence[ast.stmt], tuple[int, int]], bool]

# Processor time: a mutant's loop may never end; all calls and checks of one that does end take
# some ten milliseconds, on a slow machine a hundred.
SECONDS_PER_CANDIDATE = 0.5


def compiled(text: FunctionText, changes: Sequence[Edit]) -> CodeType:
    """The edited function, compiled."""
    return compile(replaced(text, changes), f"<{text.name}>", "exec")


class Workshop:
    """Makes changed versions of one function and tries them on one call.

    Parameters
    ----------
    code : Code
        The reference, which defines the function.
    """

    def __init__(self, text: FunctionText, code: Code) -> None:
        self.text = text
        self._function = code.modules[code.home_of(text.name)][text.name]
        self._code = code
        self._lines = text.text.splitlines()
        self._module = ast.parse(text.text)
        definition = self._module.body[0]
        assert isinstance(definition, ast.FunctionDef)
        if ast.get_docstring(definition) is not None:
            definition.body = definition.body[1:] or [ast.Pass()]
        self._definition = definition
        self._codes: dict[Changes, CodeType | None] = {}
        self._probes: dict[str, Call | None] = {}
        self._fragments: dict[Changes, Fragment | None] = {}

    @cached_property
    def influence(self) -> Influence:
        """Which parts of the result each variable reaches."""
        return Influence(self.text.text)

    def probe(self, check: str, suite: Suite) -> Call | None:
        """The reference in the call that the table of fingerprints is about."""
        if check not in self._probes:
            self._probes[check] = probe_of(suite, self.text.name, check)
        return self._probes[check]

    def code(self, changes: Changes) -> CodeType | None:
        """The edited function, compiled; None where the edits do not apply."""
        if changes not in self._codes:
            try:
                self._codes[changes] = compiled(self.text, changes)
            except (EditError, SyntaxError):
                self._codes[changes] = None
        return self._codes[changes]

    def applies(self, changes: Changes) -> bool:
        """Whether the edits apply, and do not overlap."""
        try:
            replaced(self.text, changes)
        except EditError:
            return False
        return True

    def replay(self, call: Call) -> Replay | None:
        """A call of the function to try changes on; None where it does not go in steps."""
        if call.seed is not None or call.then is not None or "random" in self.text.text:
            return None  # a draw that is skipped would shift those that follow
        try:
            return Replay(self._definition, self._lines, self._function, call)
        except UnsureError:
            return None

    def outcome(self, replay: Replay, changes: Changes) -> Call | None:
        """How the replayed call ends after the edits; None where only a whole run can tell."""
        if any("random" in edit.put for edit in changes):
            return None
        if changes not in self._fragments:
            try:
                after = replaced(self.text, changes)
            except EditError:
                return None
            self._fragments[changes] = spliced(self._definition, self._lines, after)
        fragment = self._fragments[changes]
        return replay.spliced_outcome(fragment) if fragment is not None else None

    def whole(self, call: Call, changes: Changes) -> Call | None:
        """How a call ends with the whole edited function; None where it never does."""
        made = self.code(changes)
        return self.ended(call, made) if made is not None else None

    def ended(self, call: Call, made: CodeType) -> Call | None:
        """How a call ends with another version of the function; None where it never does."""
        student = LocalStudent(self._code.with_function(self.text.name, made))
        try:
            with time_limit(SECONDS_PER_CANDIDATE):
                return again(student, call)
        except TooLongError:
            return None

    def mutants(
        self,
        wanted: Callable[[str | None], bool] = everywhere,
        plausible: Plausible | None = None,
    ) -> Iterator[Mutant]:
        """Every mutant; those alone that are plausible, where that is asked.

        Parameters
        ----------
        plausible : callable, optional
            Told the changed body, the statements in it that differ, and the mutant's place.
        """
        body = self._definition.body

        def worth_compiling(changed: Sequence[ast.stmt], place: tuple[int, int]) -> bool:
            return plausible is None or plausible(body, changed, place)

        return mutants_in(self._module, self.text.name, wanted, worth_compiling)
