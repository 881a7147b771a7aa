"""The learner's code as a student: every call crosses to the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.checking.failures import CallFailure
from grader.checking.student import Call, Replace, StandIn, Student, recorded
from grader.grading.argument_changes import with_changes
from grader.grading.outcomes import sentence_of
from grader.grading.sessions import Sessions
from grader.sandbox import Outcome, Returned, Session, UnsetName
from grader.sandbox import Replace as ReplaceOverWire

# The reference needs a few milliseconds for any call; code hundreds of times slower is let be.
CPU_SECONDS = 2.0


class SandboxedStudent(Student):
    """Answers calls through one session of the worker.

    Parameters
    ----------
    sessions : Sessions
        Lends a session when the first call is made.
    seed : int
        State of numpy's legacy generator before every call that asks for no other.
    callees : mapping
        The reference's functions that answer for the learner's own, if any.
    unset : mapping, optional
        Names that lines of the submission would bind that were not run.
    """

    def __init__(
        self,
        sessions: Sessions,
        seed: int,
        callees: Mapping[str, StandIn] | None = None,
        *,
        watch_locals: bool = False,
        unset: Mapping[str, UnsetName] | None = None,
    ) -> None:
        super().__init__()
        self._unset = unset or {}
        self._sessions = sessions
        self._session: Session | None = None
        self._default_seed = seed
        self._callees = dict(callees or {})
        self._watch_locals = watch_locals

    def close(self) -> None:
        """Give the session back."""
        if self._session is not None:
            self._sessions.give_back(self._session)
            self._session = None

    def _answer(self, call: Call, stand_ins: Mapping[str, StandIn]) -> Call:
        if self._session is None:
            self._session = self._sessions.lend()
        try:
            outcome = self._outcome(self._session, call, stand_ins)
        finally:
            # A process that ended is gone; a further call of this check gets a new one.
            if self._sessions.per_call or self._session.is_over:
                self.close()
        self.stdout += getattr(outcome, "stdout", "")
        if not isinstance(outcome, Returned):
            sentence = sentence_of(call.function, outcome, self._unset)
            failure = CallFailure(sentence, function=call.function, outcome=outcome)
            return recorded(call, failure=failure)
        self.locals = outcome.locals
        modified = {path.removeprefix("args"): value for path, value in outcome.modified}
        return recorded(
            call,
            value=outcome.value,
            arguments_after=with_changes(call.arguments, modified),
            modified=modified,
            aliases=outcome.aliases,
            stdout=outcome.stdout,
        )

    def _outcome(self, session: Session, call: Call, stand_ins: Mapping[str, StandIn]) -> Outcome:
        return session.call(
            call.function,
            call.arguments,
            then=call.then,
            seed=self._default_seed if call.seed is None else call.seed,
            stand_ins={
                name: _over_wire(function)
                for name, function in {**self._callees, **stand_ins}.items()
            },
            observers=self._observers,
            files=self._files,
            want_locals=self._watch_locals,
            cpu_seconds=CPU_SECONDS,
        )


def _over_wire(function: StandIn) -> StandIn:
    """A stand-in whose in-place changes are said as the wire says them."""

    def answer(*arguments: Any, **named: Any) -> Any:
        result = function(*arguments, **named)
        if isinstance(result, Replace):
            return ReplaceOverWire(result.value, tuple(result.arguments))
        return result

    return answer
