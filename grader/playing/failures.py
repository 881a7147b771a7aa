"""Why a stage came to no end."""

from __future__ import annotations

from grader.sandbox import Crashed, LimitExceeded, ProtocolViolation, Raised, TimedOut

Problem = Raised | TimedOut | Crashed | LimitExceeded | ProtocolViolation


class PlayFailure(Exception):
    """The learner's code failed while it was trained or played.

    Attributes
    ----------
    problem
        What the worker reported, where it did.
    """

    def __init__(self, sentence: str, problem: Problem | None = None) -> None:
        super().__init__(sentence)
        self.problem = problem
