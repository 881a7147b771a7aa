"""Marking of ``numeric``: tolerance, units, and the slips that are recognised without a trap."""

from __future__ import annotations

import math
import re

from grader.content.arithmetic import evaluate_number
from grader.content.question_records import Numeric, Tolerance, Trap
from grader.content.templates import shown
from grader.quiz.drawing import Drawn
from grader.quiz.marker import Foreseen
from grader.quiz.numbers import HOW, ReadNumber, read_number
from grader.quiz.units import factor, is_one_of
from grader.quiz.verdicts import Remark, Verdict, right, unreadable

_ROUNDING = 1e-9  # the noise of binary fractions: 0.1 + 0.2 is exactly 0.3 to a learner
_DEFAULT_RELATIVE = 0.01
_FAR = 12  # powers of ten beyond this are no slip


def tolerance_of(question: Numeric, answer: float) -> Tolerance:
    """What the question allows; by default whole numbers are exact and others within 1 %."""
    if isinstance(question.tolerance, Tolerance):
        return question.tolerance
    if question.tolerance == "exact" or float(answer).is_integer():
        return Tolerance()
    return Tolerance(rel=_DEFAULT_RELATIVE)


def agrees(value: float, answer: float, tolerance: Tolerance) -> bool:
    """Whether `value` is `answer` within the tolerance; either bound suffices."""
    relative = max(tolerance.rel or 0.0, _ROUNDING)
    slack = _ROUNDING * max(1.0, abs(tolerance.abs or 0.0))
    return math.isclose(
        value, answer, rel_tol=relative, abs_tol=(tolerance.abs or 0.0) * (1 + slack)
    )


