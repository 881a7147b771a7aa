"""One stage: train, judge, perform, write; whatever stops the training keeps the best model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.playing.failures import PlayFailure
from grader.playing.given_side import GivenSide
from grader.playing.learner_side import LearnerSide
from grader.playing.records import Options, Played, Progress, Stage
from grader.playing.results_folder import save_model


@dataclass(frozen=True)
class Wishes:
    """How long to train and what to look at; None knows no bound."""

    seconds: float | None = None
    steps: int | None = None
    look: bool = False


@dataclass(frozen=True)
class Surroundings:
    """What a stage needs of the world: the time, the keyboard, somebody who watches."""

    clock: Callable[[], float]
    interrupted: Callable[[], bool]
    watch: Callable[[Progress, float], None]


def play_stage(
    given: GivenSide,
    learner: LearnerSide,
    stage: Stage,
    options: Options,
    seed: int,
    wishes: Wishes,
    world: Surroundings,
    folder: Callable[[], Path],
) -> Played:
    """Play one stage.

    Parameters
    ----------
    folder : callable
        Makes the folder for the files; called once there is something to keep.

    Raises
    ------
    PlayFailure
        Where the learner's code fails; a model that was trained till then is lost.
    """
    began = world.clock()
    progress, stopped = _train(learner, wishes, world)
    parameters = learner.best()
    seconds = world.clock() - began
    judgement = given.judge(stage, parameters, options, seed)
    place = folder()
    save_model(place / "model.npz", parameters)
    written = given.write(stage, learner.perform(parameters), place, options, seed)
    pictures = learner.look(parameters) if wishes.look else ()
    return Played(stage, progress, judgement, written, stopped, seconds, pictures)


def _train(learner: LearnerSide, wishes: Wishes, world: Surroundings) -> tuple[Progress, str]:
    began, last = world.clock(), None
    for progress in learner.training():
        last = progress
        elapsed = world.clock() - began
        world.watch(progress, elapsed)
        if progress.done:
            break
        if world.interrupted():
            return progress, "Ctrl-C"
        if wishes.seconds is not None and elapsed >= wishes.seconds:
            return progress, f"--seconds {wishes.seconds:g}"
        if wishes.steps is not None and progress.step >= wishes.steps:
            return progress, f"--steps {wishes.steps}"
    if last is None:
        raise PlayFailure("the training ended before its first report")
    return last, ""
