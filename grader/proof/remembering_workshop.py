"""A workshop whose trials are remembered: in one draw all mistakes meet the same calls."""

from __future__ import annotations

from grader.checking.student import Call
from grader.content.code import Code
from grader.content.edits import FunctionText
from grader.grading.diagnosis.replay import Replay
from grader.grading.diagnosis.workshop import Changes, Workshop
from grader.proof.memory import Key, StrangeValueError, digest

Outcomes = dict[Changes, Call | None]


class RememberingWorkshop(Workshop):
    """Tries every change on a call once, however often that call comes again."""

    def __init__(self, text: FunctionText, code: Code) -> None:
        super().__init__(text, code)
        self._tapes: dict[Key, Replay | None] = {}
        self._outcomes: dict[Replay, Outcomes] = {}
        self._wholes: dict[Key, Outcomes] = {}

    def replay(self, call: Call) -> Replay | None:
        """The recording of a call, made once for all calls with the same arguments."""
        key = _key(call)
        if key is None or call.failure is not None:  # a failed call counts its messages
            return super().replay(call)
        if key not in self._tapes:
            self._tapes[key] = super().replay(call)
        return self._tapes[key]

    def outcome(self, replay: Replay, changes: Changes) -> Call | None:
        """How the replayed call ends after the edits."""
        found = self._outcomes.setdefault(replay, {})
        if changes not in found:
            found[changes] = super().outcome(replay, changes)
        return found[changes]

    def whole(self, call: Call, changes: Changes) -> Call | None:
        """How a call ends with the whole edited function."""
        key = _key(call)
        if key is None:
            return super().whole(call, changes)
        found = self._wholes.setdefault(key, {})
        if changes not in found:
            found[changes] = super().whole(call, changes)
        return found[changes]


def _key(call: Call) -> Key | None:
    try:
        return digest(call.function, call.seed, call.arguments, call.then)
    except StrangeValueError:
        return None
