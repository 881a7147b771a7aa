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
    """Lends sessions, and takes them back.

    Attributes
    ----------
    per_call : bool
        Whether a session is to be given back after every call; otherwise with the student.
    """

    per_call: bool

    def lend(self) -> Session:
        """A session that nobody else uses now."""

    def give_back(self, session: Session) -> None:
        """Say that a session is not used any more."""

    def close(self) -> None:
        """Let go of what nobody uses."""


class OwnSessions:
    """A fresh copy of the submission for every student, ended with it."""

    per_call = False

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


class SharedSession:
    """One session for the calls of all students, for code whose calls leave no trace.

    While it computes for one student, others prepare what they will ask, or look at what they
    got. One that hung, crashed or grew old is ended; the next call gets a fresh one.
    """

    per_call = True

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._free = threading.Lock()
        self._session: Session | None = None
        self._opened = 0.0

    def lend(self) -> Session:
        """The session, once it is free."""
        self._free.acquire()
        try:
            if self._session is None:
                self._session = self._worker.session(another=False)
                self._opened = monotonic()
            return self._session
        except BaseException:
            self._free.release()
            raise

    def give_back(self, session: Session) -> None:
        """Keep a sound session for the next call."""
        try:
            if session.is_over or monotonic() - self._opened > SECONDS_SHARED:
                self._session = None
                session.close()
        finally:
            self._free.release()

    def close(self) -> None:
        """Hang up; its process ends by itself, or with the worker's."""
        if self._session is not None:
            self._session.abandon()
            self._session = None


class OneSession:
    """A single session that a twin process inherits; without it nothing more can be called."""

    per_call = True

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
