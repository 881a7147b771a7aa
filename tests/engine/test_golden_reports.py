"""What a learner reads, word for word, in every situation that a submission can be in.

The texts stand in ``golden/<situation>.<width>.txt``; 80 columns with ticks, 40 with ASCII only.
Write them anew with ``pytest tests/engine --rewrite-golden`` and read the difference.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from toy_world import ToyGrader, reference_with, rendered, stub_source

from grader.errors import SubmissionError

GOLDEN = Path(__file__).parent / "golden"

SCALE = "scaled = gain * x\n"
OWN_NAMES = (
    ("scaled = gain * x\n", "louder = gain + x\n"),
    ("return scaled\n\n\ndef shift", "return louder\n\n\ndef shift"),
)

SITUATIONS = {
    "all_right": reference_with(),
    "known_mistake": reference_with(*OWN_NAMES),
    "follow_through": reference_with((SCALE, "scaled = -gain * x\n")),
    "unlisted_mistake": reference_with((SCALE, "scaled = 3.0 * gain * x\n")),
    "two_mistakes": reference_with(
        (SCALE, "scaled = gain + x\n"), ("scale(shifted, gain)", "scale(x, gain)")
    ),
    "not_started": stub_source(),
    "exception": reference_with((SCALE, "scaled = gain.T * x\n")),
    "endless": reference_with(("    last = start.copy()\n", "    while True: pass\n")),
    "misspelt": reference_with(("def running_sum(", "def runing_sum(")),
    "syntax_error": reference_with(
        ("    totals = np.zeros(x.shape)\n", "    totals = np.zeros(x.shape\n")
    ),
    "prints": reference_with((SCALE, "scaled = gain - x\n    print('gain is', gain.shape)\n" * 1)),
    "prints_much": reference_with(
        (SCALE, "scaled = gain - x\n    for i in range(20):\n        print('row', i)\n")
    ),
    "generous": reference_with(
        ("return shifted, scaled", "return [shifted, scaled.astype(np.float32)]"),
        ("return totals, last", "return totals, last, 'and more'"),
        (SCALE, "scaled = np.matmul(np.diag(gain[:, 0]), x)\n"),
    ),
    "modified_arguments": reference_with(
        ("    scaled = gain * x\n", "    x *= gain\n"),
        ("return scaled\n\n\ndef shift", "return x\n\n\ndef shift"),
    ),
    "aliasing": reference_with(("return totals, last", "return totals, totals[:, :, -1]")),
    "return_missing": reference_with(("    return totals, last\n", "")),
    "exits": reference_with((SCALE, "import os; os._exit(0)\n")),
    "markup_in_texts": reference_with(
        (SCALE, "raise ValueError('[bold]\\x1b[31m:smile: no[/bold]')\n")
    ),
}

HONEST = """agree(student, reference, "scale", x, gain, unmodified=True)"""
OUR_SLIP = "student.scale(x, gain)[len(gain) // 0]"


def compare_with_golden(name: str, text: str, *, rewrite: bool) -> None:
    path = GOLDEN / f"{name}.txt"
    if rewrite:
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), f"no {path.name}: run pytest tests/engine --rewrite-golden"
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("situation", SITUATIONS)
def test_report_reads_as_agreed(
    situation: str, toy: ToyGrader, rewrite_golden: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.grading.sandboxed_student.CPU_SECONDS", 0.3)
    report = toy.source(SITUATIONS[situation])
    wide, narrow = rendered(report, 80), rendered(report, 40, unicode=False)
    compare_with_golden(f"{situation}.80", wide, rewrite=rewrite_golden)
    compare_with_golden(f"{situation}.40", narrow, rewrite=rewrite_golden)
    assert max(map(len, wide.splitlines())) <= 80
    assert max(map(len, narrow.splitlines())) <= 40


def test_broken_check_reads_as_our_fault(toy: ToyGrader, rewrite_golden: bool) -> None:
    checks = toy.folder / "solutions" / "signals" / "checks_sheet.py"
    assert HONEST in checks.read_text()
    checks.write_text(checks.read_text().replace(HONEST, OUR_SLIP))
    report = toy.source(SITUATIONS["all_right"])
    for width in (80, 40):
        text = rendered(report, width, unicode=width == 80)
        compare_with_golden(f"broken_check.{width}", text, rewrite=rewrite_golden)


def test_unreadable_submission_says_what_was_looked_for(
    toy: ToyGrader, rewrite_golden: bool
) -> None:
    with pytest.raises(SubmissionError) as caught:
        toy.source("x = 1\n")
    compare_with_golden("nothing_readable", f"{caught.value}\n", rewrite=rewrite_golden)


def test_every_golden_text_belongs_to_a_situation() -> None:
    expected = {
        f"{name}.{width}.txt" for name in (*SITUATIONS, "broken_check") for width in (40, 80)
    }
    assert {path.name for path in GOLDEN.iterdir()} == expected | {"nothing_readable.txt"}
