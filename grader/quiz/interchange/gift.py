"""Export to GIFT, Moodle's text format (https://docs.moodle.org/en/GIFT_format)."""

from __future__ import annotations

import re
from decimal import Decimal

from grader.content.arithmetic import evaluate_number
from grader.content.question_library import Library
from grader.content.question_records import Cloze, Match, Numeric, Order, Text, TrueFalse
from grader.content.templates import shown
from grader.quiz.asking import shown_question
from grader.quiz.drawing import Drawn
from grader.quiz.interchange.carried import Export, drawn_questions, fraction, losses
from grader.quiz.marking import explanation, marker_of
from grader.quiz.marking_number import tolerance_of

NOT_CARRIED = {
    "order": "GIFT cannot ask for an order; the question is left out",
    "blanks": "GIFT has one answer a question; a cloze of several blanks is left out",
}
_KIND_NOTES = {
    "truefalse": "asked as a choice of verdict and reason together",
    "shape": "the shape is compared as text; no feedback by axis",
    "cloze": "the blank is compared as text, not as Python",
}


def escaped(text: str) -> str:
    """A text with GIFT's own characters made harmless."""
    return re.sub(r"([\\:#={}~])", r"\\\1", text).replace("\n", "\\n")


def export_gift(library: Library, bank_id: str | None, seed: str) -> Export:
    """The questions as GIFT, and what was lost."""
    parts, reports = [], []
    category = ""
    for drawn in drawn_questions(library, bank_id, seed):
        question = drawn.question
        missing = _missing(drawn)
        if missing:
            reports.append(f"{question.id}: {missing}")
            continue
        bank = library.bank_of(question.id).header
        if bank.title != category:
            category = bank.title
            parts.append(f"$CATEGORY: {category}\n")
        reports += losses(question, hints=False, kind_note=_KIND_NOTES.get(question.type, ""))
        if isinstance(question, Match) and question.extra:
            reports.append(f"{question.id}: {len(question.extra)} extra right sides are left out")
        parts.append(_question(drawn, library))
    carried = sum(part.startswith("// ") for part in parts)
    return Export("\n".join(parts), tuple(reports), carried)


def _missing(drawn: Drawn) -> str:
    if isinstance(drawn.question, Order):
        return NOT_CARRIED["order"]
    if isinstance(drawn.question, Cloze) and len(drawn.question.blanks) > 1:
        return NOT_CARRIED["blanks"]
    return ""


def stem(drawn: Drawn, library: Library) -> str:
    """The prompt and the code, as markdown."""
    view = shown_question(drawn, library)
    code = f"\n\n```\n{view.code}\n```" if view.code else ""
    return view.prompt + code


def _question(drawn: Drawn, library: Library) -> str:
    question = drawn.question
    text = escaped(stem(drawn, library))
    body = "\n".join(f"  {line}" for line in _answers(drawn))
    general = escaped(explanation(drawn))
    opening = "{#" if isinstance(question, Numeric) else "{"
    return (
        f"// {question.id} rev {question.rev}\n"
        f"::{escaped(question.id)}::[markdown]{text} {opening}\n{body}\n  ####{general}\n}}\n"
    )


def _answers(drawn: Drawn) -> list[str]:
    question = drawn.question
    if isinstance(question, Numeric):
        return _numeric(drawn, question)
    if isinstance(question, Match):
        pairs = ((drawn.text(p.left), drawn.text(p.right)) for p in question.pairs)
        return [f"={escaped(left)} -> {escaped(right)}" for left, right in pairs]
    if question.type in ("single", "multi", "truefalse"):
        return [_choice_line(*choice, multi=question.type == "multi") for choice in choices(drawn)]
    marker = marker_of(drawn)
    rights = dict.fromkeys([marker.key(drawn), *_written_forms(drawn)])
    lines = [f"=%100%{escaped(form)}" for form in rights]
    lines += [
        f"=%0%{escaped(wrong.typed)}#{escaped(wrong.why)}" for wrong in marker.foreseen(drawn)
    ]
    return lines


def _written_forms(drawn: Drawn) -> list[str]:
    forms = marker_of(drawn).accepted(drawn)
    known = drawn.question.accept if isinstance(drawn.question, Text) else None
    return [form for form in forms if form == form.strip() and (known is None or form in known)]


def choices(drawn: Drawn) -> list[tuple[str, float, str]]:
    """(text, share of the points from -1 to 1, feedback) of every option."""
    question = drawn.question
    answer = shown(marker_of(drawn).answer(drawn))
    if isinstance(question, TrueFalse):
        return _verdicts_with_reasons(drawn, question, answer)
    options = getattr(question, "options", ())
    good = sum(option.correct for option in options)
    found = []
    for index in drawn.layout:
        option = options[index]
        share = 1 / good if option.correct else (-1.0 if question.type == "multi" else 0.0)
        found.append((drawn.text(option.text), share, drawn.text(option.why, answer=answer)))
    return found


def _verdicts_with_reasons(
    drawn: Drawn, question: TrueFalse, answer: str
) -> list[tuple[str, float, str]]:
    right, wrong = ("True", "False") if question.answer else ("False", "True")
    found = []
    for reason in question.reasons:
        text = drawn.text(reason.text)
        why = drawn.text(reason.why, answer=answer)
        found.append((f"{right}: {text}", 1.0 if reason.correct else 0.0, why))
        if reason.correct:
            found.append((f"{wrong}: {text}", 0.0, drawn.text(question.why, answer=answer)))
    return found


def _choice_line(text: str, share: float, why: str, *, multi: bool) -> str:
    feedback = f"#{escaped(why)}" if why else ""
    if multi:
        return f"~%{fraction(share)}%{escaped(text)}{feedback}"
    return f"{'=' if share == 1 else '~'}{escaped(text)}{feedback}"


def _numeric(drawn: Drawn, question: Numeric) -> list[str]:
    lines = []
    answer = marker_of(drawn).answer(drawn)
    for value in (answer, *(evaluate_number(v, drawn.variables) for v in question.accept)):
        lines.append(f"=%100%{decimal(value)}:{decimal(slack_of(question, value))}#")
    for trap in question.traps:
        value = evaluate_number(trap.value, drawn.variables)
        why = escaped(drawn.text(trap.why, answer=answer))
        lines.append(f"=%0%{decimal(value)}:{decimal(slack_of(question, value))}#{why}")
    return lines


def decimal(value: float) -> str:
    """A number without an exponent, which GIFT does not know."""
    return format(Decimal(shown(value)), "f")


def slack_of(question: Numeric, value: float) -> float:
    """The tolerance as an absolute number, which is all that GIFT and Moodle know."""
    tolerance = tolerance_of(question, value)
    return max(tolerance.abs or 0.0, (tolerance.rel or 0.0) * abs(value))
