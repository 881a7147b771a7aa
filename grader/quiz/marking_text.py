"""Marking of ``text`` (a word or phrase) and ``trace`` (what does this print?)."""

from __future__ import annotations

import ast
import math
import re
from typing import Any

from grader.content.arithmetic import quiet_parse
from grader.content.question_records import Text, Trace, Trap
from grader.content.templates import shown
from grader.quiz.drawing import Drawn
from grader.quiz.marker import Foreseen
from grader.quiz.spelling import normal, one_typo_apart
from grader.quiz.tracing import run_trace
from grader.quiz.verdicts import Remark, Verdict, right, unreadable

SEPARATORS = (
    "The values are right; what stands between them is not: `print` puts a blank between its "
    "arguments, and a comma only inside lists and tuples."
)


_ABBREVIATED = re.compile(r"\s*([^()]+?)\s*\(([^()]+)\)[\s.]*")  # truncated BPTT (TBPTT)


class TextMarker:
    """A word or a short phrase."""

    def mark(self, drawn: Drawn, typed: str) -> Verdict:
        """Accepted forms and patterns, then traps, then one typo."""
        question = _text(drawn)
        if not typed.strip():
            return unreadable(self.how(drawn))
        given = normal(typed)
        forms = [normal(form) for form in (question.answer, *question.accept)]
        if given in forms or any(_matches(pattern, typed) for pattern in question.patterns):
            return right(given)
        both = _ABBREVIATED.fullmatch(typed[:200])
        if both is not None and all(normal(part) in forms for part in both.groups()):
            return right(given)
        for index, trap in enumerate(question.traps):
            if _trapped(drawn, trap, typed):
                why = drawn.text(trap.why, answer=self.answer(drawn))
                remark = Remark(why, trap.misconception)
                return Verdict("wrong", 0.0, (remark,), given, (f"trap {index + 1}",))
        if question.typo and any(one_typo_apart(given, form) for form in forms):
            return right(given, Remark("One letter is off; we take it.", kind="typo"))
        return Verdict("wrong", 0.0, (), given)

    def key(self, drawn: Drawn) -> str:
        """The answer."""
        return _text(drawn).answer

    def answer(self, drawn: Drawn) -> str:
        """The answer."""
        return _text(drawn).answer

    def how(self, drawn: Drawn) -> str:
        """How to write it."""
        return "Type a word or a short phrase."

    def accepted(self, drawn: Drawn) -> list[str]:
        """Other forms; upper case and blanks around do not matter."""
        question = _text(drawn)
        return [*question.accept, f"  {question.answer.upper()} "]

    def foreseen(self, drawn: Drawn) -> list[Foreseen]:
        """The traps that are texts (a pattern has no single text)."""
        return [
            Foreseen(
                drawn.text(trap.value), drawn.text(trap.why, answer=self.answer(drawn)), trap.line
            )
            for trap in _text(drawn).traps
            if trap.value is not None
        ]


def _text(drawn: Drawn) -> Text:
    assert isinstance(drawn.question, Text)
    return drawn.question


def _matches(pattern: str, typed: str) -> bool:
    short = " ".join(typed[:200].replace("`", "").split())
    return re.fullmatch(pattern, short, re.IGNORECASE) is not None


def _trapped(drawn: Drawn, trap: Trap, typed: str) -> bool:
    if trap.pattern is not None:
        return _matches(trap.pattern, typed)
    wanted = normal(drawn.text(trap.value))
    return normal(typed) == wanted or one_typo_apart(normal(typed), wanted)


class TraceMarker:
    """One line of output, which the code itself decides."""

    def mark(self, drawn: Drawn, typed: str) -> Verdict:
        """Compare with what the code printed; numbers as numbers, blanks forgiven."""
        if not typed.strip():
            return unreadable(self.how(drawn))
        given = " ".join(typed.strip().strip("`").split())
        if same_output(given, self.key(drawn)):
            return right(given)
        for index, trap in enumerate(_trace(drawn).traps):
            if same_output(given, _trap_output(drawn, trap)):
                why = drawn.text(trap.why, answer=self.answer(drawn))
                remark = Remark(why, trap.misconception)
                return Verdict("wrong", 0.0, (remark,), given, (f"trap {index + 1}",))
        if same_but_for_separators(given, self.key(drawn)):
            remark = Remark(SEPARATORS, kind="separator")
            return Verdict("wrong", 0.5, (remark,), given, ("separator",))
        return Verdict("wrong", 0.0, (), given)

    def key(self, drawn: Drawn) -> str:
        """What the code prints."""
        return run_trace(_trace(drawn).code, drawn.variables).strip()

    def answer(self, drawn: Drawn) -> str:
        """What the code prints."""
        return self.key(drawn)

    def how(self, drawn: Drawn) -> str:
        """How to write it."""
        return "Type the line that is printed, for example: (3, 5) or 0.5 or [1, 2]."

    def accepted(self, drawn: Drawn) -> list[str]:
        """The output with other blanks."""
        return [f"  {self.key(drawn)} ", self.key(drawn).replace(", ", ",")]

    def foreseen(self, drawn: Drawn) -> list[Foreseen]:
        """The traps' outputs."""
        answer = self.answer(drawn)
        return [
            Foreseen(_trap_output(drawn, trap), drawn.text(trap.why, answer=answer), trap.line)
            for trap in _trace(drawn).traps
        ]


def _trace(drawn: Drawn) -> Trace:
    assert isinstance(drawn.question, Trace)
    return drawn.question


def _trap_output(drawn: Drawn, trap: Trap) -> str:
    return drawn.text(trap.value) if isinstance(trap.value, str) else shown(trap.value)


def same_output(typed: str, printed: str) -> bool:
    """Whether a typed line is the printed one; ``0.50`` is ``0.5``, ``(3,5)`` is ``(3, 5)``."""
    if "".join(typed.split()) == "".join(printed.split()) and typed.split() == printed.split():
        return True
    mine, theirs = _literal(typed), _literal(printed)
    if mine is not None and theirs is not None:
        return _same_value(mine, theirs)
    words, wanted = _words(typed), _words(printed)
    return len(words) == len(wanted) and all(map(_same_word, words, wanted))


def same_but_for_separators(typed: str, printed: str) -> bool:
    """Whether only commas and semicolons are different: ``21, 31`` for ``21 31``."""
    mine, theirs = (_words(re.sub("[,;]", " ", text)) for text in (typed, printed))
    return len(mine) == len(theirs) and all(map(_same_word, mine, theirs))


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(quiet_parse(text[:200].translate({0x2212: "-"})))
    except (ValueError, RecursionError, MemoryError, TypeError):
        return None


def _same_value(one: Any, other: Any) -> bool:
    if isinstance(one, (list, tuple)):
        same = type(one) is type(other) and len(one) == len(other)
        return same and all(map(_same_value, one, other))
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        if isinstance(one, bool) or isinstance(other, bool):
            return one is other
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return type(one) is type(other) and bool(one == other)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\s,()\[\]{}:]+|[,()\[\]{}:]", text)


def _same_word(one: str, other: str) -> bool:
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-9, abs_tol=1e-12)
    except ValueError:
        return one == other
