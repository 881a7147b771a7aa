"""Marking of ``shape``: axes as symbols, numbers or expressions, with feedback by axis."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from grader.content.arithmetic import ExpressionError, evaluate, names
from grader.content.question_records import Shape
from grader.content.templates import shown
from grader.quiz.drawing import Drawn
from grader.quiz.marker import Foreseen
from grader.quiz.verdicts import Remark, Verdict, right, unreadable

COURSE_SYMBOLS = ("n_x", "n_a", "n_y", "n_f", "m", "T_x", "T_y", "V")
MAX_AXES = 8
_TIMES = str.maketrans({"\u00d7": " x ", "\u00b7": "*", "\u22c5": "*", "\u2217": "*"})
HOW = "Write a shape such as (n_a, m), (4*n_a, m), 3 x 5, or () for a single number."

Axis = tuple[float, ...]  # an axis' length at several settings of the symbols


class ShapeMarker:
    """The shape of an array."""

    def mark(self, drawn: Drawn, typed: str) -> Verdict:
        """Compare axis by axis; say which one differs, or that only the order does."""
        question = _question(drawn)
        settings = _settings(drawn)
        axes = read_axes(typed, settings)
        if isinstance(axes, str):
            return unreadable(axes)
        values = _lengths(axes, settings)
        given = f"({', '.join(axes)})"
        if any(
            values == self._lengths(drawn, shape) for shape in (question.answer, *question.accept)
        ):
            return right(given)
        wanted = self._lengths(drawn, question.answer)
        for index, trap in enumerate(question.traps):
            if values == self._lengths(drawn, trap.value):
                why = drawn.text(trap.why, answer=self.answer(drawn))
                remark = Remark(why, trap.misconception)
                return Verdict(
                    "wrong", _credit(values, wanted), (remark,), given, (f"trap {index + 1}",)
                )
        return Verdict("wrong", _credit(values, wanted), (_difference(values, wanted),), given)

    def _lengths(self, drawn: Drawn, shape: Sequence[int | str]) -> list[Axis]:
        return _lengths([str(axis) for axis in shape], _settings(drawn))

    def key(self, drawn: Drawn) -> str:
        """The shape as a tuple."""
        return self.answer(drawn)

    def answer(self, drawn: Drawn) -> str:
        """The shape as a tuple; drawn variables as numbers, symbols as they are."""
        return show_shape(drawn, _question(drawn).answer)

    def how(self, drawn: Drawn) -> str:
        """How to write it."""
        return HOW

    def accepted(self, drawn: Drawn) -> list[str]:
        """Other right shapes, and the shape without brackets."""
        key = self.key(drawn)
        bare = (
            [key[1:-1].rstrip(","), key.replace("(", "[").replace(")", "]")] if key != "()" else []
        )
        return [*(show_shape(drawn, shape) for shape in _question(drawn).accept), *bare]

    def foreseen(self, drawn: Drawn) -> list[Foreseen]:
        """The traps' shapes."""
        answer = self.answer(drawn)
        return [
            Foreseen(show_shape(drawn, trap.value), drawn.text(trap.why, answer=answer), trap.line)
            for trap in _question(drawn).traps
        ]


def _question(drawn: Drawn) -> Shape:
    assert isinstance(drawn.question, Shape)
    return drawn.question


def show_shape(drawn: Drawn, shape: Sequence[int | str]) -> str:
    """A shape as a tuple; an axis whose names are all drawn becomes a number."""
    axes = [_show_axis(axis, drawn.variables) for axis in shape]
    return f"({axes[0]},)" if len(axes) == 1 else f"({', '.join(axes)})"


def _show_axis(axis: int | str, variables: Mapping[str, Any]) -> str:
    if isinstance(axis, str) and names(axis) <= variables.keys():
        return shown(evaluate(axis, variables))
    if isinstance(axis, str):
        known = {name: shown(value) for name, value in variables.items()}
        return re.sub(r"[A-Za-z_]\w*", lambda name: known.get(name[0], name[0]), axis)
    return str(axis)


def _settings(drawn: Drawn) -> list[dict[str, Any]]:
    """Two settings of all symbols; equal expressions agree in both, others practically never."""
    question = _question(drawn)
    shapes = (question.answer, *question.accept, *(tuple(trap.value) for trap in question.traps))
    return [{**chosen, **drawn.variables} for chosen in _symbol_settings(shapes, question.symbols)]


