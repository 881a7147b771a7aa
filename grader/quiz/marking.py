"""Marking any question: the one entrance to the markers of all types."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from grader.content.templates import shown
from grader.quiz.drawing import Drawn
from grader.quiz.marker import Marker
from grader.quiz.marking_arrangement import MatchMarker, OrderMarker
from grader.quiz.marking_choice import ChoiceMarker, TrueFalseMarker
from grader.quiz.marking_cloze import ClozeMarker
from grader.quiz.marking_number import NumericMarker
from grader.quiz.marking_shape import ShapeMarker
from grader.quiz.marking_text import TextMarker, TraceMarker
from grader.quiz.verdicts import Verdict, unreadable

LONGEST = 500  # characters of an answer; no right one comes near

MARKERS: Mapping[str, Marker] = MappingProxyType(
    {
        "single": ChoiceMarker(),
        "multi": ChoiceMarker(),
        "truefalse": TrueFalseMarker(),
        "numeric": NumericMarker(),
        "shape": ShapeMarker(),
        "text": TextMarker(),
        "order": OrderMarker(),
        "match": MatchMarker(),
        "cloze": ClozeMarker(),
        "trace": TraceMarker(),
    }
)


def marker_of(drawn: Drawn) -> Marker:
    """The marker for this type of question."""
    return MARKERS[drawn.question.type]


def mark(drawn: Drawn, typed: str) -> Verdict:
    """Mark what a learner typed."""
    if len(typed) > LONGEST:
        return unreadable(
            f"That is longer than {LONGEST} characters. {marker_of(drawn).how(drawn)}"
        )
    return marker_of(drawn).mark(drawn, typed)


def explanation(drawn: Drawn) -> str:
    """What is shown after every answer, right or wrong."""
    return drawn.text(drawn.question.explain, answer=marker_of(drawn).answer(drawn))


def answer_text(drawn: Drawn) -> str:
    """The right answer as the learner reads it."""
    return shown(marker_of(drawn).answer(drawn))
