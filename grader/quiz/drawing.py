"""One question as it is asked: variables drawn from a seed, options shuffled, texts filled in."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.content.arithmetic import ExpressionError, evaluate
from grader.content.question_records import (
    Choice,
    Match,
    Order,
    Question,
    TrueFalse,
    Variable,
)
from grader.content.templates import render

MAX_TRIES = 2000  # a `where` that one draw in twenty survives fails here once in 10**44


@dataclass(frozen=True)
class Drawn:
    """A question with its numbers fixed; equal seeds give equal draws.

    `layout` is the order in which options, reasons, items or right sides are shown:
    position shown -> index in the file.
    """

    question: Question
    seed: str
    variables: Mapping[str, Any]
    layout: tuple[int, ...] = ()
    rejected: int = field(default=0, compare=False)

    def text(self, template: str, **more: Any) -> str:
        """A template of this question with its values."""
        return render(template, {**self.variables, **more})

    @property
    def prompt(self) -> str:
        """The question as the learner reads it."""
        return self.text(self.question.prompt)


def draw(question: Question, seed: str) -> Drawn:
    """Fix the variables and the order of the options of `question` by `seed`.

    Raises
    ------
    ExpressionError
        When no draw satisfies `where`, or an expression has no value.
    """
    rng = random.Random(f"{question.id}/{question.rev}/{seed}")
    for rejected in range(MAX_TRIES):
        variables = draw_variables(question, rng)
        if all(evaluate(condition, variables) for condition in question.where):
            layout = _layout(question, rng)
            return Drawn(question, seed, variables, layout, rejected)
    raise ExpressionError(f"no draw in {MAX_TRIES} satisfies `where`")


def draw_variables(question: Question, rng: random.Random) -> dict[str, Any]:
    """One draw of the variables, whether or not `where` holds."""
    variables: dict[str, Any] = {}
    for name, variable in question.vars.items():
        variables[name] = _value(variable, variables, rng)
    return variables


def _value(variable: Variable, earlier: Mapping[str, Any], rng: random.Random) -> Any:
    if variable.int_range is not None:
        low, high = variable.int_range
        return rng.randrange(low, high + 1, variable.step)
    if variable.choice is not None:
        return rng.choice(variable.choice)
    if variable.float_range is not None:
        low_float, high_float = variable.float_range
        return round(rng.uniform(low_float, high_float), variable.decimals)
    assert variable.let is not None
    return evaluate(variable.let, earlier)


def _layout(question: Question, rng: random.Random) -> tuple[int, ...]:
    order = list(range(len(_shown_parts(question))))
    if not (isinstance(question, Choice) and not question.shuffle):
        rng.shuffle(order)
    if isinstance(question, Order) and order == sorted(order) and len(order) > 1:
        order = [*order[1:], order[0]]  # the file's order is a right answer: never show that
    return tuple(order)


def _shown_parts(question: Question) -> tuple[Any, ...]:
    match question:
        case Choice():
            return question.options
        case TrueFalse():
            return question.reasons
        case Order():
            return question.items
        case Match():
            return (*question.pairs, *question.extra)
        case _:
            return ()
