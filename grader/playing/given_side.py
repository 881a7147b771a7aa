"""The side of a play module that is trusted: stages, options, judgement, files."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from grader.content.code import Loader
from grader.content.course import Assignment
from grader.content.workspace import Workspace
from grader.errors import ContentError, UsageError
from grader.playing.failures import PlayFailure
from grader.playing.records import Judgement, Options, Parameters, Roll, Stage, Written

# What wrong parameters or a wrong performance raise in code that expects right ones.
_NONSENSE = (ValueError, TypeError, KeyError, IndexError, ArithmeticError, AttributeError)


class GivenSide:
    """Loads and calls the play module of one assignment, in this process."""

    def __init__(self, assignment: Assignment, workspace: Workspace) -> None:
        if assignment.play is None:
            raise UsageError(f"{assignment.id} has nothing to play")
        name = assignment.id
        folders = (workspace.solutions / name, workspace.exercises / name)
        self.driver = assignment.play.removesuffix(".py")
        self._module = Loader(folders, name).load(self.driver)
        self.stages = tuple(
            Stage(stage["name"], stage["title"], tuple(stage["needs"]))
            for stage in self._attribute("STAGES")
        )

    def _attribute(self, name: str) -> Any:
        if not hasattr(self._module, name):
            raise ContentError(f"{self._module.__file__} has no {name}; see grader.playing")
        return getattr(self._module, name)

    def chosen(self, only: str | None) -> tuple[Stage, ...]:
        """All stages, or the one of that name; raises UsageError for another."""
        if only is None:
            return self.stages
        found = tuple(stage for stage in self.stages if stage.name == only)
        if not found:
            names = ", ".join(stage.name for stage in self.stages)
            raise UsageError(f"there is no stage `{only}`; there are: {names}")
        return found

    def options(self, wished: Mapping[str, Any]) -> Options:
        """Every option with its value; raises UsageError for what cannot be wished."""
        known: Mapping[str, Mapping[str, Any]] = self._attribute("OPTIONS")
        for name, value in wished.items():
            if name not in known:
                have = ", ".join(f"--{other}" for other in known) or "no options of its own"
                raise UsageError(f"--{name} means nothing here; there is {have}")
            _check(name, value, known[name])
        return {name: wished.get(name, option["default"]) for name, option in known.items()}

    def judge(self, stage: Stage, parameters: Parameters, options: Options, seed: int) -> Judgement:
        """Judge a model by given code; raises PlayFailure where it is none."""
        judge = self._attribute("judge")
        try:
            with np.errstate(all="ignore"):
                return Judgement(**judge(stage.name, parameters, options, seed))
        except _NONSENSE as error:
            raise PlayFailure(
                f"the trained parameters are no model that could be judged ({error})"
            ) from error

    def write(
        self, stage: Stage, performance: Any, folder: Path, options: Options, seed: int
    ) -> Written:
        """Write the files of a performance; raises PlayFailure where it is none."""
        write = self._attribute("write")
        try:
            made = write(stage.name, performance, folder, options, seed)
        except _NONSENSE as error:
            raise PlayFailure(f"what was played cannot be written down ({error})") from error
        texts = {name: tuple(made.get(name, ())) for name in ("files", "notes", "lines")}
        roll = made.get("roll")
        return Written(**texts, roll=None if roll is None else Roll(**roll))


def _check(name: str, value: Any, option: Mapping[str, Any]) -> None:
    choices = option.get("choices")
    if choices is not None and value not in choices:
        near = difflib.get_close_matches(str(value), choices, n=1)
        guess = f" Did you mean {near[0]}?" if near else ""
        raise UsageError(f"--{name} {value}?{guess} There are: {', '.join(choices)}.")
    if "low" in option and not option["low"] <= value <= option["high"]:
        raise UsageError(f"--{name} goes from {option['low']} to {option['high']}, not {value}")
