"""Who gets which session of the worker: each student a fresh one, or one after the other."""

from __future__ import annotations

import threading
from time import monotonic
from typing import Protocol

from grader.sandbox import Session, Worker

# A session may use ten seconds of processor time; a shared one is retired long before that, so
# that no check pays for what others used.
SECONDS_SHARED = 3.0


class Sessions(Protocol):
    """Lends sessions, and takes them back."""

    def lend(self) -> Session:
        """A session that nobody else uses now."""

    def give_back(self, session: Session) -> None:
        """Say that a session is not used any more."""

    def close(self) -> None:
        """Let go of what nobody uses."""


class OwnSessions:
    """A fresh copy of the submission for every student, ended with it."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def lend(self) -> Session:
        """A fresh session."""
        return self._worker.session()

    def give_back(self, session: Session) -> None:
        """End the session and everything that runs in it."""
        session.close()

    def close(self) -> None:
        """Do nothing: no session outlives its student."""


class SharedSessions:
    """Sessions that serve one student after the other, for code whose calls leave no trace.

    One that hung, crashed or grew old is ended; the next student gets a fresh one.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._lock = threading.Lock()
        self._idle: list[Session] = []
        self._opened: dict[Session, float] = {}

    def lend(self) -> Session:
        """An idle session, or a fresh one."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        session = self._worker.session(another=False)
        with self._lock:
            self._opened[session] = monotonic()
        return session

    def give_back(self, session: Session) -> None:
        """Keep a sound session for the next student."""
        with self._lock:
            sound = not session.is_over
            if sound and monotonic() - self._opened[session] < SECONDS_SHARED:
                self._idle.append(session)
                return
            del self._opened[session]
        session.close()

    def close(self) -> None:
        """Hang up on the idle ones; their processes end by themselves, or with the worker's."""
        with self._lock:
            for session in self._idle:
                session.abandon()
            self._idle.clear()


class OneSession:
    """A single session that a twin process inherits; without it nothing more can be called."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def lend(self) -> Session:
        """The session; raises LookupError once it is over."""
        if self._session.is_over:
            raise LookupError("the session of this process is over")
        return self._session

    def give_back(self, session: Session) -> None:
        """Keep it."""

    def close(self) -> None:
        """Hang up."""
        self._session.abandon()
