"""The side of a play module that runs in the worker, beside the learner's code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.content.course import Assignment
from grader.playing.failures import PlayFailure
from grader.playing.plain_values import parameters_of, pictures_of, progress_of
from grader.playing.records import Options, Parameters, Picture, Progress, Stage
from grader.sandbox import Bundle, Module, Returned, Session

PAUSE = 0.25  # seconds of training between two looks at the keyboard


def reference_bundle(assignment: Assignment, exercises: Path, solutions: Path) -> Bundle:
    """The reference in place of a submission, with the given modules around it."""
    entries = [_module(solutions / name) for name in assignment.stubs]
    given = [_module(exercises / name) for name in assignment.provides]
    data = {name: (exercises / file).read_bytes() for name, file in assignment.data.items()}
    return Bundle(tuple(entries), tuple(given), data)


def _module(path: Path) -> Module:
    return Module(path.stem, ((path.name, path.read_bytes()),))


class LearnerSide:
    """Calls the driver of one session."""

    def __init__(self, session: Session, stage: Stage, options: Options, seed: int) -> None:
        self._session = session
        self._stage = stage.name
        self._options = options
        self._seed = seed

    def training(self) -> Iterator[Progress]:
        """Train, report by report, to the end; may be left at any report."""
        self._call("begin", self._stage, self._options, self._seed)
        done = False
        while not done:
            value = self._call("advance", PAUSE)
            if not isinstance(value, list):
                raise PlayFailure("the training did not report its progress as a list")
            reports = [progress_of(item) for item in value]
            yield from reports
            done = not reports or reports[-1].done

    def best(self) -> Parameters:
        """The best model so far."""
        return parameters_of(self._call("best"))

    def perform(self, parameters: Parameters) -> Any:
        """What the learner's functions make with a model."""
        return self._call("perform", self._stage, parameters, self._options, self._seed)

    def look(self, parameters: Parameters) -> tuple[Picture, ...]:
        """Pictures of what goes on inside a model."""
        return pictures_of(self._call("look", self._stage, parameters, self._options, self._seed))

    def _call(self, function: str, *args: Any) -> Any:
        outcome = self._session.call(function, args)
        if isinstance(outcome, Returned):
            return outcome.value
        raise PlayFailure(f"{function} failed", outcome)
