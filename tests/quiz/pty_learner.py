"""A learner at a pseudo-terminal: starts `quiz`, reads, types, pulls the plug."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import struct
import time
from pathlib import Path

import msgspec

from grader.content.question_library import Library
from grader.quiz.drawing import Drawn, draw
from grader.quiz.events import SessionPlan, answers
from grader.quiz.marking import marker_of
from grader.quiz.session import Session, open_sessions, resumed
from grader.store.quiz_store import QuizStore

from .toy import QUIZ, environment

PATIENCE = 20.0
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """One running command and everything that it wrote."""

    def __init__(self, folder: Path, arguments: list[str], columns: int = 80, **env: str) -> None:
        self.raw = ""
        self._read_to = 0
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:  # pragma: no cover - the child
            os.chdir(folder)
            os.execve(QUIZ[0], [*QUIZ, *arguments], environment(TERM="xterm-256color", **env))
        import fcntl
        import termios

        size = struct.pack("HHHH", 30, columns, 0, 0)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, size)

    @property
    def text(self) -> str:
        """What was written, without colours and cursor moves."""
        return _ESCAPES.sub("", self.raw).replace("\r\n", "\n")

    def read(self, seconds: float) -> bool:
        """Take what comes within some seconds; False at the end."""
        if not select.select([self.descriptor], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.descriptor, 65536)
        except OSError:
            return False
        self.raw += data.decode("utf-8", "replace")
        return bool(data)

    def wait_for(self, *words: str) -> str:
        """Read until one of the words appears after what was waited for before."""
        end = time.monotonic() + PATIENCE
        while True:
            fresh = self.text[self._read_to :]
            found = [(fresh.index(word) + len(word), word) for word in words if word in fresh]
            if found:
                at, word = min(found)
                self._read_to += at
                return word
            if time.monotonic() > end or not self.read(0.05):
                raise AssertionError(f"{words} never came; the end was: {self.text[-600:]}")

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self.descriptor, keys.encode())

    def kill(self) -> None:
        """Pull the plug."""
        os.kill(self.pid, signal.SIGKILL)
        self.end()

    def end(self) -> int:
        """Wait for the end; the exit code."""
        end = time.monotonic() + PATIENCE
        while self.read(0.05) and time.monotonic() < end:
            if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                self.read(0.05)
                break
        _, status = os.waitpid(self.pid, 0)
        os.close(self.descriptor)
        return os.waitstatus_to_exitcode(status)


def current(folder: Path, toy: Library) -> Session | None:
    """The paused session as the store knows it."""
    with QuizStore(folder / ".unroll" / "quiz.sqlite") as store:
        events = store.events()
    for event in open_sessions(events):
        plan = msgspec.convert(event.body, SessionPlan)
        mine = [one for one in answers(events) if one.session == event.session]
        known = {(question.id, question.rev) for question in toy.questions.values()}
        return resumed(event.session, plan, mine, known)
    return None


def keys_for(drawn: Drawn, right: bool) -> str:
    """The keys that give a right, or a foreseen wrong, answer to a question."""
    marker = marker_of(drawn)
    typed = marker.key(drawn) if right else marker.foreseen(drawn)[0].typed
    kind = drawn.question.type
    if kind == "single":
        return typed
    if kind in ("multi", "order"):
        return typed.replace(" ", "") + "\n"
    if kind == "truefalse":
        verdict, letter = typed.split()
        return verdict[0] + letter
    if kind == "match":
        return "".join(part[1:] for part in typed.split())
    return typed + "\n"


def drawn_now(session: Session, toy: Library) -> Drawn:
    """The draw that the learner sees."""
    return draw(toy.questions[session.current.question], session.draw_seed)
