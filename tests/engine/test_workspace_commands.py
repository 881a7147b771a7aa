"""Hints, briefs, the checklist, resetting a stub and laying out a folder: no code is run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from toy_world import stub_source

from grader.cli.grade import main
from grader.content.course_file import load_course
from grader.content.workspace import find_workspace, lay_out
from grader.errors import EnvironmentProblem, UsageError

REAL = Path(__file__).resolve().parents[2]


class Learner:
    """Types ``grade ...`` in a folder, in this process."""

    def __init__(
        self, folder: Path, patch: pytest.MonkeyPatch, reading: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self._patch = patch
        self._reading = reading

    def types(self, *words: str) -> tuple[int, str, str]:
        self._patch.chdir(self.folder)
        self._patch.setattr("sys.argv", ["grade", *words])
        with pytest.raises(SystemExit) as ending:
            main()
        out, err = self._reading.readouterr()
        return int(ending.value.code or 0), out, err


@pytest.fixture
def learner(
    toy_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Learner:
    monkeypatch.delenv("UNROLL_HOME", raising=False)
    monkeypatch.delenv("UNROLL_RUN", raising=False)
    return Learner(toy_folder, monkeypatch, capsys)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--submission", "x.py"], "--submission needs the assignment"),
        (["--no-such-option"], "--no-such-option"),
        (["--hint", "signals"], "hints are given for one of its tasks"),
        (["--show", "scael"], "did you mean `scale`"),
        (["--reset", "signal.py"], "did you mean `signals.py`?"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_to_do(
    words: list[str], says: str, learner: Learner
) -> None:
    code, out, err = learner.types(*words)
    assert (code, out) == (2, "")
    assert says in err


def test_hints_climb_the_ladder_and_stay_on_its_top(learner: Learner) -> None:
    course = load_course(learner.folder / "exercises" / "course.yaml")
    ladder = course.assignments[0].task("scale").hints
    told = [learner.types("--hint", "scale")[1] for _ in range(4)]
    for rung, hint in enumerate((*ladder, ladder[-1])):
        assert f"Hint {min(rung + 1, 3)} of 3 for scale: {hint}" in told[rung]
    assert "Ask again" in told[1]
    assert "Ask again" not in told[2]
    assert "Hint 1 of 3 for running_sum" in learner.types("--hint", "running_sum")[1]


@pytest.mark.parametrize("name", ["scale", "shift_then_scale", "running_sum"])
def test_brief_of_a_task_is_shown_alone(name: str, learner: Learner) -> None:
    code, out, _ = learner.types("--show", name)
    others = {"scale", "shift_then_scale", "running_sum"} - {name}
    assert code == 0
    assert re.search(rf"\b{name}\b", out)
    assert not any(re.search(rf"\b{other}\b", out) for other in others)


def test_brief_keeps_its_inner_sections(learner: Learner) -> None:
    assert "Lifted, then louder." in learner.types("--show", "shift_then_scale")[1]


def test_brief_of_an_assignment_is_shown_whole(learner: Learner) -> None:
    out = learner.types("--show", "signals")[1]
    assert "What a row of numbers can sound like." in out
    assert "running_sum" in out


def test_every_task_of_the_course_has_its_section() -> None:
    from grader.cli.workspace_commands import section

    workspace = find_workspace(REAL)
    course = load_course(workspace.course_file)
    for assignment in course.assignments:
        brief = (workspace.exercises / assignment.id / "README.md").read_text(encoding="utf-8")
        for task in assignment.tasks:
            found = section(brief, task.id)
            assert found is not None, f"{assignment.id}: no section on {task.id}"
            assert len(found.split()) > 30, f"{assignment.id}: the section on {task.id} is empty"


def test_reset_puts_the_stub_back_and_keeps_a_backup(learner: Learner) -> None:
    stub = learner.folder / "exercises" / "signals" / "signals.py"
    for mine in ("mine = 1\n", "mine = 2\n"):
        stub.write_text(mine)
        assert learner.types("--reset", "signals.py")[0] == 0
        assert stub.read_text() == stub_source()
    backups = sorted(stub.parent.glob("signals.py.*.backup"))
    assert sorted(path.read_text() for path in backups) == ["mine = 1\n", "mine = 2\n"]


def test_reset_of_an_untouched_stub_changes_nothing(learner: Learner) -> None:
    stub = learner.folder / "exercises" / "signals" / "signals.py"
    before = stub.stat().st_mtime_ns
    assert "nothing was changed" in learner.types("--reset", "signals.py")[1]
    assert stub.stat().st_mtime_ns == before
    assert not list(stub.parent.glob("*.backup"))


def test_reset_brings_a_deleted_stub_back(learner: Learner) -> None:
    stub = learner.folder / "exercises" / "signals" / "signals.py"
    stub.unlink()
    assert learner.types("--reset", "signals.py")[0] == 0
    assert stub.read_text() == stub_source()


def test_status_shows_the_checklist_without_grading(learner: Learner) -> None:
    code, out, _ = learner.types("--status")
    assert code == 0
    assert "Louder and softer" in out
    assert "0 / 100" in out
    code, out, _ = learner.types("--status", "--json")
    assert json.loads(out) == {
        "schema": 1,
        "course": "toys",
        "assignments": [{"assignment": "signals", "earned": 0.0, "points": 100.0, "report": None}],
    }


def test_next_step_is_spoken_as_the_learner_has_to_type_it(
    learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNROLL_RUN", "python3 run.py")
    assert "python3 run.py grade --hint scale" in learner.types("--status")[1]


def test_init_lays_out_a_folder_without_the_hidden_side(learner: Learner) -> None:
    assert learner.types("--init", "mine")[0] == 0
    made = learner.folder / "mine"
    assert sorted(path.name for path in made.iterdir()) == ["exercises", "quizzes"]
    assert (made / "exercises" / "signals" / "signals.py").read_text() == stub_source()


def test_init_refuses_to_overwrite(learner: Learner) -> None:
    learner.types("--init", "mine")
    stub = learner.folder / "mine" / "exercises" / "signals" / "signals.py"
    stub.write_text("mine\n")
    code, _, err = learner.types("--init", "mine")
    assert code == 2
    assert "nothing was changed" in err
    assert stub.read_text() == "mine\n"


def test_lay_out_copies_no_caches_and_no_hidden_files(toy_folder: Path, tmp_path: Path) -> None:
    folder = toy_folder / "exercises" / "signals"
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "signals.pyc").write_bytes(b"")
    (folder / ".notes").write_text("")
    lay_out(tmp_path / "new", find_workspace(toy_folder))
    copied = {path.name for path in (tmp_path / "new").rglob("*")}
    assert "signals.py" in copied
    assert not copied & {"__pycache__", "signals.pyc", ".notes"}


def test_workspace_is_found_from_a_folder_inside_it(toy_folder: Path) -> None:
    found = find_workspace(toy_folder / "exercises" / "signals", {})
    assert found.root == toy_folder.resolve()
    assert found.state == toy_folder.resolve() / ".unroll"
    assert find_workspace(toy_folder, {"UNROLL_HOME": "/elsewhere"}).state == Path("/elsewhere")


def test_no_course_anywhere_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.content.workspace.__file__", str(tmp_path / "a" / "b" / "c.py"))
    monkeypatch.setattr("grader.content.workspace.packaged_files", lambda: tmp_path / "nothing")
    with pytest.raises(EnvironmentProblem, match="grade --init FOLDER"):
        find_workspace(tmp_path)


def test_lay_out_over_exercises_is_refused(toy_folder: Path) -> None:
    with pytest.raises(UsageError, match="nothing was changed"):
        lay_out(toy_folder, find_workspace(toy_folder))
