"""One session of ``play``: what is missing is said, what fails is explained, the rest is kept."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import msgspec

from grader.cli.exit_codes import Exit
from grader.cli.play_order import Order
from grader.content.course import Assignment
from grader.content.workspace import Workspace
from grader.grading.bundle import bundle_of
from grader.grading.ordering import read
from grader.grading.outcomes import sentence_of
from grader.grading.seeds import new_seed, seed_number
from grader.grading.workplace import found_in
from grader.playing.failures import PlayFailure
from grader.playing.given_side import GivenSide
from grader.playing.learner_side import LearnerSide, reference_bundle
from grader.playing.play_stage import Surroundings, Wishes, play_stage
from grader.playing.records import Played, Stage
from grader.playing.results_folder import manifest, new_folder, write_manifest
from grader.sandbox import Bundle, Loaded, Raised, Worker
from grader.sandbox.outcomes import Frame
from grader.views.console import spoken
from grader.views.play_view import SilentView, make_view


class PlaySession:
    """Plays the stages of one assignment in one worker.

    Parameters
    ----------
    interrupted : callable
        Whether Ctrl-C was pressed.
    """

    def __init__(
        self,
        order: Order,
        workspace: Workspace,
        assignment: Assignment,
        worker: Worker,
        interrupted: Callable[[], bool],
    ) -> None:
        self._order = order
        self._workspace = workspace
        self._assignment = assignment
        self._worker = worker
        self._interrupted = interrupted
        self._seed = order.seed if order.seed is not None else new_seed()
        self._at = datetime.now(UTC)
        self._folder: Path | None = None
        self._own_files: frozenset[str] = frozenset()
        self._view: SilentView = SilentView() if order.as_json else make_view(sys.stdout)

    def play(self) -> int:
        """Play; the exit code says whether the learner's code could be played."""
        given = GivenSide(self._assignment, self._workspace)
        stages = given.chosen(self._order.stage)
        options = given.options(self._order.options)
        missing = self._load(given)
        played: list[Played] = []
        code: int = Exit.ALL_RIGHT
        self._view.begins(self._assignment.title, self._seed)
        for stage in stages:
            lacking = {name: missing[name] for name in stage.needs if name in missing}
            if lacking:
                self._tell_lacking(stage, lacking, played)
                code = code if played else Exit.WORK_TO_DO
                continue
            try:
                played.append(self._one(given, stage, options))
            except PlayFailure as failure:
                self._view.failed(stage, self._explained(failure))
                code = Exit.WORK_TO_DO
                break
            self._keep(given, options, played)
            if self._interrupted():
                break
        if played:
            self._finish()
        return code

    def _load(self, given: GivenSide) -> dict[str, str]:
        """Load the learner's code beside the driver; what is missing, and why."""
        assignment = self._assignment
        exercises = self._workspace.exercises / assignment.id
        if self._order.reference:
            solutions = self._workspace.solutions / assignment.id
            bundle = reference_bundle(assignment, exercises, solutions)
        else:
            submission = read(self._order.submission or exercises, assignment)
            bundle = bundle_of(submission, assignment, exercises)
        self._own_files = frozenset(file for module in bundle.entries for file, _ in module.units)
        loaded = self._load_bundle(msgspec.structs.replace(bundle, driver=given.driver))
        if self._order.reference:
            return {}
        missing = dict(found_in(submission, loaded, assignment.functions).missing)
        unwritten = {name: f"`{name}` is not written yet." for name in submission.not_started}
        return missing | unwritten

    def _load_bundle(self, bundle: Bundle) -> Loaded:
        self._worker.begin_load(bundle)
        return self._worker.finish_load()

    def _one(self, given: GivenSide, stage: Stage, options: dict[str, object]) -> Played:
        order, number = self._order, seed_number(self._seed)
        wishes = Wishes(order.seconds, order.steps, order.look)
        world = Surroundings(monotonic, self._interrupted, self._view.progress)
        with self._worker.session() as session:
            learner = LearnerSide(session, stage, options, number)
            with self._view.training(stage, order.seconds):
                return play_stage(
                    given, learner, stage, options, number, wishes, world,
                    lambda: self._place(given, stage),
                )  # fmt: skip

    def _place(self, given: GivenSide, stage: Stage) -> Path:
        """The folder for a stage's files: one of its own where there are several stages."""
        if self._folder is None:
            results = self._workspace.root / "results"
            self._folder = new_folder(results, self._assignment.id, self._at, self._seed)
        place = self._folder / _below(given, stage)
        place.mkdir(exist_ok=True)
        return place

    def _keep(self, given: GivenSide, options: dict[str, object], played: list[Played]) -> None:
        """Write the manifest anew after every stage: what is done is never lost."""
        assert self._folder is not None
        source = "reference" if self._order.reference else "submission"
        entries = [
            (one, _below(given, one.stage), self._order.replay(self._seed, one)) for one in played
        ]
        content = manifest(self._assignment.id, self._seed, options, source, self._at, entries)
        write_manifest(self._folder, content)
        self._view.played(played[-1], spoken(entries[-1][2]))

    def _finish(self) -> None:
        assert self._folder is not None
        if self._order.as_json:
            sys.stdout.write((self._folder / "manifest.json").read_text(encoding="utf-8"))
            return
        root = self._workspace.root
        self._view.kept(str(self._folder.relative_to(root)))

    def _tell_lacking(self, stage: Stage, lacking: Mapping[str, str], played: list[Played]) -> None:
        first = next(iter(lacking))
        command = spoken(f"grade --show {first}")
        self._view.lacking(stage, tuple(lacking.values()), command, later=bool(played))

    def _explained(self, failure: PlayFailure) -> str:
        """What went wrong in the learner's words, with the line in their own file."""
        advice = f"Next: {spoken(f'grade {self._assignment.id}')}"
        problem = failure.problem
        if problem is None:
            return f"It could not be played: {failure}. {advice}"
        function = "your code"
        frames: tuple[Frame, ...] = getattr(problem, "frames", ())
        own = tuple(frame for frame in frames if frame.file in self._own_files)
        if own:
            function = own[-1].function
            change: dict[str, object] = {"frames": own}
            if isinstance(problem, Raised) and own[-1] is not frames[-1]:
                change["variables"] = ()
            problem = msgspec.structs.replace(problem, **change)
        elif isinstance(problem, Raised):
            function = "A given function that works on what yours returned"
        return f"{sentence_of(function, problem)} {advice}"


def _below(given: GivenSide, stage: Stage) -> str:
    return f"{stage.name}/" if len(given.stages) > 1 else ""
