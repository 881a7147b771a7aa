import pytest

from grader.content.question_library import Library
from grader.content.question_records import Numeric, Trap
from grader.quiz.drawing import Drawn, draw
from grader.quiz.marking import answer_text, explanation, mark, marker_of
from grader.quiz.numbers import read_number
from grader.quiz.verdicts import Verdict

from .toy import toy_question

TYPES = ["single", "multi", "truefalse", "numeric", "unit", "shape", "text", "order", "match",
"cloze",
         "trace"]  # fmt: skip


def said(verdict: Verdict) -> str:
    return " ".join(remark.text for remark in verdict.remarks)


@pytest.mark.parametrize("name", TYPES)
def test_every_type_accepts_its_key_and_its_other_forms_on_many_seeds(
    toy: Library, name: str
) -> None:
    for seed in range(20):
        drawn = toy_question(toy, name, str(seed))
        marker = marker_of(drawn)
        for typed in [marker.key(drawn), *marker.accepted(drawn)]:
            assert mark(drawn, typed).right, (typed, seed)


@pytest.mark.parametrize("name", TYPES)
def test_every_type_refuses_foreseen_answers_with_their_own_why(toy: Library, name: str) -> None:
    for seed in range(20):
        drawn = toy_question(toy, name, str(seed))
        foreseen = marker_of(drawn).foreseen(drawn)
        assert foreseen
        for wrong in foreseen:
            verdict = mark(drawn, wrong.typed)
            assert verdict.status == "wrong"
            assert wrong.why in said(verdict)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("single", ""), ("single", "z"), ("single", "a b"), ("single", "7"), ("single", "perhaps"),
        ("multi", ""), ("multi", "a a"), ("multi", "a x"), ("truefalse", "b"), ("truefalse",
         "true"),
        ("truefalse", "maybe b"), ("numeric", ""), ("numeric", "many"), ("numeric", "1,5"),
        ("numeric", "5 MB"), ("numeric", "1/0"), ("numeric", "nan"), ("unit", "4 bananas"),
        ("shape", ""), ("shape", "(n_q, m)"), ("shape", "(n_a,, m)"), ("shape", "huge"), ("text",
         "  "),
        ("order", "a b"), ("order", "a a b c"), ("match", "1a"), ("match", "1a 2a 3b"), ("match",
         "1a 1b 2c"),
        ("cloze", "ft"), ("cloze", "ft; "), ("cloze", "ft; (("), ("trace", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_no_wrong_answer(toy: Library, name: str, typed: str) -> None:
    verdict = mark(toy_question(toy, name), typed)
    assert verdict.status == "unreadable"
    assert len(said(verdict)) > 10


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12", 12), ("-0.5", -0.5), ("1/3", 1 / 3), ("2.5e-1", 0.25), ("1_000", 1000), ("\u22123",
         -3),
        ("2\u00d710^5", 2e5), ("2 x 10^-3", 0.002), ("10^6", 1e6), ("1,000", 1000),
         ("2\u00b710\u2075", 2e5),
        (".5", 0.5), ("+5", 5), ("= 7", 7), ("2*10**3", 2000), ("12 345", 12345), ("`8`", 8),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(typed: str, value: float) -> None:
    read = read_number(typed)
    assert read is not None
    assert read.value == pytest.approx(value)


def _numeric(**fields: object) -> Drawn:
    made = Numeric(id="t.n", rev=1, type="numeric", prompt="p", explain="e", **fields)  # type: ignore[arg-type]
    return draw(made, "s")


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("1200", "power-of-ten"), ("0.12", "power-of-ten"), ("-12", "sign"), ("12.4", "rounding")],
)
def test_slips_of_numbers_are_recognised(typed: str, kind: str) -> None:
    traps = (Trap(value=1, why="x" * 20),)
    answer = "12.1" if kind == "rounding" else 12
    verdict = mark(_numeric(answer=answer, traps=traps), typed)
    assert verdict.status == "wrong"
    assert verdict.remarks[0].kind == kind


def test_the_right_number_with_a_wrong_unit_is_said(toy: Library) -> None:
    drawn = toy_question(toy, "unit")
    assert mark(drawn, "4 MB").right
    assert mark(drawn, "4.1").right
    assert mark(drawn, "4 megabytes").right
    verdict = mark(drawn, "4 kB")
    assert (verdict.status, verdict.remarks[0].kind, verdict.credit) == ("wrong", "unit", 0.5)


