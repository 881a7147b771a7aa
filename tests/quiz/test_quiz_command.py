import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader.content.question_library import Library
from grader.quiz.marking import marker_of
from grader.store.quiz_store import QuizStore

from .toy import QUIZ, environment, toy_question


def quiz(
    folder: Path, *arguments: str, typed: str = "", **env: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*QUIZ, *arguments], cwd=folder, input=typed, capture_output=True, text=True,
        env=environment(**env), timeout=60, check=False,
    )  # fmt: skip


def test_help_loads_nothing_heavy() -> None:
    probe = (
        "import sys, grader.cli.quiz as q\n"
        "try: q.quiz.main(['--help'], standalone_mode=True)\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'pytest', 'rich', 'yaml', 'fsrs', 'sqlite3', 'msgspec'}\n"
        "heavy &= set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "--retry-wrong" in done.stdout


def test_answers_in_a_file_are_marked_and_stored(workspace: Path, toy: Library) -> None:
    drawn = [
        toy_question(toy, name, "S") for name in ("single", "numeric", "cloze", "trace", "match")
    ]
    lines = [f"{one.question.id}\t{marker_of(one).key(one)}" for one in drawn]
    (workspace / "a.txt").write_text("# mine\n" + "\n".join(lines) + "\n")
    done = quiz(workspace, "--answers", "a.txt", "--seed", "S", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["right"], report["answers"]) == (0, 5, 5)
    with QuizStore(workspace / ".unroll" / "quiz.sqlite") as store:
        assert sum(event.kind == "answer" for event in store.events()) == 5


def test_a_wrong_answer_in_a_file_gets_its_why_and_exit_one(workspace: Path) -> None:
    done = quiz(workspace, "toy", "--answers", "-", typed="text exploding gradient\nshape what\n")
    assert done.returncode == 1
    assert "Small factors make small products" in done.stdout
    assert "toy.shape: unreadable" in done.stdout


def test_questions_as_json_do_not_tell_the_answers_and_can_be_answered(workspace: Path) -> None:
    shown = json.loads(quiz(workspace, "1", "--json", "--seed", "S", "--count", "11").stdout)
    assert len(shown["questions"]) == 11
    assert not {"answer", "correct", "explain"} & set(shown["questions"][0])
    single = shown["questions"][0]
    letter = "abc"[single["lettered"].index("It keeps the memory")]
    done = quiz(workspace, "--answers", "-", typed=f"{single['id']}@{single['seed']} {letter}\n")
    assert (done.returncode, done.stdout) == (0, f"toy.single: right ({letter})\n1 of 1 right.\n")


def test_a_pipe_is_answered_in_plain_lines_and_its_end_is_a_pause(workspace: Path) -> None:
    done = quiz(workspace, "toy", "--seed", "S", typed="?\nnonsense\n-\n")
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert "Hint 1 of 1: What is anything times one?" in done.stdout
    assert "could not be read, and does not count" in done.stdout
    assert "Not right." in done.stdout
    assert "2 of 11" in done.stdout
    assert done.stdout.endswith("Paused; everything is stored. Start `quiz` again to go on.\n")


def test_the_graded_quiz_tells_nothing_until_its_end(workspace: Path, toy: Library) -> None:
    done = quiz(workspace, "week", "--seed", "S", typed="-\n" * 4)
    assert "Not right" not in done.stdout
    assert "no hints" in done.stdout
    rest = quiz(workspace, "week", "--resume", typed="-\n")
    assert rest.stdout.count("Not right.") + rest.stdout.count("Answer:") >= 5
    assert "0 of 5 right, 0 %: not passed yet." in rest.stdout
    assert rest.returncode == 1


def test_the_overview_names_what_is_due_and_next(workspace: Path) -> None:
    done = quiz(workspace)
    assert done.returncode == 1
    assert "1 toy: seen 0/11, due 0, mastered 0." in done.stdout
    assert "Next lesson: `quiz toy` (Toy lesson)." in done.stdout
    report = json.loads(quiz(workspace, "--json").stdout)
    assert (report["next"], report["due"]) == ("toy", [])


def test_statistics_refuse_what_they_cannot_say(workspace: Path) -> None:
    quiz(workspace, "--answers", "-", typed="toy.text exploding gradient\ntoy.unit 4 MB\n")
    done = quiz(workspace, "--stats")
    assert "toy.text: first right 0/1, 95 % 0%-79%, separates -" in done.stdout
    assert "1 of 20 people needed" in done.stdout
    assert json.loads(quiz(workspace, "--stats", "--json").stdout)["answers"] == 2


def test_wrong_ones_can_be_retried(workspace: Path) -> None:
    quiz(workspace, "--answers", "-", typed="toy.text exploding gradient\ntoy.unit 4 MB\n")
    done = quiz(workspace, "--retry-wrong", typed="vanishing gradient\n")
    assert done.returncode == 0
    assert "Done: 1 of 1 right" in done.stdout


def test_two_machines_are_joined(workspace: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    quiz(workspace, "--answers", "-", typed="toy.unit 4 MB\n", UNROLL_HOME=str(other))
    done = quiz(workspace, "--merge", str(other / "quiz.sqlite"), "--json")
    assert json.loads(done.stdout)["taken"] == 3
    assert quiz(workspace, "--merge", str(other / "quiz.sqlite")).stdout == "Nothing new there.\n"


@pytest.mark.parametrize("form", ["gift", "moodle", "anki"])
def test_exports_write_a_file_and_report_losses(workspace: Path, form: str) -> None:
    done = quiz(workspace, "--export", form, "out.txt")
    assert done.returncode == 0
    assert "toy.numeric: its numbers are fixed" in done.stderr
    assert (workspace / "out.txt").stat().st_size > 1000


def test_gift_is_imported_to_standard_output(workspace: Path) -> None:
    (workspace / "old-quiz.gift").write_text("::A:: Two? {=two ~three#That is one more.}")
    done = quiz(workspace, "--import-gift", "old-quiz.gift")
    assert done.returncode == 0
    assert 'id: "old_quiz.a"' in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["lsmt"], 2, "There is no lesson `lsmt`"),
        (["toi"], 2, "did you mean `toy`?"),
        (["--stats", "--review"], 2, "at a time"),
        (["--export", "word", "f"], 2, "no format"),
        (["--answers", "none.txt"], 2, "no file none.txt"),
        (["--nonsense"], 2, "No such option"),
        (["--merge", "none.sqlite"], 3, "no quiz store"),
        (["--import-gift", "none"], 2, "no file"),
        (["--review"], 0, "nothing is due"),
    ],
)  # fmt: skip
def test_exit_codes_and_sentences(
    workspace: Path, arguments: list[str], code: int, words: str
) -> None:
    done = quiz(workspace, *arguments)
    assert done.returncode == code
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_store_is_our_fault_and_is_kept(workspace: Path) -> None:
    (workspace / ".unroll").mkdir()
    path = workspace / ".unroll" / "quiz.sqlite"
    path.write_bytes(b"garbage" * 1000)
    done = quiz(workspace, "--stats")
    assert done.returncode == 3
    assert "damaged" in done.stderr
    assert path.read_bytes() == b"garbage" * 1000


def test_a_mistake_in_a_bank_costs_only_its_question(workspace: Path) -> None:
    path = workspace / "quizzes" / "01_toy.yaml"
    path.write_text(path.read_text().replace("type: single", "type: singel"))
    done = quiz(workspace, "--json")
    assert json.loads(done.stdout)["lessons"][0]["questions"] == 10
    assert "1 mistakes in the quiz files" in done.stderr
