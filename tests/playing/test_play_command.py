"""``play`` as a program: what it trains, keeps, refuses, and how it ends."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest
from toy_play import STUB, command, edited, environment, manifest, play, sessions, toy_copy

DOUBLE = "return width * 2"
HALF = "return height * 0.5"
WITHOUT_SPLASH = edited((DOUBLE, 'raise NotImplementedError("splash")'))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_copy(tmp_path_factory.mktemp("play") / "workspace")


@pytest.fixture
def lone(tmp_path: Path):
    return lambda source: toy_copy(tmp_path / "workspace", source)


def only_session(folder: Path) -> Path:
    (session,) = sessions(folder)
    return session


def test_both_stages_are_played_and_everything_is_kept(lone) -> None:
    folder = lone(edited())
    done = play(folder, "drops", "--seed", "7")
    assert (done.returncode, done.stderr) == (0, "")
    session = only_session(folder)
    kept = manifest(session)
    assert session.name.endswith("-7")
    assert f"Kept in results/drops/{session.name}" in done.stdout
    assert [stage["stage"] for stage in kept["stages"]] == ["slow", "wide"]
    assert kept["stages"][0]["bits"] == 0.0
    assert kept["stages"][0]["grade"] == "pass"
    assert kept["stages"][1]["grade"] is None
    assert kept["options"] == {"temperature": 1.0, "tune": "rain"}
    assert set(kept["versions"]) == {"unroll", "python", "numpy"}
    assert kept["stages"][0]["files"] == ["slow/model.npz", "slow/falls.txt"]
    assert all((session / file).is_file() for s in kept["stages"] for file in s["files"])
    with np.load(session / "slow" / "model.npz") as model:
        assert model["w"][0] == 8 / 2**20


def test_the_replay_command_of_the_manifest_gives_the_same_files(folder: Path) -> None:
    play(folder, "drops", "--stage", "slow", "--tune", "hail", "--seconds", "0.1")
    first = sessions(folder)[-1]
    entry = manifest(first)["stages"][0]
    assert entry["stopped_by"] == "--seconds 0.1"
    assert entry["steps"] < 20
    again = play(folder, *shlex.split(entry["replay"])[1:], "--json")
    second = next(s for s in sessions(folder) if s != first and s.name.startswith(first.name[:8]))
    assert json.loads(again.stdout) == manifest(second)
    assert manifest(second)["seed"] == manifest(first)["seed"]
    for file in entry["files"]:
        assert (second / file).read_bytes() == (first / file).read_bytes()


def test_another_seed_gives_another_model(lone) -> None:
    folder = lone(edited())
    for seed in ("one", "two"):
        play(folder, "drops", "--stage", "slow", "--seed", seed, "--steps", "1")
    one, two = ((s / "slow" / "model.npz").read_bytes() for s in sessions(folder))
    assert one != two


def test_ctrl_c_keeps_the_best_model_so_far(lone) -> None:
    folder = lone(edited())
    given = folder / "exercises" / "drops" / "play.py"
    given.write_text(given.read_text().replace("TOTAL, PAUSE = 20,", "TOTAL, PAUSE = 2000,"))
    running = subprocess.Popen(
        command("drops"), cwd=folder, env=environment(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    assert running.stdout is not None
    while "step 1 of" not in running.stdout.readline():
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, err) == (0, "")
    (stage,) = manifest(only_session(folder))["stages"]
    assert stage["stopped_by"] == "Ctrl-C"
    assert 1 <= stage["steps"] < 2000
    assert f"--steps {stage['steps']}" in stage["replay"]
    assert f"Stopped by Ctrl-C at step {stage['steps']} of 2000" in out
    assert (only_session(folder) / "slow" / "falls.txt").is_file()


def test_a_stub_is_told_before_anything_is_trained(lone) -> None:
    folder = lone(STUB)
    done = play(folder, "drops")
    assert done.returncode == 1
    assert "drops that fall: cannot be played yet." in done.stdout
    assert "`fall` is not written yet." in done.stdout
    assert "Next: grade --show fall" in done.stdout
    assert not (folder / "results").exists()


def test_a_missing_function_is_told_by_name(lone) -> None:
    done = play(lone(edited(("def fall(", "def tumble("))), "drops", "--stage", "slow")
    assert done.returncode == 1
    assert "No function `fall` was found" in done.stdout


def test_a_later_stage_that_is_not_written_is_unlocked_by_its_task(lone) -> None:
    folder = lone(WITHOUT_SPLASH)
    done = play(folder, "drops")
    assert done.returncode == 0
    assert "drops that splash: is still locked." in done.stdout
    assert "Next: grade --show splash" in done.stdout
    assert [stage["stage"] for stage in manifest(only_session(folder))["stages"]] == ["slow"]


def test_an_exception_is_shown_with_the_learners_own_line(lone) -> None:
    folder = lone(edited((HALF, "return height @ height[:1]")))
    done = play(folder, "drops")
    said = " ".join(done.stdout.split())
    assert done.returncode == 1
    assert "fall raised ValueError at drops.py, line 6: `return height @ height[:1]`" in said
    assert "Next: grade drops" in said
    assert not (folder / "results").exists()


def test_a_second_stage_that_fails_leaves_the_first_one_kept(lone) -> None:
    folder = lone(edited((DOUBLE, "return width + None")))
    done = play(folder, "drops", "--json")
    assert done.returncode == 1
    assert "splash raised TypeError at drops.py, line 11" in " ".join(done.stderr.split())
    assert [stage["stage"] for stage in json.loads(done.stdout)["stages"]] == ["slow"]


def test_a_result_that_is_no_model_is_explained(lone) -> None:
    done = play(lone(edited((HALF, "return height[:1]"))), "drops", "--stage", "slow")
    assert done.returncode == 1
    assert "no model that could be judged (w has two numbers)" in " ".join(done.stdout.split())


def test_numbers_that_are_not_finite_are_explained(lone) -> None:
    done = play(lone(edited((HALF, "return height * float('inf')"))), "drops", "--stage", "slow")
    assert done.returncode == 1
    assert "after the training w holds numbers that are not finite" in " ".join(done.stdout.split())


def test_the_reference_is_played_whatever_the_learner_wrote(lone) -> None:
    folder = lone(STUB)
    done = play(folder, "drops", "--reference", "--stage", "slow")
    assert done.returncode == 0
    assert manifest(only_session(folder))["trained"] == "reference"


def test_a_submission_elsewhere_is_played(lone, tmp_path: Path) -> None:
    folder = lone(STUB)
    (tmp_path / "mine.py").write_text(edited())
    done = play(folder, "drops", "--submission", str(tmp_path / "mine.py"), "--stage", "slow")
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["dorps"], "did you mean `drops`?"),
        (["drops", "--stage", "fast"], "there is no stage `fast`; there are: slow, wide"),
        (["drops", "--tune", "hal"], "Did you mean hail? There are: rain, hail."),
        (["drops", "--temperature", "9"], "--temperature goes from 0.5 to 2.0, not 9.0"),
        (["drops", "--bars", "4"], "--bars means nothing here; there is --temperature, --tune"),
        (["drops", "--steps", "0"], "--steps"),
        (["drops", "--reference", "--submission", "."], "exclude each other"),
        ([], "Missing argument 'NAME'"),
    ],
)
def test_wrong_usage_is_refused_with_what_would_be_right(
    folder: Path, words: list[str], complaint: str
) -> None:
    done = play(folder, *words)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert done.stdout == ""


def test_what_a_learner_sends_moves_no_cursor(folder: Path) -> None:
    done = play(folder, "drops", "--stage", "slow", "--look")
    assert "drop 4.0000" in done.stdout
    assert "\x1b" not in done.stdout
    assert "wet" in done.stdout
    assert "no picture" not in done.stdout