@pytest.mark.parametrize(
    ("typed", "right", "words"),
    [
        ("(n_a, m, T_x)", True, ""), ("n_a m T_x", True, ""), ("[na, m, tx]", True, ""),
        ("n_a x m x T_x", True, ""), ("(m*n_a/m, m, T_x)", True, ""), ("T_x, m, n_a", False,
         "wrong order"),
        ("(n_a, m, T_y)", False, "axis 3 is wrong"), ("(n_a, 2*m, T_y)", False, "axes 2 and 3"),
        ("(n_a,)", False, "3 axes; you gave 1"), ("()", False, "you gave 0"),
        ("(m, n_a, T_x)", False, "features come first"), ("(5, 6, 7)", False,
         "none of their lengths"),
    ],
)  # fmt: skip
def test_shapes_are_compared_axis_by_axis(
    toy: Library, typed: str, right: bool, words: str
) -> None:
    verdict = mark(toy_question(toy, "shape"), typed)
    assert verdict.right is right
    assert words in said(verdict)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("Vanishing Gradient", True), ("the vanishing-gradient.", True), ("vanishing gradeint",
         True),
        ("vanishing gradint", True), ("vanishing of the gradients", True), ("vanising gradien",
         False),
        ("exploding gradient", False), ("explodng gradient", False), ("gradient", False),
    ],
)  # fmt: skip
def test_texts_forgive_one_typo_and_no_more(toy: Library, typed: str, right: bool) -> None:
    assert mark(toy_question(toy, "text"), typed).right is right


def test_several_right_options_give_partial_credit_but_no_mastery(toy: Library) -> None:
    drawn = toy_question(toy, "multi")
    options = [drawn.question.options[index].text for index in drawn.layout]  # type: ignore[attr-defined]
    forget, output, reset = ("abcd"[options.index(name)] for name in ("forget", "output", "reset"))
    assert mark(drawn, f"{output}{forget}").right
    half = mark(drawn, output)
    assert (half.status, half.credit) == ("wrong", 0.5)
    assert "weighs the old memory" in said(half)
    assert mark(drawn, f"{output} {reset}").credit == 0
    assert mark(drawn, f"{forget} {output} {reset}").given == "a b c"


def test_a_right_verdict_with_a_wrong_reason_is_half(toy: Library) -> None:
    drawn = toy_question(toy, "truefalse")
    verdict, letter = marker_of(drawn).key(drawn).split()
    other = "abc".replace(letter, "")[0]
    assert mark(drawn, f"{verdict} {other}").credit == 0.5
    assert mark(drawn, f"t {letter}").remarks[0].text == "Look at the last equation of the GRU."


def test_an_order_accepts_every_linear_extension_and_no_other(toy: Library) -> None:
    from itertools import permutations

    drawn = toy_question(toy, "order")
    items = [drawn.question.items[index].id for index in drawn.layout]  # type: ignore[attr-defined]
    right = {
        tuple(items["abcd".index(letter)] for letter in order)
        for order in permutations("abcd")
        if mark(drawn, " ".join(order)).right
    }
    assert right == {
        ("stack", "gates", "candidate", "memory"),
        ("stack", "candidate", "gates", "memory"),
    }


def test_cloze_blanks_are_compared_as_syntax_trees(toy: Library) -> None:
    drawn = toy_question(toy, "cloze")
    assert mark(drawn, "( ft );it").right
    assert mark(drawn, '1: gates["f"] ; 2: it').right
    swapped = mark(drawn, "it; ft")
    assert (swapped.credit, swapped.traps) == (0, ("keep trap 1", "write trap 1"))
    assert "Blank 1: That weighs what is written." in said(swapped)
    assert mark(drawn, "ft; ct").credit == 0.5


@pytest.mark.parametrize(
    "change", [lambda t: t.replace(" ", ""), lambda t: t.replace(",", " ,"), lambda t: f"`{t}`"]
)
def test_printed_lines_are_compared_by_value(toy: Library, change: object) -> None:
    drawn = toy_question(toy, "trace")
    printed = marker_of(drawn).key(drawn)
    assert mark(drawn, change(printed)).right  # type: ignore[operator]
    assert not mark(drawn, printed.replace("(", "[").replace(")", "]")).right


def test_a_trace_is_computed_by_running_its_code(toy: Library) -> None:
    drawn = toy_question(toy, "trace")
    n, total = drawn.variables["n"], 0
    for t in range(n):
        total = 2 * total + t
    assert answer_text(drawn) == f"({total}, {n})"


def test_equal_seeds_give_equal_draws_and_where_holds(toy: Library) -> None:
    question = toy.questions["toy.numeric"]
    draws = [draw(question, str(seed)) for seed in range(200)]
    assert draws == [draw(question, str(seed)) for seed in range(200)]
    assert all(one.variables["n_a"] != one.variables["n_x"] for one in draws)
    assert len({tuple(one.variables.values()) for one in draws}) > 50


def test_the_explanation_shows_numbers_and_the_answer(toy: Library) -> None:
    drawn = toy_question(toy, "numeric")
    n_x, n_a = drawn.variables["n_x"], drawn.variables["n_a"]
    assert explanation(drawn).endswith(f"= **{4 * (n_a * (n_a + n_x) + n_a)}**.")
    assert "`{...}`" in explanation(toy_question(toy, "shape"))


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize(
    "typed",
    [
        "\x00",
        "(" * 5000,
        "9" * 5000,
        "é" * 300,
        "a" * 10_000,
        "1e999999",
        "[" * 300,
        "ſ",
        "\ud800",
        "a;b;c;d",
    ],
)
def test_nothing_that_is_typed_breaks_the_marking(toy: Library, name: str, typed: str) -> None:
    assert mark(toy_question(toy, name), typed).status in ("wrong", "unreadable")
