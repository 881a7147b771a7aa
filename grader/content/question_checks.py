"""What the loader demands of one question beyond its fields' types."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

from grader.content.arithmetic import FUNCTION_NAMES, ExpressionError, names
from grader.content.question_records import (
    BankHeader,
    Choice,
    Cloze,
    Match,
    Numeric,
    Option,
    Order,
    Question,
    Record,
    Reference,
    Shape,
    Text,
    Trace,
    TrueFalse,
    Variable,
)
from grader.content.question_type_checks import check_type
from grader.content.templates import TemplateError, template_names
from grader.content.yaml_records import Reading, closest

ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9]+(?:-[a-z0-9]+)*\Z")


def check_question(reading: Reading, question: Question, bank: BankHeader) -> None:
    """Note everything about `question` that its types cannot say."""
    _check_identity(reading, question, bank)
    for name, variable in question.vars.items():
        _check_variable(reading, question, name, variable)
    _check_expressions(reading, question)
    _check_templates(reading, question)
    for reference in question.refs:
        _check_reference(reading, reference)
    if len(question.hints) > 3:
        reading.note(question.line, "hints", f"{_of(question)}: at most three hints.")
    check_type(reading, question)


def _of(question: Question) -> str:
    return f"`{question.id}`"


def _check_identity(reading: Reading, question: Question, bank: BankHeader) -> None:
    if not ID.match(question.id) or question.id.partition(".")[0] != bank.id:
        mend = f"`{bank.id}.some-name` in small letters"
        reading.note(question.line, "id", f"The id {_of(question)} is not of this bank.", mend)
    if question.rev < 1:
        reading.note(question.line, "rev", f"{_of(question)}: `rev` counts from 1.")
    known = {objective.id for objective in bank.objectives}
    if question.objective is not None and known and question.objective not in known:
        message = f"{_of(question)}: `{question.objective}` is not an objective of the bank."
        reading.note(
            question.line, "unknown-objective", message, closest(question.objective, known)
        )


def _check_variable(reading: Reading, question: Question, name: str, variable: Variable) -> None:
    def note(message: str, mend: str = "") -> None:
        reading.note(
            variable.line, "variable", f"{_of(question)}: variable `{name}` {message}", mend
        )

    if not name.isidentifier() or keyword.iskeyword(name) or name in {"answer", *FUNCTION_NAMES}:
        note("needs another name.", "a Python identifier that is no function and not `answer`")
    ways = (variable.int_range, variable.choice, variable.float_range, variable.let)
    if sum(way is not None for way in ways) != 1:
        note("needs exactly one of int, choice, float, let.")
    for bounds in (variable.int_range, variable.float_range):
        if bounds is not None and bounds[0] > bounds[1]:
            note("has its smallest value above its largest.")
    if variable.step < 1 or not 0 <= variable.decimals <= 9 or variable.choice == ():
        note("has a step below 1, decimals outside 0..9, or no choice.")


def _check_expressions(reading: Reading, question: Question) -> None:
    earlier: set[str] = set()
    for name, variable in question.vars.items():
        if variable.let is not None:
            check_expression(reading, question, variable.line, variable.let, earlier)
        earlier.add(name)
    for condition in question.where:
        check_expression(reading, question, question.line, condition, earlier)
    if isinstance(question, Numeric):
        for value in (question.answer, *question.accept, *(trap.value for trap in question.traps)):
            check_expression(reading, question, question.line, value, earlier)
    if isinstance(question, Shape):
        traps = (trap.value for trap in question.traps if isinstance(trap.value, list))
        for axes in (question.answer, *question.accept, *traps):
            for axis in axes:
                check_expression(reading, question, question.line, axis, None)


def check_expression(
    reading: Reading, question: Question, line: int, source: object, known: set[str] | None
) -> None:
    """Note an expression that is not allowed or uses unknown variables (None: any symbol)."""
    if not isinstance(source, str):
        return
    try:
        used = names(source)
    except ExpressionError as error:
        reading.note(line, "expression", f"{_of(question)}: {error}.")
        return
    for name in sorted(used - known) if known is not None else ():
        message = f"{_of(question)}: `{source}` uses `{name}`, which is not a variable."
        reading.note(line, "unknown-variable", message, closest(name, known or ()))


def _check_templates(reading: Reading, question: Question) -> None:
    known = frozenset(question.vars)
    for record, text, answer_too in templates(question):
        try:
            unknown = template_names(text) - known - ({"answer"} if answer_too else set())
        except TemplateError as error:
            reading.note(record.line, "template", f"{_of(question)}: {error}.")
            continue
        for name in sorted(unknown):
            message = f"{_of(question)}: `{{{name}}}` is not a variable."
            mend = "write {{ and }} for braces that are meant as they stand"
            reading.note(record.line, "unknown-variable", message, mend)


def templates(question: Question) -> Iterator[tuple[Record, str, bool]]:
    """Every template of a question: its record, its text, and whether {answer} may stand in it."""
    yield question, question.prompt, False
    yield question, question.explain, True
    yield from ((question, hint, False) for hint in question.hints)
    for text, record in _option_texts(question):
        yield record, text, False
    for record in _parts_with_why(question):
        yield record, getattr(record, "why", ""), True
    if isinstance(question, (Text, Trace)):
        values = ((trap, trap.value) for trap in question.traps)
        yield from ((trap, value, False) for trap, value in values if isinstance(value, str))


def _option_texts(question: Question) -> Iterator[tuple[str, Record]]:
    for option in _options(question):
        yield option.text, option
    if isinstance(question, Order):
        yield from ((item.text, item) for item in question.items)
    if isinstance(question, Match):
        for pair in question.pairs:
            yield pair.left, pair
            yield pair.right, pair
        yield from ((extra.text, extra) for extra in question.extra)


def _options(question: Question) -> tuple[Option, ...]:
    if isinstance(question, Choice):
        return question.options
    return question.reasons if isinstance(question, TrueFalse) else ()


def _parts_with_why(question: Question) -> Iterator[Record]:
    yield from _options(question)
    if isinstance(question, TrueFalse):
        yield question
    if isinstance(question, Order):
        yield from question.items
    if isinstance(question, Match):
        yield from (*question.pairs, *question.extra)
    if isinstance(question, Cloze):
        for blank in question.blanks.values():
            yield from blank.traps
    if isinstance(question, (Numeric, Shape, Text, Trace)):
        yield from question.traps


def _check_reference(reading: Reading, reference: Reference) -> None:
    given = (reference.task, reference.lesson, reference.paper)
    if sum(value is not None for value in given) != 1:
        message = "A reference needs exactly one of task, lesson, paper."
        reading.note(reference.line, "reference", message)
