"""Each mistake an author can make is told with its line; each proof is able to fail."""

from pathlib import Path

import pytest

from grader.content.question_bank import read_bank
from grader.proof.quiz_proof import prove_quiz

from .toy import BANK, make_workspace

MISTAKES = [
    ("correct: true}\n  - {text: \"It erases", "correct: true}\n  - {text: \"It erases", None),
    ("type: single", "type: singel", "unknown-type"),
    ("id: toy.single", "id: other.single", "id"),
    ("  rev: 2\n", "", "missing-field"),
    ("  rev: 2\n", "  rev: 0\n", "rev"),
    ("objective: shapes\n  difficulty", "objective: shaeps\n  difficulty", "unknown-objective"),
    ("difficulty: 2", "dificulty: 2", "unknown-field"),
    ('answer: "4*(n_a*(n_a + n_x) + n_a)"', 'answer: "4*n_b"', "unknown-variable"),
    ('answer: "4*(n_a*(n_a + n_x) + n_a)"', 'answer: "os.system(1)"', "expression"),
    ("{n_x}`, `n_a", "{n_z}`, `n_a", "unknown-variable"),
    ("{{...}}", "{...", "template"),
    ('why: "A factor near one changes nothing."', 'why: "no"', "why"),
    ('{text: "It doubles', '{correct: true, text: "It doubles', "correct"),
    ("after: [stack], why: \"The gates", "after: [stakc], why: \"The gates", "unknown-item"),
    ('- {id: stack, text: "stack the inputs"}',
     '- {id: stack, text: "s", after: [memory], why: "It waits for all."}', "cycle"),
    ("<<write>> * cct", "<<wirte>> * cct", "blanks"),
    ("<<write>> * cct", "<<write>> * ", "python"),
    ('"vanish\\\\w* of( the)? gradients?"', '"(a+)+$"', "pattern"),
    ('"vanish\\\\w* of( the)? gradients?"', '"(a"', "pattern"),
    ("{task: lstm_cell_forward}", "{task: a, lesson: 1}", "reference"),
    ("n_x: {int: [3, 40]}", "n_x: {int: [40, 3]}", "variable"),
    ("n_x: {int: [3, 40]}", "n_x: {int: [3, 40], let: \"3\"}", "variable"),
    ("- {value: [n_a, m], why", "- {value: 3, why", "trap-value"),
    ("  hints: [\"What is anything times one?\"]", "  hints: [a, b, c, d]", "hints"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "rule"), MISTAKES)
def test_a_mistake_in_a_bank_is_told_with_its_line(old: str, new: str, rule: str | None) -> None:
    text = BANK.read_text()
    assert old in text
    bank, findings = read_bank(text.replace(old, new, 1), "toy.yaml")
    rules = [finding.rule for finding in findings]
    if rule is None:
        assert (findings, len(bank.questions)) == ([], 11)  # type: ignore[union-attr]
        return
    assert rule in rules
    question = text[: text.index(old)].count("\n") + 1
    assert all(abs(finding.line - question) <= 12 for finding in findings)


def test_a_question_with_a_mistake_leaves_the_others_usable() -> None:
    bank, findings = read_bank(BANK.read_text().replace('answer: "4*(', 'answer: "5*nope*(', 1))
    assert findings
    assert bank is not None
    assert len(bank.questions) == 10


def test_the_toy_bank_proves_itself(tmp_path: Path) -> None:
    proof = prove_quiz(make_workspace(tmp_path / "c") / "quizzes", lessons=(1,), seeds=50)
    assert proof.findings == ()
    assert "11 questions in 1 banks" in proof.summary[0]


FAULTS = [
    ("what_oracle", 'answer: "vanishing gradient"', 'answer: " "', "oracle"),
    ("hint", "Count one gate, biases too", "It is {4*(n_a*(n_a + n_x) + n_a)}", "hint-answers"),
    ("option in hint", "What is anything times one?", "It keeps the memory, does it not?",
     "hint-answers"),
    ("prompt", "repeated small factors do", "a vanishing gradient and small factors do",
     "prompt-answers"),
    ("trap right", 'value: "4*n_a*(n_a + n_x)"', 'value: "4*(n_a*(n_a + n_x) + n_a)"',
     "trap-right"),
    ("traps equal", 'value: "n_a*(n_a + n_x) + n_a"', 'value: "4*n_a*(n_a + n_x)"', "trap-why"),
    ("equal options", '"It doubles the memory"', '"It  erases the Memory"', "equal-options"),
    ("all of the above", '"It doubles the memory"', '"All of the above"', "all-of-the-above"),
    ("long", '"It keeps the memory"',
     '"It keeps the memory almost as it was, entry by entry, for as long as it is near one"',
     "right-is-long"),
    ("where", 'where: ["n_a != n_x"]', 'where: ["n_a == n_x + 100"]', "draw"),
    ("few draws", "vars: {n: {int: [2, 8]}}", "vars: {n: {int: [5, 6]}}", "few-draws"),
    ("unused", "vars: {n: {int: [2, 8]}}", "vars: {n: {int: [2, 8]}, k: {int: [1, 9]}}",
     "unused-variable"),
    ("two lines", "    print((total, n))", "    print(total)\n    print(n)", "output"),
    ("numpy repr", "    print((total, n))",
     "    import numpy as np\n    print((np.float64(0.5), n))", "output"),
    ("crash", "    print((total, n))", "    print(1 // 0)", "trace"),
    ("task", "{task: lstm_cell_forward}", "{task: lstm_cell_foward}", "unknown-task"),
    ("misconception", "misconception: gate-inverted, why: \"One",
     "misconception: gate-inverte, why: \"One", "unknown-misconception"),
    ("objective", '- {id: ideas, title: "Say ideas"}',
     '- {id: ideas, title: "Say ideas"}\n  - {id: more, title: "x"}', "objective-without-question"),
    ("duplicate id", "id: toy.unit", "id: toy.numeric", "duplicate-id"),
    ("wide", "total = 2 * total + t", "total = 2 * total + t" + "  # " + "x" * 60, "wide-code"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "rule"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_the_proof_finds_a_fault(tmp_path: Path, name: str, old: str, new: str, rule: str) -> None:
    text = BANK.read_text()
    assert old in text
    folder = make_workspace(tmp_path / "c", text.replace(old, new, 1)) / "quizzes"
    proof = prove_quiz(folder, tasks=["lstm_cell_forward"], lessons=(1,), seeds=20)
    assert rule in {finding.rule for finding in proof.findings}
    assert all(finding.line >= 1 and finding.file for finding in proof.findings)


def test_the_proof_finds_a_bank_whose_right_option_is_always_the_longest(tmp_path: Path) -> None:
    head, _, _ = BANK.read_text().partition("- id: toy.single")
    questions = "".join(
        f"- {{id: toy.q{n}, rev: 1, type: single, objective: ideas, prompt: 'Q {n}?',\n"
        "   explain: e, options: [{text: right and long, correct: true},\n"
        "   {text: wrong a, why: it is wrong here},\n"
        "   {text: wrong b, why: it is wrong there}]}\n"
        for n in range(8)
    )
    proof = prove_quiz(
        make_workspace(tmp_path / "c", head + questions) / "quizzes", lessons=(1, 2), seeds=2
    )
    rules = {finding.rule for finding in proof.findings}
    assert {"longest-is-right", "strategy", "lesson-without-bank", "recall"} <= rules
