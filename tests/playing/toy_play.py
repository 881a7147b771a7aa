"""The toy course of play, in a folder of its own, and the command as a program."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TOY = Path(__file__).resolve().parent / "toy"
STUB = (TOY / "exercises" / "drops" / "drops.py").read_text()
RIGHT = (TOY / "solutions" / "drops" / "drops.py").read_text()


def toy_copy(folder: Path, source: str = RIGHT) -> Path:
    """A workspace whose learner wrote ``source``."""
    shutil.copytree(TOY, folder, ignore=shutil.ignore_patterns("__pycache__", "results"))
    (folder / "exercises" / "drops" / "drops.py").write_text(source)
    return folder


def environment(**more: str) -> dict[str, str]:
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1"} | more


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "grader.cli", "play", *words]


def play(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words), cwd=folder, env=environment(**more), capture_output=True,
        encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip


def sessions(folder: Path) -> list[Path]:
    return sorted((folder / "results" / "drops").glob("*"))


def manifest(session: Path) -> dict[str, Any]:
    return json.loads((session / "manifest.json").read_text(encoding="utf-8"))


def edited(*edits: tuple[str, str]) -> str:
    """The right answer with texts replaced; each must stand there once."""
    source = RIGHT
    for find, put in edits:
        assert source.count(find) == 1, find
        source = source.replace(find, put)
    return source
