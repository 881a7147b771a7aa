import csv
import io
import xml.etree.ElementTree as ElementTree

import pytest

from grader.content.question_bank import read_bank
from grader.content.question_library import Library
from grader.quiz.interchange.anki import export_anki
from grader.quiz.interchange.carried import FRACTIONS, fraction
from grader.quiz.interchange.gift import escaped, export_gift
from grader.quiz.interchange.gift_import import import_gift, unescaped
from grader.quiz.interchange.moodle import export_moodle

from .toy import toy_question


def test_every_question_is_carried_or_reported(toy: Library) -> None:
    for export, lost in (
        (export_gift, {"toy.order", "toy.cloze"}),
        (export_moodle, {"toy.order"}),
        (export_anki, set()),
    ):
        made = export(toy, None, "x")
        assert made.carried == 11 - len(lost)
        for name in lost:
            assert any(report.startswith(name) and "left out" in report for report in made.reports)


def test_what_a_format_loses_is_said_question_by_question(toy: Library) -> None:
    reports = "\n".join(export_gift(toy, "toy", "x").reports)
    for line in ("toy.numeric: its numbers are fixed", "toy.numeric: 2 hints",
    "toy.single: its references",
                 "toy.unit: the unit", "toy.text: its patterns", "toy.match: 1 extra",
                 "toy.truefalse: asked as a choice"):  # fmt: skip
        assert line in reports


def test_moodle_xml_is_read_by_another_parser_with_its_fractions(toy: Library) -> None:
    root = ElementTree.fromstring(export_moodle(toy, None, "x").text)
    questions = {q.findtext("name/text"): q for q in root if q.get("type") != "category"}
    assert questions["toy.single"].get("type") == "multichoice"
    assert {float(a.get("fraction", "x")) for a in root.iter("answer") if a.get("fraction")} <= {
        *FRACTIONS,
        -100.0,
    }
    numeric = questions["toy.numeric"]
    right = [a for a in numeric.findall("answer") if a.get("fraction") == "100"]
    drawn = toy_question(toy, "numeric", "x")
    n_x, n_a = drawn.variables["n_x"], drawn.variables["n_a"]
    assert [a.findtext("text") for a in right] == [str(4 * (n_a * (n_a + n_x) + n_a))]
    assert (
        "each gate also has a bias"
        in str(numeric.findall("answer")[1].findtext("feedback/text")).lower()
    )
    assert "{1:SHORTANSWER_C:=ft~=gates['f']~%0%it\\#" not in export_moodle(toy, None, "x").text
    assert "{1:SHORTANSWER_C:=ft~=gates['f']~%0%it#" in str(
        questions["toy.cloze"].findtext("questiontext/text")
    )
    assert len(questions["toy.match"].findall("subquestion")) == 4


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (1, "100"),
        (1 / 3, "33.33333"),
        (1 / 7, "14.28571"),
        (0.5, "50"),
        (-1, "-100"),
        (1 / 6, "16.66667"),
        (0, "0"),
    ],
)
def test_fractions_are_those_of_moodles_list(share: float, written: str) -> None:
    assert fraction(share) == written


def test_anki_notes_are_read_by_csv_with_stable_ids(toy: Library) -> None:
    text = export_anki(toy, None, "x").text
    body = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    rows = list(csv.reader(io.StringIO(body), delimiter="\t"))
    assert [row[0] for row in rows][:2] == ["toy.single@1", "toy.multi@2"]
    assert {len(row) for row in rows} == {4}
    assert "<i>forget</i>" in rows[0][1]
    assert "<code>c</code>" in rows[0][1]
    assert "It keeps the memory" in rows[0][2]


HARD = "a = {b}: #c ~d \\e \\n literal\nnew line ``` x"


def test_gifts_own_characters_survive() -> None:
    assert unescaped(escaped(HARD)) == HARD


def test_gift_comes_back_with_the_same_answers(toy: Library) -> None:
    back = import_gift(export_gift(toy, None, "x").text, "toy")
    bank, findings = read_bank(back.yaml)
    assert findings == []
    assert bank is not None
    found = {question.id: question for question in bank.questions}
    assert len(found) == back.carried == 9
    single, original = found["toy.single"], toy.questions["toy.single"]
    assert {(o.text, o.correct, o.why) for o in single.options} == {
        (o.text, o.correct, o.why) for o in original.options
    }  # type: ignore[attr-defined]
    assert found["toy.multi"].type == "multi"
    drawn = toy_question(toy, "numeric", "x")
    assert found["toy.numeric"].answer == 4 * (
        drawn.variables["n_a"] * (drawn.variables["n_a"] + drawn.variables["n_x"] + 1)
    )  # type: ignore[attr-defined]
    assert "{{...}}" in found["toy.shape"].explain
    assert [p.left for p in found["toy.match"].pairs] == ["forget", "update", "output"]  # type: ignore[attr-defined]


FOREIGN = r"""
// a comment
$CATEGORY: Some/Where

::Q1:: Who is buried in Grant's tomb? {=Grant#right! ~Nobody ~Washington#He lies at Mount Vernon.}

Two plus two {#4:0.1}

::Range::Pi {#3.1..3.2}

The sky is blue {T}

Write an essay. {}

::short:: Two plus two \= {=four =4 =%0%five#That is one too many.}

Just a description.

Match. {=cat -> cats =dog -> dogs =ox -> oxen}
"""


def test_foreign_gift_is_read_and_what_is_missing_is_reported() -> None:
    made = import_gift(FOREIGN, "foreign")
    assert made.carried == 5
    reports = "\n".join(made.reports)
    for word in (
        "reasons here",
        "essay",
        "description",
        "write their `why`",
        "add at least one trap",
    ):
        assert word in reports
    assert '"answer"' not in made.yaml
    assert 'answer: "four"' in made.yaml
    assert 'tolerance: {"abs": 0.1}' in made.yaml


@pytest.mark.parametrize(
    "hostile",
    ["{" * 50_000, "::" * 50_000, "=~%" * 50_000 + "}", "a {=" + "\\" * 50_000, "\n\n" * 50_000],
)
def test_hostile_gift_does_not_hang(hostile: str) -> None:
    assert import_gift(hostile, "x").carried == 0
