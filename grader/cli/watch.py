"""``grade --watch``: grade again whenever a file is saved; a newer save ends a running check."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from grader.cli.exit_codes import Exit
from grader.content.course_file import load_course
from grader.content.workspace import find_workspace

# Editors write in several steps; a pause this long means that the save is complete.
SETTLED_MS = 50


def watch_and_grade(name: str | None, *, seed: str | None) -> int:
    """Grade now and on every save, until Ctrl-C.

    Every grading is a process of its own: ending it ends its worker and all that runs there.
    """
    from watchfiles import PythonFilter, watch

    workspace = find_workspace(Path.cwd())
    load_course(workspace.course_file)
    print(f"Watching {workspace.exercises}. Ctrl-C ends.", flush=True)
    command = [sys.executable, "-m", "grader.cli", "grade"]
    command += [name] if name else []
    command += ["--seed", seed] if seed else []
    running = _Running(command)
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        running.restart()
        for _ in watch(workspace.exercises, watch_filter=PythonFilter(), debounce=200,
                       step=SETTLED_MS, raise_interrupt=True):  # fmt: skip
            running.restart()
    except KeyboardInterrupt:
        print()
    finally:
        running.end()
    return Exit.ALL_RIGHT


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class _Running:
    """The grading that runs now, if any."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def restart(self) -> None:
        """End what runs and begin anew."""
        self.end()
        print("-" * 40, flush=True)
        self._process = subprocess.Popen(self._command, start_new_session=True)

    def end(self) -> None:
        """End what runs, with everything that it started."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait()
        self._process = None
