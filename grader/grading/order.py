"""What is to be graded, as one record that can cross to another process of ours as text."""

from __future__ import annotations

import json

import msgspec

from grader.content.course import Assignment
from grader.content.intake.submission import Submission


class Order(msgspec.Struct, frozen=True):
    """One submission to be graded.

    Attributes
    ----------
    course : str
        The id of the course.
    exercises, solutions : str
        The assignment's own folders.
    tasks : tuple of str
        The tasks to be graded; all of the assignment where empty.
    """

    course: str
    assignment: Assignment
    exercises: str
    solutions: str
    submission: Submission
    seed: str
    tasks: tuple[str, ...] = ()


def written(order: Order) -> bytes:
    """The order as JSON; what a learner's file holds that is no Unicode survives, too."""
    try:
        return msgspec.json.encode(order)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(order)).encode("ascii")


def read_order(text: bytes) -> Order:
    """The order that was written."""
    try:
        return msgspec.json.decode(text, type=Order)
    except msgspec.DecodeError:  # it takes no half characters, which the other JSON does
        return msgspec.convert(json.loads(text), Order)
