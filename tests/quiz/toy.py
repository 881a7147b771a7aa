"""The toy bank that the quiz tests share, and a workspace that holds it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from grader.content.question_bank import read_library
from grader.content.question_library import Library
from grader.quiz.drawing import Drawn, draw

BANK = Path(__file__).with_name("toy_bank.yaml")
REPOSITORY = Path(__file__).resolve().parents[2]
MISCONCEPTIONS = """format: 1
misconceptions:
- {id: gate-inverted, title: "A gate of one erases", lesson: 1, text: "One keeps."}
"""
QUIZ = [sys.executable, "-m", "grader.cli.quiz"]


def make_workspace(folder: Path, bank: str | None = None) -> Path:
    """A folder in which `quiz` finds the toy bank and its own store."""
    (folder / "exercises").mkdir(parents=True)
    (folder / "exercises" / "course.yaml").write_text("format: 1\n")
    (folder / "quizzes").mkdir()
    (folder / "quizzes" / "01_toy.yaml").write_text(bank or BANK.read_text())
    (folder / "quizzes" / "misconceptions.yaml").write_text(MISCONCEPTIONS)
    (folder / "quizzes" / "week.yaml").write_text(
        "format: 1\nweek: {questions: 5, title: Toy week}\n"
    )
    return folder


def environment(**more: str) -> dict[str, str]:
    """An environment without the caller's terminal."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1", **more}


def library(folder: Path) -> Library:
    """The toy library, which has no findings."""
    found, findings = read_library(folder / "quizzes")
    assert not findings, "\n".join(map(str, findings))
    return found


def toy_question(toy: Library, name: str, seed: str = "s") -> Drawn:
    """A drawn question of the toy bank."""
    return draw(toy.questions[f"toy.{name}"], seed)
