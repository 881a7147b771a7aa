"""The engine is clean by its own tools; a tool that is not installed is skipped visibly."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ENGINE = ("grader", "run.py", "tests")


def run_tool(tool: str, *words: str) -> None:
    if importlib.util.find_spec(tool) is None:
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run(
        [sys.executable, "-m", tool, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    run_tool("ruff", "check", *ENGINE)


def test_code_is_formatted() -> None:
    run_tool("ruff", "format", "--check", *ENGINE)


def test_types_are_sound() -> None:
    run_tool("mypy")
