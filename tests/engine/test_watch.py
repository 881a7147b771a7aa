"""``grade --watch``: every save is graded, and a newer save ends what still runs."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from toy_world import command, plain_environment, reference_source, reference_with

ENDLESS = reference_with(("scaled = gain * x\n", "while True:\n        pass\n"))
PATIENCE = 20.0


class Watching:
    """A running ``grade --watch`` whose lines can be waited for."""

    def __init__(self, folder: Path) -> None:
        self.stub = folder / "exercises" / "signals" / "signals.py"
        self.process = subprocess.Popen(
            command("grade", "signals", "--watch"),
            cwd=folder,
            env=plain_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self.seen: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def line_with(self, text: str) -> str:
        """The next line with ``text``; earlier ones are remembered in ``seen``."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {text!r} in {self.seen}") from None
            self.seen.append(line)
            if text in line:
                return line

    def save(self, source: str) -> None:
        """Save as an editor does: beside the file, then in its place."""
        beside = self.stub.with_name("signals.py.part")
        beside.write_text(source)
        os.replace(beside, self.stub)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=PATIENCE)
        self._reader.join(timeout=PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def watching(toy_folder: Path) -> Iterator[Watching]:
    started = Watching(toy_folder)
    try:
        yield started
    finally:
        started.close()


def children_of(pid: int) -> set[int]:
    """All living descendants of a process; nothing where there is no /proc."""
    found: set[int] = set()
    pending = [pid]
    while pending:
        parent = pending.pop()
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                new = {int(word) for word in task.read_text().split()}
            except OSError:
                continue
            found |= new
            pending += new
    return found


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_saves_are_graded_and_a_newer_one_ends_a_hung_check(watching: Watching) -> None:
    watching.line_with("Watching")
    watching.line_with("0 / 100")
    watching.line_with("Next: write scale")

    watching.save(ENDLESS)
    watching.line_with("-" * 40)
    time.sleep(1.0)  # the endless loop runs by now; its limit is 4 seconds of computing
    hung = children_of(watching.process.pid)
    assert hung or not Path(f"/proc/self/task/{os.getpid()}/children").exists()
    saved = time.monotonic()
    watching.save(reference_source())
    watching.line_with("100 / 100")
    assert time.monotonic() - saved < 10
    assert not any("did not finish" in line for line in watching.seen)
    deadline = time.monotonic() + 5
    while any(map(alive, hung)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in hung if alive(pid)], "what was replaced has ended"

    left = children_of(watching.process.pid)
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(timeout=PATIENCE) == 0
    assert not [pid for pid in left if alive(pid)]


def test_file_that_is_no_python_starts_nothing(watching: Watching) -> None:
    watching.line_with("Next: write scale")
    (watching.stub.parent / "notes.txt").write_text("no code")
    time.sleep(0.5)
    watching.save(reference_source())
    watching.line_with("100 / 100")
    assert sum(line.startswith("-" * 40) for line in watching.seen) == 2
