"""Answers that are right in another form, and what is said when only the form is wrong."""

import math
import re
from pathlib import Path

import pytest

from grader.content.arithmetic import evaluate_number
from grader.content.question_bank import read_library
from grader.content.question_library import Library
from grader.content.question_records import Blank, Cloze, Numeric, Text, Tolerance, Trap, Unit
from grader.quiz.completed_code import as_one_value, fits
from grader.quiz.drawing import Drawn, draw
from grader.quiz.marker import read_letters
from grader.quiz.marking import answer_text, mark, marker_of
from grader.quiz.marking_text import same_but_for_separators
from grader.quiz.spelling import normal
from grader.quiz.units import factor, same_unit
from grader.quiz.verdicts import Verdict

from .toy import toy_question

COURSE = Path(__file__).resolve().parents[2] / "quizzes"
WHY = "This is a reason that is long enough."


def said(verdict: Verdict) -> str:
    return " ".join(remark.text for remark in verdict.remarks)


def numeric(answer: str, tolerance: Tolerance | None = None, unit: Unit | None = None) -> Drawn:
    question = Numeric(
        id="t.n", rev=1, type="numeric", prompt="p", explain="e", answer=answer,
        tolerance=tolerance, unit=unit, traps=(Trap(value="5", why=WHY),),
    )  # fmt: skip
    return draw(question, "s")


def cloze(code: str, **blanks: str) -> Drawn:
    made = {name: Blank(answer=form, traps=(Trap(value="zz", why=WHY),))
            for name, form in blanks.items()}  # fmt: skip
    question = Cloze(id="t.c", rev=1, type="cloze", prompt="p", explain="e", code=code, blanks=made)
    return draw(question, "s")


# --- numbers


def test_a_large_number_is_compared_unrounded() -> None:
    drawn = numeric("1.5**12*9", Tolerance(abs=0.002))
    for typed in ("1167.717", "1167.717041", "1167.718", answer_text(drawn)):
        assert mark(drawn, typed).right, typed
    assert not mark(drawn, "1167.72").right
    assert not mark(drawn, "1167.714").right
    assert answer_text(drawn) == "1167.717"


def test_the_answer_that_is_shown_is_always_right() -> None:
    for answer in ("1/3", "100000/7", "12345.678*1000"):
        drawn = numeric(answer, Tolerance())
        assert mark(drawn, answer_text(drawn).replace(",", "")).right


@pytest.mark.skipif(not (COURSE / "12_deep_rnns.yaml").exists(), reason="no course here")
def test_numbers_rounded_as_their_prompt_asks_are_right() -> None:
    words = {"one": 1, "two": 2, "three": 3, "four": 4}
    library, _ = read_library(COURSE)
    tried = 0
    for question in library.questions.values():
        asked = re.search(r"(\w+) digits? after the point", question.prompt, re.IGNORECASE)
        if not isinstance(question, Numeric) or asked is None or asked[1].lower() not in words:
            continue
        for seed in range(40):
            drawn = draw(question, f"rounded-{seed}")
            exact = evaluate_number(question.answer, drawn.variables)
            typed = f"{exact:.{words[asked[1].lower()]}f}"
            unit = f" {question.unit.name}" if question.unit else ""
            assert mark(drawn, typed + unit).right, (question.id, drawn.variables, typed)
            tried += 1
    assert tried > 100


MILLISECONDS = Unit(name="ms", accept=("milliseconds",), wrong=("s", "min"))


