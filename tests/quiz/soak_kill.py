"""Kill `quiz` with signal 9 at random moments and see that no answer is lost.

python -m tests.quiz.soak_kill 100
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from grader.content.question_library import Library

from .pty_learner import Terminal, current, drawn_now, keys_for
from .toy import library, make_workspace

_ANSWERED = ("\u2713 Right", "\u2717 Not")


def one_kill(folder: Path, toy: Library, rng: random.Random) -> bool:
    """Go on with the session and pull the plug somewhere; whether the session ended before.

    Every answer whose verdict was seen must be stored, and nothing that was not typed.
    """
    before = current(folder, toy)
    done_before = len(before.asked) if before else 0
    terminal = Terminal(folder, ["toy", "--resume", "--count", "11"])
    seen = sent = 0
    for _ in range(rng.randrange(0, 5)):
        terminal.wait_for("pause)")
        session = current(folder, toy)
        assert session is not None
        terminal.type(keys_for(drawn_now(session, toy), rng.random() < 0.7))
        sent += 1
        if rng.random() < 0.2:
            break  # killed between the key and its verdict
        terminal.wait_for(*_ANSWERED)
        seen += 1
        if terminal.wait_for("Enter: next", "Done:") == "Done:":
            terminal.end()
            return True
        terminal.type("\n")
    time.sleep(rng.random() * 0.05)
    terminal.kill()
    after = current(folder, toy)
    stored = (len(after.asked) if after else 0) - done_before
    if after is not None:
        assert seen <= stored <= sent, f"{seen} seen, {stored} stored, {sent} sent"
    return False


def soak(kills: int, seed: int = 0) -> int:
    """Kill so many times; how many sessions were finished all the same."""
    rng = random.Random(seed)
    finished = 0
    with tempfile.TemporaryDirectory() as name:
        folder = make_workspace(Path(name) / "course")
        toy = library(folder)
        for _ in range(kills):
            finished += one_kill(folder, toy, rng)
    return finished


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    print(f"{count} kills, {soak(count)} sessions finished, nothing lost")