class NumericMarker:
    """A number, with or without a unit."""

    def mark(self, drawn: Drawn, typed: str) -> Verdict:
        """Right number first, then foreseen wrong ones, then recognised slips."""
        question = _question(drawn)
        number = read_number(typed)
        if number is None:
            return unreadable(self._how_to_write(typed))
        complaint = self._unit_complaint(question, number)
        if complaint is not None:
            return unreadable(complaint)
        given = f"{shown(number.value)} {number.unit}".strip()
        if question.unit and self._wrong_unit(question, number.unit):
            return self._in_another_unit(drawn, number, given, question.unit.name)
        if self._is_right(drawn, number.value):
            return right(given)
        return self._slip(drawn, number.value, given)

    def _is_right(self, drawn: Drawn, value: float) -> bool:
        """Compare with the unrounded values; the answer as it is shown is right as well."""
        question = _question(drawn)
        sources = (question.answer, *question.accept)
        rights = (evaluate_number(source, drawn.variables) for source in sources)
        within = any(agrees(value, one, tolerance_of(question, one)) for one in rights)
        return within or agrees(value, self.answer(drawn), Tolerance())

    def _in_another_unit(
        self, drawn: Drawn, number: ReadNumber, given: str, wanted: str
    ) -> Verdict:
        """A number in a unit that was not asked for: converted when that can be done."""
        if self._is_right(drawn, number.value):
            remark = Remark(f"The number is right, the unit is not: {wanted}.", kind="unit")
            return Verdict("wrong", 0.5, (remark,), given, ("unit",))
        asked = Remark(f"The answer was asked for in {wanted}.", kind="unit")
        times = factor(number.unit, wanted)
        if times is None:
            why, label = self._foreseen_why(drawn, number.value)
            return Verdict("wrong", 0.0, (why or asked,), given, (label or "unit",))
        converted = number.value * times
        if self._is_right(drawn, converted):
            return right(given, Remark(f"{asked.text} This is the same.", kind="unit"))
        return self._slip(drawn, converted, given)

    def _slip(self, drawn: Drawn, value: float, given: str) -> Verdict:
        slip, label = self._recognise(drawn, value)
        return Verdict("wrong", 0.0, (slip,) if slip else (), given, (label,) if label else ())

    def _how_to_write(self, typed: str) -> str:
        if re.search(r"\d,\d", typed):
            return f"Use a point for decimals and no comma. {HOW}"
        return HOW

    def _unit_complaint(self, question: Numeric, number: ReadNumber) -> str | None:
        unit = question.unit
        if unit is None:
            return _no_unit(number) if number.unit else None
        known = (unit.name, *unit.accept, *unit.wrong)
        if number.unit and not is_one_of(number.unit, known):
            return f"The unit `{number.unit[:20]}` is not known here; known: {', '.join(known)}."
        if unit.required and not number.unit:
            return "Write the unit behind the number."
        return None

    def _wrong_unit(self, question: Numeric, typed: str) -> bool:
        unit = question.unit
        if unit is None or not typed:
            return False
        return not is_one_of(typed, (unit.name, *unit.accept))

    def _recognise(self, drawn: Drawn, value: float) -> tuple[Remark | None, str | None]:
        why, label = self._foreseen_why(drawn, value)
        if why is not None:
            return why, label
        question = _question(drawn)
        answer = evaluate_number(question.answer, drawn.variables)
        tolerance = tolerance_of(question, answer)
        if answer != 0 and agrees(-value, answer, tolerance):
            return Remark("The size is right, the sign is not.", kind="sign"), "sign"
        power = _power_of_ten(value, answer, tolerance)
        if power:
            times = "times too large" if power > 0 else "times too small"
            text = f"Off by a power of ten: {10 ** abs(power):,} {times}."
            return Remark(text, kind="power-of-ten"), "power-of-ten"
        if agrees(value, answer, Tolerance(rel=0.05)) and tolerance != Tolerance():
            return Remark(
                "Very close: was something rounded too early?", kind="rounding"
            ), "rounding"
        return None, None

    def _foreseen_why(self, drawn: Drawn, value: float) -> tuple[Remark | None, str | None]:
        question = _question(drawn)
        for index, trap in enumerate(question.traps):
            wrong = evaluate_number(trap.value, drawn.variables)
            if agrees(value, wrong, tolerance_of(question, wrong)):
                why = drawn.text(trap.why, answer=self.answer(drawn))
                return Remark(why, trap.misconception), f"trap {index + 1}"
        return None, None

    def key(self, drawn: Drawn) -> str:
        """The number with all its digits."""
        answer = self.answer(drawn)
        unit = _question(drawn).unit
        return f"{answer!r} {unit.name}" if unit and unit.required else repr(answer)

    def answer(self, drawn: Drawn) -> int | float:
        """The number."""
        value = evaluate_number(_question(drawn).answer, drawn.variables)
        if float(value).is_integer():
            return int(value)
        return _to_show(value, tolerance_of(_question(drawn), value))

    def how(self, drawn: Drawn) -> str:
        """How to write it."""
        unit = _question(drawn).unit
        return HOW if unit is None else f"{HOW} Unit: {unit.name}."

    def accepted(self, drawn: Drawn) -> list[str]:
        """The other right numbers, and units in their other spellings."""
        question = _question(drawn)
        unit = question.unit
        key = repr(self.answer(drawn))
        others = [repr(evaluate_number(v, drawn.variables)) for v in question.accept]
        if unit is None:
            return [*others, f" {key} ", key.replace("-", "\u2212")]
        needed = f" {unit.name}" if unit.required else ""
        return [
            *(f"{v}{needed}" for v in others),
            *(f"{key} {u}" for u in (unit.name, *unit.accept)),
        ]

    def foreseen(self, drawn: Drawn) -> list[Foreseen]:
        """The traps' numbers."""
        question, answer = _question(drawn), self.answer(drawn)
        unit = f" {question.unit.name}" if question.unit and question.unit.required else ""

        def one(trap: Trap) -> Foreseen:
            value = evaluate_number(trap.value, drawn.variables)
            return Foreseen(f"{value!r}{unit}", drawn.text(trap.why, answer=answer), trap.line)

        return [one(trap) for trap in question.traps]


def _question(drawn: Drawn) -> Numeric:
    assert isinstance(drawn.question, Numeric)
    return drawn.question


def _no_unit(number: ReadNumber) -> str:
    if number.unit == "%":
        share, percent = shown(number.value / 100), shown(number.value)
        return f"Leave out the % sign: write it as {share}, or as {percent} if per cent are asked."
    return f"This answer has no unit. {HOW}"


def _to_show(value: float, tolerance: Tolerance) -> float:
    """Six significant digits, or more where the tolerance is finer than those."""
    short = float(format(value, ".6g"))
    if not tolerance.abs or abs(short - value) <= tolerance.abs / 10:
        return short
    return round(value, max(0, 1 - math.floor(math.log10(tolerance.abs))))


def _power_of_ten(value: float, answer: float, tolerance: Tolerance) -> int:
    """How many powers of ten too large `value` is; 0 when it is not off by one."""
    if value == 0 or answer == 0 or (value > 0) != (answer > 0):
        return 0
    power = round(math.log10(value / answer))
    relative = Tolerance(rel=tolerance.rel or (tolerance.abs or 0.0) / abs(answer))
    if abs(power) > _FAR or not agrees(value / 10.0**power, answer, relative):
        return 0
    return power