@lru_cache(maxsize=256)
def _symbol_settings(
    shapes: tuple[tuple[int | str, ...], ...], symbols: tuple[str, ...]
) -> tuple[Mapping[str, int], ...]:
    used = {n for shape in shapes for axis in shape if isinstance(axis, str) for n in names(axis)}
    known = sorted(used | {*COURSE_SYMBOLS, *symbols})
    generators = (random.Random(1), random.Random(2))
    return tuple({name: rng.randrange(1_000, 100_000) for name in known} for rng in generators)


def read_axes(typed: str, settings: Sequence[Mapping[str, Any]]) -> list[str] | str:
    """The axes of a typed shape, or a sentence that says how to write it."""
    text = typed.strip().strip("`").strip().translate(_TIMES)
    text = re.sub(r"^(?:shape|np\.shape)?\s*[:=]?\s*", "", text)
    if re.fullmatch(r"\(\s*\)|\[\s*\]|scalar", text.lower()):
        return []
    if text[:1] in ("(", "[") and text[-1:] in (")", "]") and _closes_at_end(text):
        text = text[1:-1]
    if "," in text:
        text = re.sub(r"\s+x\s+", "*", text)  # within an axis, as commas part the axes
    parts = text.split(",") if "," in text else re.split(r"\s+(?:x|by)\s+|(?<=\d)x(?=\d)", text)
    if len(parts) == 1 and not re.search(r"[-+*/()]", text):
        parts = text.split()
    axes = [part.strip() for part in parts]
    if axes and axes[-1] == "" and len(axes) > 1:
        axes.pop()
    if not axes or "" in axes or len(axes) > MAX_AXES:
        return HOW
    return _known_axes(axes, settings)


def _known_axes(axes: list[str], settings: Sequence[Mapping[str, Any]]) -> list[str] | str:
    spelled = {name.lower().replace("_", ""): name for name in settings[0]}
    read = []
    for axis in axes:
        known = _spelled_as_here(axis.replace("^", "**"), settings[0], spelled)
        try:
            unknown = names(known) - settings[0].keys()
            if unknown:
                mine = ", ".join(sorted(settings[0]))
                return f"`{sorted(unknown)[0][:20]}` is not a name used here; known: {mine}. {HOW}"
            evaluate(known, settings[0])
        except ExpressionError:
            return HOW
        read.append(known)
    return read


def _spelled_as_here(axis: str, known: Mapping[str, Any], spelled: Mapping[str, str]) -> str:
    """`nx`, `N_X` and `tx` for `n_x` and `T_x`: the letters count, not their case."""

    def one(name: re.Match[str]) -> str:
        if name[0] in known:
            return name[0]
        return spelled.get(name[0].lower().replace("_", ""), name[0])

    times = re.sub(r"(?<=\d)\s*(?=[A-Za-z])", "*", axis)  # 4n_a is 4*n_a
    return re.sub(r"[A-Za-z_]\w*", one, times)


def _closes_at_end(text: str) -> bool:
    depth = 0
    for at, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if depth == 0:
            return at == len(text) - 1
    return False


def _lengths(axes: Sequence[str], settings: Sequence[Mapping[str, Any]]) -> list[Axis]:
    return [tuple(float(evaluate(axis, known)) for known in settings) for axis in axes]  # type: ignore[arg-type]


def _credit(values: list[Axis], wanted: list[Axis]) -> float:
    if len(values) != len(wanted) or not wanted:
        return 0.0
    return sum(a == b for a, b in zip(values, wanted, strict=True)) / len(wanted)


def _difference(values: list[Axis], wanted: list[Axis]) -> Remark:
    if len(values) != len(wanted):
        axes = "axis" if len(wanted) == 1 else "axes"
        return Remark(f"The array has {len(wanted)} {axes}; you gave {len(values)}.", kind="axis")
    if sorted(values) == sorted(wanted):
        return Remark("The right axes, in the wrong order.", kind="wrong-order")
    pairs = enumerate(zip(values, wanted, strict=True), 1)
    wrong = [str(at) for at, (value, want) in pairs if value != want]
    if len(wrong) == len(wanted):
        return Remark("The number of axes is right; none of their lengths is.", kind="axis")
    which = f"axis {wrong[0]} is" if len(wrong) == 1 else f"axes {' and '.join(wrong)} are"
    return Remark(f"Counting from 1, {which} wrong; the others are right.", kind="axis")
