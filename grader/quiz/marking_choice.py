"""Marking of ``single``, ``multi`` and ``truefalse``."""

from __future__ import annotations

import re
from typing import Any

from grader.content.question_records import Choice, Option, TrueFalse
from grader.quiz.drawing import Drawn
from grader.quiz.marker import LETTERS, Foreseen, letters, read_letters
from grader.quiz.verdicts import Remark, Verdict, unreadable


def _options(drawn: Drawn) -> tuple[Option, ...]:
    question = drawn.question
    assert isinstance(question, (Choice, TrueFalse))
    return question.options if isinstance(question, Choice) else question.reasons


def option_texts(drawn: Drawn) -> list[str]:
    """The options or reasons in the order in which they are shown."""
    options = _options(drawn)
    return [drawn.text(options[index].text) for index in drawn.layout]


def _why(drawn: Drawn, option: Option, answer: str, kind: str = "why") -> Remark:
    return Remark(drawn.text(option.why, answer=answer), option.misconception, kind)


def _by_text(drawn: Drawn, typed: str) -> list[int] | None:
    wanted = " ".join(typed.lower().replace("`", "").split())
    texts = [" ".join(text.lower().replace("`", "").split()) for text in option_texts(drawn)]
    return [texts.index(wanted)] if wanted in texts else None


class ChoiceMarker:
    """One or several options."""

    def mark(self, drawn: Drawn, typed: str) -> Verdict:
        """Right when exactly the right options are picked."""
        options, question = _options(drawn), drawn.question
        shown = read_letters(typed, len(options)) or _by_text(drawn, typed)
        if shown is None or (question.type == "single" and len(shown) != 1):
            return unreadable(self.how(drawn))
        picked = sorted(drawn.layout[position] for position in shown)
        correct = [index for index, option in enumerate(options) if option.correct]
        given = letters(picked)
        if picked == correct:
            return Verdict("right", 1.0, (), given)
        answer = self.answer(drawn)
        wrong = [index for index in picked if index not in correct]
        missed = [index for index in correct if index not in picked and options[index].why]
        remarks = [_why(drawn, options[index], answer) for index in wrong]
        if question.type == "multi":
            remarks += [_why(drawn, options[index], answer, "missed") for index in missed]
            remarks += self._count(picked, correct)
        labels = tuple(f"option {LETTERS[index]}" for index in wrong)
        return Verdict(
            "wrong", self._credit(question, picked, correct), tuple(remarks), given, labels
        )

    def _count(self, picked: list[int], correct: list[int]) -> list[Remark]:
        if set(picked) < set(correct):
            some = "one is" if len(correct) - len(picked) == 1 else "some are"
            return [Remark(f"What you picked is right, but {some} missing.", kind="missed")]
        return []

    def _credit(self, question: Any, picked: list[int], correct: list[int]) -> float:
        if question.type == "single" or question.scoring == "all":
            return 0.0
        hits = len(set(picked) & set(correct))
        return max(0.0, (hits - (len(picked) - hits)) / len(correct))

    def key(self, drawn: Drawn) -> str:
        """The letters of the right options."""
        options = _options(drawn)
        return letters([at for at, index in enumerate(drawn.layout) if options[index].correct])

    def answer(self, drawn: Drawn) -> str:
        """The texts of the right options."""
        return "; ".join(drawn.text(option.text) for option in _options(drawn) if option.correct)

    def how(self, drawn: Drawn) -> str:
        """How to pick."""
        last = LETTERS[len(drawn.layout) - 1]
        if drawn.question.type == "single":
            return f"Type one letter from a to {last}."
        return f"Type the letters (a to {last}) of all that are right, one after the other."

    def accepted(self, drawn: Drawn) -> list[str]:
        """Numbers for letters, upper case, commas."""
        key = self.key(drawn)
        numbers = " ".join(str(LETTERS.index(letter) + 1) for letter in key.split())
        return [numbers, key.upper(), key.replace(" ", ", "), key.replace(" ", "")]

    def foreseen(self, drawn: Drawn) -> list[Foreseen]:
        """Each wrong option, alone or beside the right ones."""
        options, answer, found = _options(drawn), self.answer(drawn), []
        for at, index in enumerate(drawn.layout):
            option = options[index]
            if not option.correct:
                beside = f"{self.key(drawn)} " if drawn.question.type == "multi" else ""
                why = drawn.text(option.why, answer=answer)
                found.append(Foreseen(beside + LETTERS[at], why, option.line))
        return found


class TrueFalseMarker:
    """A verdict and its reason: both must be right."""

    def mark(self, drawn: Drawn, typed: str) -> Verdict:
        """Read ``true b`` or ``f a`` and mark both halves."""
        question = drawn.question
        assert isinstance(question, TrueFalse)
        found = re.match(r"\s*(true|false|t|f)[\s,;:.]*(\S.*)?\Z", typed.lower())
        reasons = read_letters(found[2], len(question.reasons)) if found and found[2] else None
        if found is None or reasons is None or len(reasons) != 1:
            return unreadable(self.how(drawn))
        verdict = found[1].startswith("t")
        index = drawn.layout[reasons[0]]
        reason = question.reasons[index]
        answer = self.answer(drawn)
        given = f"{'true' if verdict else 'false'} {LETTERS[index]}"
        remarks, labels = [], []
        if verdict != question.answer:
            why = drawn.text(question.why, answer=answer)
            remarks.append(Remark(why, question.misconception))
            labels.append("verdict")
        if not reason.correct:
            remarks.append(_why(drawn, reason, answer))
            labels.append(f"option {LETTERS[index]}")
        credit = ((verdict == question.answer) + reason.correct) / 2
        return Verdict(
            "right" if credit == 1 else "wrong", credit, tuple(remarks), given, tuple(labels)
        )

    def key(self, drawn: Drawn) -> str:
        """For example ``false b``."""
        question = drawn.question
        assert isinstance(question, TrueFalse)
        right = next(at for at, i in enumerate(drawn.layout) if question.reasons[i].correct)
        return f"{'true' if question.answer else 'false'} {LETTERS[right]}"

    def answer(self, drawn: Drawn) -> str:
        """The verdict and the right reason in words."""
        question = drawn.question
        assert isinstance(question, TrueFalse)
        reason = next(option for option in question.reasons if option.correct)
        return f"{'True' if question.answer else 'False'}: {drawn.text(reason.text)}"

    def how(self, drawn: Drawn) -> str:
        """How to answer both halves."""
        last = LETTERS[len(drawn.layout) - 1]
        return f"Type true or false, a blank, and the letter of the reason (a to {last})."

    def accepted(self, drawn: Drawn) -> list[str]:
        """Short and upper-case forms."""
        verdict, letter = self.key(drawn).split()
        return [f"{verdict[0]} {letter}", f"{verdict.upper()}, {letter.upper()}"]

    def foreseen(self, drawn: Drawn) -> list[Foreseen]:
        """The wrong verdict, and each wrong reason."""
        question = drawn.question
        assert isinstance(question, TrueFalse)
        verdict, letter = self.key(drawn).split()
        answer = self.answer(drawn)
        flipped = "false" if question.answer else "true"
        why = drawn.text(question.why, answer=answer)
        found = [Foreseen(f"{flipped} {letter}", why, question.line)]
        for at, index in enumerate(drawn.layout):
            reason = question.reasons[index]
            if not reason.correct:
                why = drawn.text(reason.why, answer=answer)
                found.append(Foreseen(f"{verdict} {LETTERS[at]}", why, reason.line))
        return found