@pytest.mark.parametrize(
    ("typed", "remarks"),
    [
        ("940", ""), ("940 ms", ""), ("940 milliseconds", ""),
        ("0.94 s", "The answer was asked for in ms. This is the same."),
        ("0.94s", "The answer was asked for in ms. This is the same."),
    ],
)  # fmt: skip
def test_the_same_quantity_in_another_listed_unit_is_right(typed: str, remarks: str) -> None:
    verdict = mark(numeric("940", unit=MILLISECONDS), typed)
    assert (verdict.status, said(verdict)) == ("right", remarks)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("940 s", "The number is right, the unit is not: ms."),
        ("9.4 s", "10 times too large"),
        ("94000", "100 times too large"),
        ("0.005 s", WHY),
    ],
)
def test_a_wrong_quantity_in_another_unit_is_judged_as_that_quantity(
    typed: str, words: str
) -> None:
    verdict = mark(numeric("940", unit=MILLISECONDS), typed)
    assert verdict.status == "wrong"
    assert words in said(verdict)


def test_a_unit_whose_conversion_is_the_question_is_not_converted() -> None:
    drawn = numeric("2/log(2)", unit=Unit(name="bits", wrong=("nats",)))
    verdict = mark(drawn, "2 nats")
    assert (verdict.status, said(verdict)) == ("wrong", "The answer was asked for in bits.")
    assert said(mark(drawn, "5 nats")) == WHY
    assert mark(drawn, "2.885 bits").right


@pytest.mark.parametrize(
    ("of", "to", "times"), [("s", "ms", 1000), ("kB", "MB", 0.001), ("min", "s", 60),
                            ("\u00b5s", "ms", 0.001), ("GB", "ms", None), ("bits", "bytes", None)]
)  # fmt: skip
def test_units_convert_within_their_kind(of: str, to: str, times: float | None) -> None:
    found = factor(of, to)
    assert found == times if times is None else math.isclose(found or 0, times)


@pytest.mark.parametrize("typed", ["us", "\u00b5s", "\u03bcs"])
def test_every_micro_sign_is_one(typed: str) -> None:
    assert same_unit(typed, "us")


def test_a_percent_sign_is_told_how_to_be_written() -> None:
    verdict = mark(numeric("0.545"), "54.5 %")
    assert verdict.status == "unreadable"
    assert "0.545" in said(verdict)
    assert "%" in said(verdict)


# --- blanks in their line


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("(1 - a**2)", True), ("((1 - a**2))", True), ("( 1-a ** 2 )", True),
        ("1 - a**2", False), ("a**2", False),
    ],
)  # fmt: skip
def test_a_blank_must_be_right_as_it_is_typed_into_its_line(typed: str, right: bool) -> None:
    assert mark(cloze("dz = <<local>> * da", local="(1 - a**2)"), typed).right is right


def test_missing_brackets_are_said() -> None:
    drawn = cloze("dz = <<local>> * da\nb = <<other>>", local="1 - a**2", other="c")
    verdict = mark(drawn, "1 - a**2; c")
    assert (verdict.status, verdict.credit, verdict.traps) == ("wrong", 0.5, ("local brackets",))
    assert "Blank 1: right as a value" in said(verdict)
    assert "Write brackets" in said(verdict)
    assert said(mark(cloze("z = <<p>> * d", p="1 - a"), "1 - a")).startswith("Right as a value")
    assert "Brackets" in marker_of(drawn).how(drawn)


def test_an_accepted_form_without_brackets_means_its_value() -> None:
    drawn = cloze("dz = <<local>> * da", local="1 - a**2")
    assert mark(drawn, "(1 - a**2)").right
    assert marker_of(drawn).key(drawn) == "(1 - a**2)"
    assert answer_text(drawn) == "`(1 - a**2)`"


@pytest.mark.parametrize(
    ("code", "form", "typed"),
    [
        ("y = <<p>>", "1 - a", "1 - a"), ("y = <<p>>", "1 - a", "(1 - a)"),
        ("y = f(<<p>>)", "a, b", "a,b"), ("y = x[<<p>>]", "idx, 0", "(idx, 0)"),
        ("y = x[<<p>>]", "::-1", ":: -1"), ("y = np.<<p>>(x)", "sum", "sum"),
        ("y = D * it * <<p>>", "(1 - c) * (1 + c)", "(1 - c) * (1 + c)"),
        ("y = z + <<p>>", "a + b", "(a + b)"), ("y = w @ <<p>>", "a.T", "(a.T)"),
    ],
)  # fmt: skip
def test_brackets_that_change_nothing_do_not_matter(code: str, form: str, typed: str) -> None:
    assert mark(cloze(code, p=form), typed).right


