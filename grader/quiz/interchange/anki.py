"""Export to Anki: tab-separated notes with Anki's own header lines."""

from __future__ import annotations

import csv
import html
import io

from grader.content.question_library import Library
from grader.content.templates import shown
from grader.quiz.asking import shown_question
from grader.quiz.drawing import Drawn
from grader.quiz.interchange.carried import Export, drawn_questions, losses
from grader.quiz.interchange.html_text import inline_html, to_html
from grader.quiz.marker import LETTERS
from grader.quiz.marking import explanation, marker_of

_HEADER = (
    "#separator:tab\n#html:true\n#guid column:1\n#tags column:4\n#columns:Guid\tFront\tBack\tTags\n"
)
SELF_MARKED = "a card is marked by the learner; no answer is compared"


def export_anki(library: Library, bank_id: str | None, seed: str) -> Export:
    """One note a question: prompt in front; answer, reasons and explanation behind."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    reports = []
    drawn_all = drawn_questions(library, bank_id, seed)
    for drawn in drawn_all:
        question = drawn.question
        tags = [f"lesson::{drawn.question.id.partition('.')[0]}", question.type]
        tags += [f"objective::{question.objective}"] if question.objective else []
        guid = f"{question.id}@{question.rev}"
        writer.writerow([guid, _front(drawn, library), _back(drawn), " ".join(tags)])
        lost = losses(question, hints=True)
        fixed = [line for line in lost if "numbers are fixed" in line or "references" in line]
        reports += [*fixed, f"{question.id}: {SELF_MARKED}"]
    return Export(_HEADER + out.getvalue(), tuple(reports), len(drawn_all))


def _front(drawn: Drawn, library: Library) -> str:
    view = shown_question(drawn, library)
    parts = [to_html(view.prompt)]
    if view.code:
        parts.append(f"<pre>{html.escape(view.code)}</pre>")
    parts += [f"<p>{n}. {inline_html(text)}</p>" for n, text in enumerate(view.numbered, 1)]
    lettered = zip(LETTERS, view.lettered, strict=False)
    parts += [f"<p>{letter}) {inline_html(text)}</p>" for letter, text in lettered]
    if drawn.question.hints:
        inside = "".join(to_html(drawn.text(hint)) for hint in drawn.question.hints)
        parts.append(f"<details><summary>Hints</summary>{inside}</details>")
    return _one_line("".join(parts))


def _back(drawn: Drawn) -> str:
    marker = marker_of(drawn)
    parts = [
        f"<p><b>{inline_html(shown(marker.answer(drawn)))}</b></p>",
        to_html(explanation(drawn)),
    ]
    wrong = [
        f"<li>{html.escape(f.typed)}: {inline_html(f.why)}</li>" for f in marker.foreseen(drawn)
    ]
    parts += ["<p>Not right, because:</p><ul>", *wrong, "</ul>"] if wrong else []
    return _one_line("".join(parts))


def _one_line(text: str) -> str:
    return text.replace("\t", "    ").replace("\n", "<br>")
