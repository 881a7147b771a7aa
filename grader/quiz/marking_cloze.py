"""Marking of ``cloze``: code with holes, compared as Python syntax trees of the whole."""

from __future__ import annotations

import re

from grader.content.question_records import Blank, Cloze, Trap
from grader.content.question_type_checks import BLANK
from grader.quiz.completed_code import as_one_value, fits, tree
from grader.quiz.drawing import Drawn
from grader.quiz.marker import Foreseen
from grader.quiz.spelling import normal, one_typo_apart
from grader.quiz.verdicts import Remark, Verdict, right, unreadable

BRACKETS = (
    "right as a value, but put into its line as it is typed it joins with what stands "
    "beside it. Write brackets round it."
)


def holes(question: Cloze) -> list[str]:
    """The names of the blanks in the order in which they stand in the code."""
    return [str(name) for name in BLANK.findall(question.code)]


def code_with_numbers(question: Cloze) -> str:
    """The code as it is shown: holes numbered, ``__1__``."""
    number = {name: at for at, name in enumerate(holes(question), 1)}
    return BLANK.sub(lambda hole: f"__{number[hole.group(1)]}__", question.code)


class ClozeMarker:
    """Blanks, separated by semicolons."""

    def mark(self, drawn: Drawn, typed: str) -> Verdict:
        """Each blank on its own; all must be right."""
        question = _cloze(drawn)
        names = holes(question)
        parts = [re.sub(r"^\s*[0-9]\s*[:)=]\s*", "", part) for part in typed.split(";")]
        parts = [part.strip().strip("`").strip() for part in parts]
        if len(parts) != len(names) or not all(parts):
            return unreadable(self.how(drawn))
        bad = [part for part in parts if question.language == "python" and tree(part) is None]
        if bad:
            return unreadable(f"`{bad[0][:40]}` is not a Python expression. {self.how(drawn)}")
        remarks: list[Remark] = []
        labels: list[str] = []
        hits = 0
        for number, (name, part) in enumerate(zip(names, parts, strict=True), 1):
            blank = question.blanks[name]
            if _accepted(question, name, part):
                hits += 1
                continue
            at = self._trap(question, blank, part)
            torn = at is None and _right_alone(question, blank, part)
            other = "brackets" if torn else "other"
            labels.append(f"{name} trap {at + 1}" if at is not None else f"{name} {other}")
            before = f"Blank {number}: " if len(names) > 1 else ""
            if torn:
                text = before + (BRACKETS if before else BRACKETS[0].upper() + BRACKETS[1:])
                remarks.append(Remark(text, kind="brackets"))
            elif at is not None:
                remarks.append(self._why(drawn, blank.traps[at], before))
            elif before:
                remarks.append(Remark(f"{before}not this.", kind="blank"))
        given = "; ".join(parts)
        if hits == len(names):
            return right(given)
        return Verdict("wrong", hits / len(names), tuple(remarks), given, tuple(labels))

    def _why(self, drawn: Drawn, trap: Trap, before: str) -> Remark:
        return Remark(before + drawn.text(trap.why, answer=self.answer(drawn)), trap.misconception)

    def _trap(self, question: Cloze, blank: Blank, part: str) -> int | None:
        for index, trap in enumerate(blank.traps):
            if _same(question, part, str(trap.value), typo=False):
                return index
        return None

    def key(self, drawn: Drawn) -> str:
        """The blanks' answers."""
        question = _cloze(drawn)
        return "; ".join(_typed(question, name) for name in holes(question))

    def answer(self, drawn: Drawn) -> str:
        """The blanks' answers as code."""
        question = _cloze(drawn)
        if question.language == "text":
            return self.key(drawn)
        return ", ".join(f"`{_typed(question, name)}`" for name in holes(question))

    def how(self, drawn: Drawn) -> str:
        """How to write it."""
        question = _cloze(drawn)
        count = len(question.blanks)
        code = question.language == "python"
        brackets = " Brackets count where the line needs them." if code else ""
        if count == 1:
            return f"Type what stands in the blank.{brackets}"
        each = f"Type what stands in the {count} blanks, separated by semicolons: first; second."
        return each + brackets

    def accepted(self, drawn: Drawn) -> list[str]:
        """Every accepted form of every blank, the others at their first."""
        question = _cloze(drawn)
        return [
            self._with(question, name, _typed(question, name, form))
            for name in holes(question)
            for form in question.blanks[name].accept
        ]

    def _with(self, question: Cloze, name: str, value: str) -> str:
        return "; ".join(value if n == name else _typed(question, n) for n in holes(question))

    def foreseen(self, drawn: Drawn) -> list[Foreseen]:
        """Every trap of every blank, the others right."""
        question, answer = _cloze(drawn), self.answer(drawn)
        return [
            Foreseen(
                self._with(question, name, str(trap.value)),
                drawn.text(trap.why, answer=answer),
                trap.line,
            )
            for name in holes(question)
            for trap in question.blanks[name].traps
        ]


def _cloze(drawn: Drawn) -> Cloze:
    assert isinstance(drawn.question, Cloze)
    return drawn.question


def _typed(question: Cloze, name: str, form: str | None = None) -> str:
    """A right form of a blank as it must be typed; by default its answer."""
    chosen = question.blanks[name].answer if form is None else form
    return as_one_value(question, name, chosen) if question.language == "python" else chosen


def _accepted(question: Cloze, name: str, part: str) -> bool:
    blank = question.blanks[name]
    if question.language == "python":
        return any(fits(question, name, part, form) for form in (blank.answer, *blank.accept))
    return any(_same(question, part, form, typo=True) for form in (blank.answer, *blank.accept))


def _right_alone(question: Cloze, blank: Blank, part: str) -> bool:
    """Whether a blank that does not fit is right but for the brackets round it."""
    forms = (blank.answer, *blank.accept)
    return question.language == "python" and any(tree(part) == tree(form) for form in forms)


def _same(question: Cloze, part: str, form: str, *, typo: bool) -> bool:
    if question.language == "python":
        return tree(part) == tree(form)
    one, other = normal(part), normal(form)
    return one == other or (typo and one_typo_apart(one, other))
