"""What each type of question demands of its own parts."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection
from typing import Any

from grader.content.arithmetic import ExpressionError, quiet_parse
from grader.content.question_records import (
    Choice,
    Cloze,
    Match,
    Numeric,
    Option,
    Order,
    Question,
    Shape,
    Text,
    Trace,
    Trap,
    TrueFalse,
)
from grader.content.yaml_records import Reading, closest

SHORTEST_WHY = 15
BLANK = re.compile(r"<<([A-Za-z_][A-Za-z0-9_]*)>>")
_NESTED_REPEAT = re.compile(r"[+*}][^()]*\)\s*[+*{]")  # (a+)+ : time grows without bound
MAX_PATTERN = 200

Note = Callable[[int, str, str], None]


def check_type(reading: Reading, question: Question) -> None:
    """Note what is wrong with the parts that only this type has."""

    def note(line: int, rule: str, message: str) -> None:
        reading.note(line, rule, f"`{question.id}`: {message}")

    match question:
        case Choice():
            _check_choice(note, question)
        case TrueFalse():
            _check_why(note, question.line, question.why, "The wrong verdict")
            _check_options(note, question, question.reasons, range(2, 6))
            _check_one_correct(note, question, question.reasons)
        case Numeric() | Shape() | Text() | Trace():
            _check_traps(note, question)
        case Order():
            _check_order(reading, note, question)
        case Match():
            _check_match(note, question)
        case Cloze():
            _check_cloze(note, question)
        case _:
            raise AssertionError(question.type)


def _check_why(note: Note, line: int, why: str, what: str) -> None:
    if len(why.strip()) < SHORTEST_WHY:
        note(line, "why", f"{what} needs a `why` of at least {SHORTEST_WHY} characters.")


def _check_choice(note: Note, question: Choice) -> None:
    single = question.type == "single"
    _check_options(note, question, question.options, range(3, 6) if single else range(3, 7))
    if single:
        _check_one_correct(note, question, question.options)
        return
    correct = sum(option.correct for option in question.options)
    if not 0 < correct < len(question.options):
        note(question.line, "correct", "needs at least one right and one wrong option.")


def _check_one_correct(note: Note, question: Question, options: tuple[Option, ...]) -> None:
    correct = sum(option.correct for option in options)
    if correct != 1:
        note(question.line, "correct", f"needs exactly one right option, has {correct}.")


def _check_options(
    note: Note, question: Question, options: tuple[Option, ...], sizes: Collection[int]
) -> None:
    if len(options) not in sizes:
        note(question.line, "options", f"needs {min(sizes)} to {max(sizes)} options.")
    for option in options:
        if not option.text.strip():
            note(option.line, "empty", "an option is empty.")
        if not option.correct:
            _check_why(note, option.line, option.why, f"The wrong option {option.text[:40]!r}")


def _check_traps(note: Note, question: Numeric | Shape | Text | Trace) -> None:
    if not question.traps:
        note(question.line, "traps", "needs at least one trap: a wrong answer and its why.")
    for trap in question.traps:
        _check_why(note, trap.line, trap.why, "A trap")
        _check_trap_value(note, question, trap)
    if isinstance(question, Text):
        for pattern in question.patterns:
            _check_pattern(note, question.line, pattern)
    if isinstance(question, Trace):
        _check_python(note, question.line, question.code, "The code")


def _check_trap_value(note: Note, question: Question, trap: Trap) -> None:
    if isinstance(question, Text) and trap.pattern is not None and trap.value is None:
        _check_pattern(note, trap.line, trap.pattern)
        return
    kinds: dict[type[Question], tuple[type[Any], ...]] = {
        Numeric: (int, float, str), Shape: (list,), Text: (str,), Trace: (str, int, float)
    }  # fmt: skip
    allowed = kinds[type(question)]
    if trap.pattern is not None or isinstance(trap.value, bool) or type(trap.value) not in allowed:
        wanted = {"shape": "a list of axes", "numeric": "a number or an expression"}
        note(trap.line, "trap-value", f"a trap's value is {wanted.get(question.type, 'a text')}.")
    elif isinstance(trap.value, list) and any(type(a) not in (int, str) for a in trap.value):
        note(trap.line, "trap-value", "the axes of a shape are names, numbers or expressions.")


def _check_pattern(note: Note, line: int, pattern: str) -> None:
    if len(pattern) > MAX_PATTERN or _NESTED_REPEAT.search(pattern):
        note(line, "pattern", "a pattern is too long or repeats a repetition, such as (a+)+.")
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        note(line, "pattern", f"`{pattern[:60]}` is not a regular expression: {error}.")


def blank_tree(text: str) -> ast.expr | None:
    """The syntax tree of a blank: an expression, or a slice such as ``::-1``; else None."""
    try:
        return quiet_parse(text)
    except ExpressionError:
        pass
    try:
        sliced = quiet_parse(f"_[{text}]") if ":" in text else None
    except ExpressionError:
        return None
    whole = isinstance(sliced, ast.Subscript) and isinstance(sliced.value, ast.Name)
    return sliced if whole else None


def _check_python(note: Note, line: int, code: str, what: str) -> None:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else type(error).__name__
        note(line, "python", f"{what} is not Python: {reason}.")


def _check_order(reading: Reading, note: Note, question: Order) -> None:
    names = [item.id for item in question.items]
    if not 3 <= len(names) <= 7 or len(set(names)) != len(names):
        note(question.line, "items", "needs 3 to 7 items with different ids.")
    if not any(item.after for item in question.items):
        note(question.line, "items", "at least one item must come `after` another.")
    for item in question.items:
        for name in item.after:
            if name not in names:
                message = f"`{question.id}`: `after` names `{name}`, which is not an item."
                reading.note(item.line, "unknown-item", message, closest(name, names))
        if item.after:
            _check_why(note, item.line, item.why, f"The item `{item.id}`")
    if _has_cycle({item.id: item.after for item in question.items}):
        note(question.line, "cycle", "the items wait for each other in a circle.")


def _has_cycle(after: dict[str, tuple[str, ...]]) -> bool:
    waiting = dict(after)
    while waiting:
        free = [name for name, before in waiting.items() if not waiting.keys() & set(before)]
        if not free:
            return True
        for name in free:
            del waiting[name]
    return False


def _check_match(note: Note, question: Match) -> None:
    if not 3 <= len(question.pairs) <= 6 or len(question.extra) > 3:
        note(question.line, "pairs", "needs 3 to 6 pairs and at most 3 extra.")
    for pair in question.pairs:
        _check_why(note, pair.line, pair.why, f"The pair {pair.left[:40]!r}")
    for extra in question.extra:
        _check_why(note, extra.line, extra.why, f"The extra {extra.text[:40]!r}")


def _check_cloze(note: Note, question: Cloze) -> None:
    holes = BLANK.findall(question.code)
    if sorted(holes) != sorted(question.blanks) or not 1 <= len(holes) <= 4:
        message = "the 1 to 4 blanks and the <<holes>> of the code must be the same, each once."
        note(question.line, "blanks", message)
    for name, blank in question.blanks.items():
        if not blank.traps:
            note(blank.line, "traps", f"the blank `{name}` needs at least one trap.")
        for trap in blank.traps:
            _check_why(note, trap.line, trap.why, "A trap")
            if not isinstance(trap.value, str):
                note(trap.line, "trap-value", "a trap's value is a text here: put it in quotes.")
        if question.language == "python":
            for answer in (blank.answer, *blank.accept):
                if blank_tree(answer) is None:
                    note(blank.line, "python", f"`{answer}` is not a Python expression.")
    if question.language == "python" and set(holes) <= question.blanks.keys():
        filled = BLANK.sub(lambda hole: question.blanks[hole.group(1)].answer, question.code)
        _check_python(note, question.line, filled, "The code with its blanks filled")