@pytest.mark.parametrize(
    ("code", "form", "typed"),
    [
        ("y = f(<<p>>)", "a, b", "(a, b)"), ("y = a - <<p>>", "b - c", "b - c"),
        ("y = a / <<p>>", "b * c", "b * c"), ("y = -<<p>>", "a + b", "a + b"),
        ("y = <<p>>.T", "a + b", "a + b"), ("y = <<p>> * d", "a if b else c", "a if b else c"),
    ],
)  # fmt: skip
def test_brackets_that_change_the_meaning_do(code: str, form: str, typed: str) -> None:
    drawn = cloze(code, p=form)
    assert isinstance(drawn.question, Cloze)
    assert not fits(drawn.question, "p", typed, form)
    assert fits(drawn.question, "p", as_one_value(drawn.question, "p", form), form)


# --- shapes, letters, printed lines, words


@pytest.mark.parametrize(
    "typed",
    [
        "(n_a \u00b7 m / m, m, T_x)", "(n_a\u22c51, m, T_x)", "(1 \u00d7 n_a, m, T_x)",
        "(1 x n_a, m, T_x)", "n_a \u00d7 m \u00d7 T_x",
    ],
)  # fmt: skip
def test_signs_of_multiplication_are_read_in_shapes(toy: Library, typed: str) -> None:
    assert mark(toy_question(toy, "shape"), typed).right


@pytest.mark.parametrize(
    "typed", ["b\u2192c\u2192a", "b \u21d2 c \u21d2 a", "b, c and a", "b -> c -> a"]
)
def test_arrows_are_read_in_orders(typed: str) -> None:
    assert read_letters(typed, 3) == [1, 2, 0]


def test_arrows_are_read_in_pairs(toy: Library) -> None:
    drawn = toy_question(toy, "match")
    key = marker_of(drawn).key(drawn)
    assert mark(drawn, re.sub(r"(\d)", "\\1 \u2192 ", key)).right


@pytest.mark.parametrize(
    ("typed", "printed", "same"),
    [
        ("21, 31", "21 31", True), ("False; True", "False True", True), ("(3 5)", "(3, 5)", True),
        ("21, 32", "21 31", False), ("2131", "21 31", False), ("[3, 5]", "(3, 5)", False),
    ],
)  # fmt: skip
def test_a_separator_is_told_from_a_value(typed: str, printed: str, same: bool) -> None:
    assert same_but_for_separators(typed, printed) is same


def test_a_printed_line_with_another_separator_gets_a_remark(toy: Library) -> None:
    drawn = toy_question(toy, "trace")
    verdict = mark(drawn, marker_of(drawn).key(drawn).replace(",", " "))
    assert (verdict.status, verdict.remarks[0].kind) == ("wrong", "separator")
    assert "The values are right" in said(verdict)


def test_an_article_is_left_out_but_no_prefix() -> None:
    assert normal("A-cyclic graph") == "a cyclic graph"
    assert normal('"The  hidden-state"') == "hidden state"


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("vanishing gradient (vanishing gradients)", True), ("vanishing gradient (VG)", True),
        ("vanishing gradient (exploding gradient)", False), ("gradient (VG)", False),
    ],
)  # fmt: skip
def test_a_word_and_its_abbreviation_in_brackets_are_right_together(
    typed: str, right: bool
) -> None:
    question = Text(
        id="t.t", rev=1, type="text", prompt="p", explain="e", answer="vanishing gradient",
        accept=("vanishing gradients", "VG"), traps=(Trap(value="decay", why=WHY),),
    )  # fmt: skip
    assert mark(draw(question, "s"), typed).right is right
