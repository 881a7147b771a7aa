"""The proof of one question over many seeds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from grader.content.arithmetic import names
from grader.content.question_checks import templates
from grader.content.question_records import (
    Choice,
    Cloze,
    Match,
    Numeric,
    Order,
    Question,
    Shape,
    Text,
    Trace,
    TrueFalse,
)
from grader.content.templates import shown, template_names
from grader.errors import ContentError, Finding
from grader.quiz.drawing import Drawn, draw
from grader.quiz.marker import Marker
from grader.quiz.marking import explanation, marker_of
from grader.quiz.spelling import normal

LONGEST_CODE_LINE = 72
LONGEST_OUTPUT = 60
LEAST_DRAWS = 5
LEAST_SURVIVING = 0.05
FIXED_SEEDS = 5  # layouts tried with traps when nothing but the order of options changes
_EASY_WAY_OUT = re.compile(
    r"\b(?:all|none|both|neither) of (?:the above|these|them)\b", re.IGNORECASE
)


class Notes:
    """Findings of one file; the same fault on many seeds is told once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self._told: set[tuple[int, str, str]] = set()

    def add(self, line: int, rule: str, message: str, mend: str = "", once: str = "") -> None:
        """Add a finding, unless one with the same line, rule and `once` was told."""
        key = (line, rule, once or message)
        if key not in self._told:
            self._told.add(key)
            self.findings.append(Finding(self.file, line, rule, message, mend))


def prove_question(notes: Notes, question: Question, seeds: int) -> None:
    """Add what is wrong with `question` on any of `seeds` draws."""
    _prove_texts(notes, question)
    draws: list[Drawn] = []
    proven: set[tuple[tuple[str, Any], ...]] = set()
    try:
        for number in range(seeds):
            draws.append(draw(question, f"proof-{number}"))
            values = tuple(draws[-1].variables.items())
            if number < FIXED_SEEDS or values not in proven:
                proven.add(values)
                _prove_drawn(notes, draws[-1])
            else:
                _prove_oracle(notes, draws[-1], marker_of(draws[-1]))
    except ContentError as error:
        notes.add(question.line, "trace", f"`{question.id}`: {error}")
        return
    except ValueError as error:
        at = _draw_of(draws)
        notes.add(question.line, "draw", f"`{question.id}`: {error}{at}.", once=question.id)
        return
    if question.vars:
        _prove_variety(notes, question, draws)


def _draw_of(draws: list[Drawn]) -> str:
    return f" (draw {dict(draws[-1].variables)})" if draws and draws[-1].variables else ""


def _prove_variety(notes: Notes, question: Question, draws: list[Drawn]) -> None:
    different = {tuple(sorted(d.variables.items(), key=str)) for d in draws}
    if len(different) < min(LEAST_DRAWS, len(draws)):
        message = f"`{question.id}` has only {len(different)} different draws."
        notes.add(question.line, "few-draws", message, "widen the variables")
    rejected = sum(d.rejected for d in draws)
    if len(draws) / (len(draws) + rejected) < LEAST_SURVIVING:
        message = f"`{question.id}`: `where` refuses more than 95 % of the draws."
        notes.add(question.line, "where", message, "narrow the variables instead")
    used = {name for _, text, _ in templates(question) for name in template_names(text)}
    used |= _names_in_expressions(question)
    for name in sorted(question.vars.keys() - used):
        notes.add(question.line, "unused-variable", f"`{question.id}` never uses `{name}`.")


def _names_in_expressions(question: Question) -> set[str]:
    sources: list[object] = [*question.where, *(v.let for v in question.vars.values())]
    if isinstance(question, Numeric):
        sources += [question.answer, *question.accept]
    if isinstance(question, Shape):
        sources += [*question.answer]
    used = {name for source in sources if isinstance(source, str) for name in names(source)}
    code = question.code if isinstance(question, (Trace, Cloze)) else ""
    return used | set(re.findall(r"[A-Za-z_]\w*", code))


def _prove_oracle(notes: Notes, drawn: Drawn, marker: Marker) -> None:
    key = marker.key(drawn)
    if not marker.mark(drawn, key).right:
        message = f"`{drawn.question.id}`: its own answer `{key}` is refused{_draw_of([drawn])}."
        notes.add(drawn.question.line, "oracle", message, once="oracle")


def _prove_drawn(notes: Notes, drawn: Drawn) -> None:
    question, marker = drawn.question, marker_of(drawn)
    _prove_oracle(notes, drawn, marker)
    at = _draw_of([drawn])
    for typed in marker.accepted(drawn):
        if not marker.mark(drawn, typed).right:
            message = f"`{question.id}`: the accepted form `{typed.strip()}` is refused{at}."
            notes.add(question.line, "accept", message, once=f"accept {len(typed)}")
    for wrong in marker.foreseen(drawn):
        verdict = marker.mark(drawn, wrong.typed)
        said = "\n".join(remark.text for remark in verdict.remarks)
        name = f"`{question.id}`: the wrong answer `{wrong.typed}`"
        if verdict.right:
            mend = "add `where`, or change the trap"
            notes.add(wrong.line, "trap-right", f"{name} is taken for right{at}.", mend, "right")
        elif verdict.status == "unreadable":
            notes.add(wrong.line, "trap-unreadable", f"{name} cannot be read{at}.", once="unread")
        elif wrong.why not in said:
            message = f"{name} gets another trap's why{at}."
            notes.add(wrong.line, "trap-why", message, "make the traps differ on every draw", "why")
    for label, texts in _must_differ(drawn):
        _prove_different(notes, drawn, label, texts)
    _prove_secrecy(notes, drawn, marker)
    explanation(drawn)


