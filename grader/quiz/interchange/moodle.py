"""Export to Moodle XML (https://docs.moodle.org/en/Moodle_XML_format)."""

from __future__ import annotations

import html
import re

from grader.content.arithmetic import evaluate_number
from grader.content.question_library import Library
from grader.content.question_records import Cloze, Match, Numeric, Order
from grader.content.templates import shown
from grader.quiz.asking import shown_question
from grader.quiz.drawing import Drawn
from grader.quiz.interchange.carried import Export, drawn_questions, fraction, losses
from grader.quiz.interchange.gift import choices, slack_of
from grader.quiz.interchange.html_text import to_html
from grader.quiz.marking import explanation, marker_of
from grader.quiz.marking_cloze import holes

NO_ORDER = "Moodle XML has no order that allows several right ones; the question is left out"
_TYPES = {"single": "multichoice", "multi": "multichoice", "truefalse": "multichoice",
          "numeric": "numerical", "match": "matching", "cloze": "cloze"}  # fmt: skip
_KIND_NOTES = {
    "truefalse": "asked as a choice of verdict and reason together",
    "shape": "the shape is compared as text; no feedback by axis",
    "cloze": "blanks are compared as text, not as Python",
}


def export_moodle(library: Library, bank_id: str | None, seed: str) -> Export:
    """The questions as Moodle XML, and what was lost."""
    parts, reports, carried, category = [], [], 0, ""
    for drawn in drawn_questions(library, bank_id, seed):
        question = drawn.question
        if isinstance(question, Order):
            reports.append(f"{question.id}: {NO_ORDER}")
            continue
        title = library.bank_of(question.id).header.title
        if title != category:
            category = title
            parts.append(_category(title))
        reports += losses(question, hints=True, kind_note=_KIND_NOTES.get(question.type, ""))
        parts.append(_question(drawn, library))
        carried += 1
    body = "\n".join(parts)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{body}\n</quiz>\n'
    return Export(text, tuple(reports), carried)


def _category(title: str) -> str:
    path = f"$course$/top/{title.replace('/', '//')}"
    return f'<question type="category"><category>{_text(path)}</category></question>'


def _text(text: str) -> str:
    return f"<text>{html.escape(text, quote=False)}</text>"


def _cdata(text: str) -> str:
    safe = text.replace("]]>", "]]]]><![CDATA[>")
    return f"<text><![CDATA[{safe}]]></text>"


def _question(drawn: Drawn, library: Library) -> str:
    question = drawn.question
    view = shown_question(drawn, library)
    stem = to_html(view.prompt) + (f"<pre>{html.escape(view.code)}</pre>" if view.code else "")
    if isinstance(question, Cloze):
        stem = to_html(view.prompt) + _cloze_code(drawn, question)
    lines = [
        f'<question type="{_TYPES.get(question.type, "shortanswer")}">',
        f"<name>{_text(question.id)}</name>",
        f'<questiontext format="html">{_cdata(stem)}</questiontext>',
        f'<generalfeedback format="html">{_cdata(to_html(explanation(drawn)))}</generalfeedback>',
        f"<idnumber>{html.escape(f'{question.id}@{question.rev}')}</idnumber>",
        "<defaultgrade>1</defaultgrade>",
        *_answers(drawn),
        *(f'<hint format="html">{_cdata(to_html(drawn.text(h)))}</hint>' for h in question.hints),
        "</question>",
    ]
    return "\n".join(lines)


def _answer(text: str, share: float, why: str, inside: str = "", form: str = "") -> str:
    feedback = f'<feedback format="html">{_cdata(to_html(why))}</feedback>' if why else ""
    content = _cdata(to_html(text)) if form == "html" else _text(text)
    kind = f' format="{form}"' if form else ""
    return f'<answer fraction="{fraction(share)}"{kind}>{content}{inside}{feedback}</answer>'


def _answers(drawn: Drawn) -> list[str]:
    question = drawn.question
    if isinstance(question, Numeric):
        return _numeric(drawn, question)
    if isinstance(question, Match):
        return _matching(drawn, question)
    if isinstance(question, Cloze):
        return []
    if question.type in ("single", "multi", "truefalse"):
        single = "false" if question.type == "multi" else "true"
        options = (_answer(text, share, why, form="html") for text, share, why in choices(drawn))
        return [f"<single>{single}</single>", "<shuffleanswers>true</shuffleanswers>", *options]
    marker = marker_of(drawn)
    forms = [form for form in marker.accepted(drawn) if form == form.strip()]
    rights = dict.fromkeys([marker.key(drawn), *forms])
    lines = ["<usecase>0</usecase>", *(_answer(_starless(form), 1.0, "") for form in rights)]
    return lines + [_answer(_starless(w.typed), 0.0, w.why) for w in marker.foreseen(drawn)]


def _starless(text: str) -> str:
    return text.replace("*", "\\*")  # a bare star is Moodle's wildcard


def _numeric(drawn: Drawn, question: Numeric) -> list[str]:
    answer = marker_of(drawn).answer(drawn)
    rights = (answer, *(evaluate_number(v, drawn.variables) for v in question.accept))
    lines = []
    for value in rights:
        slack = f"<tolerance>{slack_of(question, value):g}</tolerance>"
        lines.append(_answer(shown(value), 1.0, "", slack))
    for trap in question.traps:
        value = evaluate_number(trap.value, drawn.variables)
        slack = f"<tolerance>{slack_of(question, value):g}</tolerance>"
        lines.append(_answer(shown(value), 0.0, drawn.text(trap.why, answer=answer), slack))
    return lines


def _matching(drawn: Drawn, question: Match) -> list[str]:
    pairs = [(drawn.text(p.left), drawn.text(p.right)) for p in question.pairs]
    pairs += [("", drawn.text(extra.text)) for extra in question.extra]
    lines = ["<shuffleanswers>true</shuffleanswers>"]
    for left, right in pairs:
        stem = _cdata(to_html(left)) if left else "<text></text>"
        lines.append(
            f'<subquestion format="html">{stem}<answer>{_text(right)}</answer></subquestion>'
        )
    return lines


def _cloze_code(drawn: Drawn, question: Cloze) -> str:
    """The code with Moodle's embedded answers ``{1:SHORTANSWER:=ft~%0%it#why}`` in its holes."""
    code = html.escape(question.code)
    marker = marker_of(drawn)
    answer = shown(marker.answer(drawn))
    for name in holes(question):
        blank = question.blanks[name]
        rights = "~".join(f"={_embedded(form)}" for form in (blank.answer, *blank.accept))
        wrong = "".join(
            f"~%0%{_embedded(str(trap.value))}#{_embedded(drawn.text(trap.why, answer=answer))}"
            for trap in blank.traps
        )
        hole = f"{{1:SHORTANSWER_C:{rights}{wrong}}}"
        code = code.replace(f"&lt;&lt;{name}&gt;&gt;", hole)
    return f"<pre>{code}</pre>"


def _embedded(text: str) -> str:
    return re.sub(r"([}#~/\"\\*])", r"\\\1", html.escape(text, quote=False))
