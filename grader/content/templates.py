"""Texts with values in braces: ``{n_x}``, ``{4*n_a}``, ``{rate:.3f}``; ``{{`` is a brace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from grader.content.arithmetic import ExpressionError, evaluate, names

_FORMAT = re.compile(r",?(?:d|\.[0-9]{1,2}[fge])?\Z")
_MEND = "write {{ and }} for braces that are meant as they stand"


class TemplateError(ValueError):
    """The text has braces that cannot be read; the message says which."""


@dataclass(frozen=True)
class Slot:
    """One place in a template that a value goes to."""

    expression: str
    format: str


@lru_cache(maxsize=8192)
def parse_template(text: str) -> tuple[str | Slot, ...]:
    """The literal parts and slots of `text`; raises TemplateError."""
    parts: list[str | Slot] = []
    literal, at = "", 0
    while at < len(text):
        if text[at : at + 2] in ("{{", "}}"):
            literal, at = literal + text[at], at + 2
        elif text[at] == "{":
            end = text.find("}", at)
            if end < 0:
                raise TemplateError(f"`{{` is never closed ({_MEND})")
            parts += [literal, _slot(text[at + 1 : end])]
            literal, at = "", end + 1
        elif text[at] == "}":
            raise TemplateError(f"`}}` without `{{` ({_MEND})")
        else:
            literal, at = literal + text[at], at + 1
    return (*parts, literal)


def _slot(inside: str) -> Slot:
    expression, colon, form = inside.rpartition(":")
    if not colon:
        expression, form = inside, ""
    if not _FORMAT.match(form):
        raise TemplateError(f"`{{{inside}}}`: the format is one of d , .Nf .Ng .Ne ({_MEND})")
    try:
        names(expression)
    except ExpressionError as error:
        raise TemplateError(f"`{{{inside}}}`: {error} ({_MEND})") from None
    return Slot(expression.strip(), form)


def template_names(text: str) -> frozenset[str]:
    """The variables that a template uses."""
    slots = (part for part in parse_template(text) if isinstance(part, Slot))
    return frozenset().union(*(names(slot.expression) for slot in slots))


def render(text: str, variables: Mapping[str, Any]) -> str:
    """The text with its values filled in."""
    return "".join(
        part if isinstance(part, str) else shown(evaluate_slot(part, variables), part.format)
        for part in parse_template(text)
    )


def evaluate_slot(slot: Slot, variables: Mapping[str, Any]) -> Any:
    """The value that goes into `slot`."""
    if slot.expression in variables:
        return variables[slot.expression]
    return evaluate(slot.expression, variables)


def shown(value: Any, form: str = "") -> str:
    """A value as a learner reads it: whole numbers whole, others with up to ten digits."""
    if form and isinstance(value, (int, float)):
        return format(int(value) if form.endswith("d") else value, form)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(value, ".10g")
    if isinstance(value, tuple):
        inside = ", ".join(shown(item) for item in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return str(value)