def _must_differ(drawn: Drawn) -> list[tuple[str, list[str]]]:
    question = drawn.question
    if isinstance(question, Choice):
        return [("options", [drawn.text(option.text) for option in question.options])]
    if isinstance(question, TrueFalse):
        return [("reasons", [drawn.text(reason.text) for reason in question.reasons])]
    if isinstance(question, Order):
        return [("items", [drawn.text(item.text) for item in question.items])]
    if isinstance(question, Match):
        rights = [*(p.right for p in question.pairs), *(e.text for e in question.extra)]
        lefts = [p.left for p in question.pairs]
        return [("left sides", [drawn.text(t) for t in lefts]),
                ("right sides", [drawn.text(t) for t in rights])]  # fmt: skip
    return []


def _prove_different(notes: Notes, drawn: Drawn, label: str, texts: Iterable[str]) -> None:
    seen: set[str] = set()
    for text in (" ".join(text.lower().split()) for text in texts):
        if text in seen:
            message = f"`{drawn.question.id}`: two {label} are equal: {text!r}{_draw_of([drawn])}."
            notes.add(drawn.question.line, "equal-options", message, once=label)
        seen.add(text)


def _prove_secrecy(notes: Notes, drawn: Drawn, marker: Marker) -> None:
    """No hint holds the answer; no prompt of a text question does."""
    question = drawn.question
    for secret in _secrets(drawn, marker):
        for number, hint in enumerate(question.hints, 1):
            if _holds(drawn.text(hint), secret):
                message = f"`{question.id}`: hint {number} contains the answer `{secret}`."
                notes.add(question.line, "hint-answers", message, once=f"hint {number}")
        if isinstance(question, Text) and _holds(drawn.prompt, secret):
            message = f"`{question.id}`: the prompt contains the answer `{secret}`."
            notes.add(question.line, "prompt-answers", message, once="prompt")
    if isinstance(question, Trace):
        _prove_output(notes, drawn, marker.key(drawn))


def _prove_output(notes: Notes, drawn: Drawn, printed: str) -> None:
    if not printed or "\n" in printed or len(printed) > LONGEST_OUTPUT:
        message = f"`{drawn.question.id}` must print one line of at most 60 characters."
        notes.add(
            drawn.question.line, "output", message + f" It prints {printed[:80]!r}.", once="out"
        )
    if "np." in printed or "array(" in printed or " at 0x" in printed:
        message = f"`{drawn.question.id}` prints {printed[:60]!r}, which depends on the version."
        notes.add(drawn.question.line, "output", message, "print plain numbers", "np")


def _secrets(drawn: Drawn, marker: Marker) -> list[str]:
    question = drawn.question
    if isinstance(question, Text):
        return [question.answer, *question.accept]
    if isinstance(question, Cloze):
        blanks = question.blanks.values()
        return [b.answer for b in blanks if len(b.answer) > 2 and not b.answer.isdigit()]
    if isinstance(question, Choice):
        return [drawn.text(option.text) for option in question.options if option.correct]
    if isinstance(question, Numeric):
        answer = shown(marker.answer(drawn))
        return [answer] if len(answer) > 1 and not _named_in_prompt(drawn, answer) else []
    return [shown(marker.answer(drawn))] if isinstance(question, (Shape, Trace)) else []


def _named_in_prompt(drawn: Drawn, answer: str) -> bool:
    return _holds(drawn.prompt, answer)


def _holds(text: str, secret: str) -> bool:
    raw = secret.strip()
    if not any(character.isalpha() for character in raw) or "(" in raw:
        pattern = rf"(?<![\w.]){re.escape(raw)}(?![\w]|\.\d)"
        return raw in text and re.search(pattern, text) is not None
    plain, wanted = normal(text), normal(secret)
    if not wanted or wanted not in plain:  # most often, and a search costs a compilation
        return False
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", plain) is not None


def _prove_texts(notes: Notes, question: Question) -> None:
    for _, text, _ in templates(question):
        for block in re.findall(r"```[^\n]*\n(.*?)```", text, re.DOTALL):
            _prove_code_width(notes, question, block)
    if isinstance(question, (Cloze, Trace)):
        _prove_code_width(notes, question, question.code)
    for option in question.options if isinstance(question, Choice) else ():
        if _EASY_WAY_OUT.search(option.text):
            message = f"`{question.id}`: {option.text!r} is no option of its own."
            notes.add(option.line, "all-of-the-above", message, "write what you mean")


def _prove_code_width(notes: Notes, question: Question, code: str) -> None:
    longest = max((len(line) for line in code.splitlines()), default=0)
    if longest > LONGEST_CODE_LINE:
        message = f"`{question.id}`: a line of code has {longest} characters."
        notes.add(question.line, "wide-code", message, f"at most {LONGEST_CODE_LINE}")
