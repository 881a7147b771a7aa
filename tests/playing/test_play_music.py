"""The band, hardly trained: the same seed writes the same files, and MIDI survives a reading."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import mido
import pytest
from toy_play import ROOT, play

FEW = "TRAINING_SOLOS, HELD_OUT_SOLOS = 40, 6"
FILES = {"model.npz", "solo.mid", "solo.wav", "piano_roll.png", "piano_roll.svg"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the band only."""
    made = tmp_path_factory.mktemp("band")
    for side in ("exercises", "solutions"):
        ignore = shutil.ignore_patterns("__pycache__", "right_answers")
        shutil.copytree(ROOT / side / "jazz", made / side / "jazz", ignore=ignore)
    shutil.copy(ROOT / "exercises" / "course.yaml", made / "exercises")
    batches = made / "exercises" / "jazz" / "batches.py"
    text, changed = re.subn(r"^TRAINING_SOLOS.*$", FEW, batches.read_text(), flags=re.MULTILINE)
    assert changed == 1
    batches.write_text(text)
    return made


@pytest.fixture(scope="module")
def twice(folder: Path) -> list[Path]:
    """Two sessions with one seed."""
    words = ("jazz", "--reference", "--steps", "1", "--bars", "4", "--seed", "a tune", "--look")
    for _ in range(2):
        done = play(folder, *words)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert "gates, average over the units" in done.stdout
        assert "Eb7" not in done.stdout
    return sorted((folder / "results" / "jazz").iterdir())


def test_the_same_seed_writes_the_same_files(twice: list[Path]) -> None:
    first, second = twice
    written = {path.name for path in first.iterdir()}
    assert written == FILES | {"manifest.json"}
    for name in FILES:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_midi_is_equal_after_it_was_read_back(twice: list[Path]) -> None:
    data = (twice[0] / "solo.mid").read_bytes()
    song = mido.MidiFile(file=io.BytesIO(data))
    again = io.BytesIO()
    song.save(file=again)
    assert again.getvalue() == data
    assert song.type == 1
    assert [track.name for track in song.tracks[1:]] == ["Lead", "Piano", "Bass", "Drums"]
    assert len({sum(message.time for message in track) for track in song.tracks}) == 1
