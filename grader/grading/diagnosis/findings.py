"""General findings about the failed checks of one task: what is wrong with which array, and where.

Told once for each array; further checks that show the same array wrong only point to the line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

import msgspec

from grader.checking.failures import CallFailure, Difference
from grader.checking.labels import name_of
from grader.checking.suite import Suite
from grader.grading.diagnosis.detectors import look
from grader.grading.diagnosis.evidence import again
from grader.grading.diagnosis.looks import Sighting
from grader.grading.diagnosis.own_facts import first_not_finite
from grader.grading.diagnosis.own_names import OwnCode, place_of
from grader.grading.diagnosis.scenes import (
    Comparison,
    Scene,
    comparison,
    comparisons_of,
    is_numeric,
    key_of,
)
from grader.grading.diagnosis.shared_memory import shared
from grader.grading.task_run import CheckRun
from grader.results import Location

# Errors whose text has sizes in it.
SPEAKS_OF_SIZES = frozenset(("ValueError", "IndexError"))


# Beginnings of the names of sightings that say what is wrong, but not how it came about.
VAGUE: tuple[str, ...] = ("proportional", "constant", "clipped", "some-", "right-at", "wrong-at")
VAGUE = (*VAGUE, "first-", "zero-", "not-", "negative-", "sum", "all-zeros")


class Finding(msgspec.Struct, frozen=True):
    """A sighting, where there is one, and the line that it is about."""

    sighting: Sighting | None
    location: Location | None = None


class Findings:
    """Looks at the wrong arrays of one task's failed checks."""

    def __init__(self, failed: Sequence[CheckRun], own: OwnCode | None, suite: Suite) -> None:
        self._failed = failed
        self._own = own
        self._suite = suite
        self._told: set[tuple[str, str]] = set()

    @cached_property
    def compared(self) -> list[tuple[CheckRun, Comparison]]:
        """Every call of a failed check, beside the reference's answer."""
        return comparisons_of(self._failed, self._suite)

    @property
    def comparisons(self) -> list[Comparison]:
        """Those of the calls whose result is wrong."""
        return [one for _, one in self.compared if one.wrong]

    @property
    def is_plain(self) -> bool:
        """Whether the first wrong array says by itself what is wrong with it."""
        for one in self.comparisons:
            sighting = look(self._scenes(key_of(one.wrong[0]), self.compared[0][0]))
            return sighting is not None and not sighting.id.startswith(VAGUE)
        return False

    def shows(self, run: CheckRun) -> bool:
        """Whether a call of this check came back wrong."""
        return any(of is run and one.wrong for of, one in self.compared)

    def of(self, run: CheckRun) -> Finding | None:
        """What is found about the first array that one check complains of."""
        failure = run.failure
        if failure is None:
            return None
        if isinstance(failure, CallFailure):
            return Finding(self._sizes_in(run, failure))
        difference = failure.difference
        key = self._key(run, difference)
        place = self._place(difference.path if difference is not None else key, difference)
        if difference is not None and difference.fault not in ("values", "shape"):
            return Finding(None, place)
        if key is None:
            return Finding(self._alone(run, difference), place)
        found = self._about(key, run)
        sighting = found.sighting
        if sighting is not None and not self._is_news(key, sighting, failure.sentence, difference):
            sighting = Sighting(sighting.id if (key, sighting.id) in self._told else "", "")
        return Finding(sighting, found.location or place)

    def _is_news(
        self, key: str, sighting: Sighting, sentence: str, difference: Difference | None
    ) -> bool:
        """Whether the check's own sentence needs what was sighted, and for the first time."""
        name = re.escape(key.rpartition(".")[2])
        speaks = difference is not None or re.search(rf"\b{name} (has|is|holds)\b", sentence)
        said = sighting.id == "transposed" and "looks transposed" in sentence
        if not speaks or said or (key, sighting.id) in self._told:
            return False
        self._told.add((key, sighting.id))
        return True

    def _about(self, key: str, run: CheckRun) -> Finding:
        for one in self.comparisons:
            told = shared(one, key, self._own)
            if told is not None:
                return Finding(*told)
        return Finding(look(self._scenes(key, run)))

    def _scenes(self, key: str, run: CheckRun) -> list[Scene]:
        """The array in every call that shows it wrong, the run's own first."""
        scenes = []
        for _, one in sorted(self.compared, key=lambda pair: pair[0] is not run):
            path = next((path for path in one.wrong if key_of(path) == key), None)
            scene = one.scene(path) if path is not None else None
            if scene is not None:
                scenes.append(scene)
        return scenes

    def _key(self, run: CheckRun, difference: Difference | None) -> str | None:
        """Which wrong array a check is about; None where no call of it can be compared."""
        mine = [one for of, one in self.compared if of is run]
        keys = list(dict.fromkeys(key_of(path) for one in mine for path in one.wrong))
        if difference is not None:
            named = key_of(difference.path)
            everywhere = [key_of(path) for one in self.comparisons for path in one.wrong]
            for key in (*keys, *everywhere):
                if key == named or key.endswith("." + named):
                    return key
        return keys[0] if keys else None

    def _alone(self, run: CheckRun, difference: Difference | None) -> Sighting | None:
        """What can be told of a difference by itself, where nothing else is known."""
        if difference is None or not any(call.watched for call in run.calls):
            return None
        actual, right = difference.actual, difference.expected
        if not is_numeric(actual) or not is_numeric(right) or right.size < 2:
            return None
        name = key_of(difference.path).rpartition(".")[2]
        return look([Scene(name, actual.astype(float), right.astype(float))])

    def _place(self, path: str | None, difference: Difference | None) -> Location | None:
        if path is None or self._own is None:
            return None
        function = self._failed[0].check.task
        labels = self._suite.labels.get(function, ())
        names = [name_of(label) for label in labels] if isinstance(labels, tuple) else []
        if difference is not None and difference.fault == "finiteness":
            place = first_not_finite(self._own)
            if place is not None:
                return place
        return place_of(path, names, self._own)

    def _sizes_in(self, run: CheckRun, failure: CallFailure) -> Sighting | None:
        """The names of the sizes that an error speaks of."""
        call = next((call for call in run.calls if call.failure is failure), None)
        kind = getattr(failure.outcome, "type", "")
        if call is None or call.function != run.check.task or kind not in SPEAKS_OF_SIZES:
            return None
        right = again(self._suite.reference(), call)
        if right.failure is not None:
            return None
        sizes = comparison(call, right, self._suite).sizes
        numbers = dict.fromkeys(map(int, re.findall(r"\b\d+\b", failure.outcome.message)))
        told = [f"{number} is {sizes[number]}" for number in numbers if number in sizes]
        if not told:
            return None
        listed = ", ".join(told[:-1]) + " and " * (len(told) > 1) + told[-1]
        return Sighting("sizes", f"In this call {listed}.")
