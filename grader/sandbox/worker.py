"""The worker: a keeper process, its loader, and the sessions forked from it."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from grader.errors import EnvironmentProblem
from grader.sandbox.channel import (
    Channel,
    ClosedError,
    HungError,
    LateError,
    Line,
    open_channel,
)
from grader.sandbox.loading import Request, loaded_from, request_of
from grader.sandbox.replies import frames_of_trace
from grader.sandbox.session import Session
from grader.sandbox.start_keeper import Keeper, start_keeper
from grader.sandbox.submission import Bundle, Limits, Loaded, LoadNote
from grader.worker.codec import REQUEST, CodecError
from grader.worker.kernel import processor_seconds
from grader.worker.walls import Layer, level_of
from grader.worker.wire import pack

_START_SECONDS = 20.0
_NOT_STARTED = (
    "the worker process did not start ({}); run `teach doctor` to see what this machine allows"
)
_FORK_SECONDS = 5.0


class Worker:
    """Runs submissions apart from this process; see `start`.

    One worker may load one submission after the other: each gets a fresh loader, forked from the
    keeper, which has seen neither the secrets of this process nor an earlier submission.
    """

    def __init__(self, keeper: Keeper | None, limits: Limits) -> None:
        self._lock = threading.RLock()  # sessions may be used from several threads
        self.limits = limits
        self.sources: Mapping[str, str] = {}
        self._own_keeper = keeper
        self._loader: Line | None = None
        self._used = False
        self._layers: tuple[Layer, ...] | None = None
        self._request: Request | None = None
        self._permit = 0
        self._pids: dict[Session, int] = {}
        self._unanswered: list[Session] = []
        self._spare: Session | None = None
        self._spawn()

    @classmethod
    def start(cls, limits: Limits | None = None, *, fresh: bool = False) -> Worker:
        """Start a worker.

        Call it right after numpy has been imported and before any secret is read: the worker
        is a fork of this process as it is now. With `fresh` it is a new interpreter instead,
        which costs another import of numpy and may be started at any time.
        """
        if not sys.platform.startswith("linux"):
            from grader.sandbox.portable import PortableWorker

            return PortableWorker(limits or Limits())
        return cls(start_keeper(fresh=fresh), limits or Limits())

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def _keeper(self) -> Keeper:
        if self._own_keeper is None:
            raise EnvironmentProblem("this kind of worker has no keeper")
        return self._own_keeper

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The walls around the worker, each proven by trying."""
        if self._layers is None:
            message = self._from_loader(time.monotonic() + _START_SECONDS)
            self._layers = tuple(Layer(*layer) for layer in message["layers"])
        return self._layers

    @property
    def level(self) -> int:
        """The level of isolation in force: 2 with every wall, 1 otherwise."""
        return level_of(list(self.layers))

    def begin_load(self, bundle: Bundle) -> None:
        """Hand over a submission; it is loaded while this process does something else."""
        if self._used:
            self._spawn()
        self._used = True
        self._request = request_of(bundle, self.limits)
        self.sources = self._request.sources
        self._send_load(self._request.message)
        self.prepare_next()

    def finish_load(self) -> Loaded:
        """Wait for the submission to be loaded.

        One that does not finish, or ends its process, is loaded again by its definitions only;
        a note says so.
        """
        if self._request is None:
            raise ValueError("begin_load comes before finish_load")
        first = self._loaded()
        if not isinstance(first, str):
            return loaded_from(first, self._request.errors)
        note = LoadNote("stopped", next(iter(self.sources), ""), 1, "", first)
        self._spawn()
        self._send_load(self._request.definitions_only())
        second = self._loaded()
        if isinstance(second, str):
            return Loaded({}, (), (*self._request.errors, note))
        return loaded_from(second, self._request.errors, note)

    def session(self, *, another: bool = True) -> Session:
        """Open a session: a fresh copy of the loaded submission. Use it in a `with` statement.

        Unless no `another` will follow, the next one is got ready while this one computes.
        """
        with self._lock:
            session, self._spare = self._spare or self._fork(), None
            session.is_followed = another
        return session

    def hang_up(self) -> None:
        """Have the worker and every process it has started ended; `close` waits for that."""
        self._drop_loader()
        self._keeper.hang_up()

    def close(self) -> None:
        """End the worker and every process it has started."""
        self._drop_loader()
        self._keeper.close()

    # What sessions ask of their host.

    def prepare_next(self) -> None:
        """Fork the next session while the present one computes."""
        with self._lock:
            if self._spare is None:
                self._spare = self._fork()

    def hurry(self, session: Session) -> None:
        """Ask the process of a session to write down where it is."""
        with self._lock:
            self._keeper.tell({"do": "hurry", "keep": self._others(session)})

    def computed(self, session: Session) -> float:
        """Return the processor seconds that the process of a session has used; 0 if unknown."""
        with self._lock:
            if self._loader is not None and self._loader.something_waits():
                self._collect_pids()
            return processor_seconds(self._pids.get(session, 0))

    def exit_status(self, session: Session) -> int | None:
        """Return how the process of a session ended; None when unknown."""
        with self._lock:
            self._collect_pids()
            pid = self._pids.get(session)
            return self._keeper.exit_status(pid) if pid else None

    def end(self, session: Session) -> None:
        """Kill every process of a session; those of the other open sessions stay."""
        with self._lock:
            self._keeper.end(self._others(session))
            self._pids.pop(session, None)

    def _drop_loader(self) -> None:
        if self._loader is not None:
            self._loader.close()
        if self._spare is not None:
            self._spare.abandon()
        self._pids.clear()
        self._unanswered.clear()
        self._loader = self._spare = self._layers = None

    def _spawn(self) -> None:
        self._drop_loader()
        self._keeper.settle()
        self._permit = int.from_bytes(os.urandom(8), "big") >> 1
        self._loader, theirs = open_channel()
        limits = self.limits
        caps = [limits.memory_bytes, limits.session_seconds, limits.open_files, limits.walls]
        self._keeper.spawn({"do": "spawn", "permit": self._permit, "caps": caps}, theirs)

    def _send_load(self, message: dict[str, Any]) -> None:
        assert self._loader is not None
        frame = pack(message, REQUEST, strict=True)
        try:
            self._loader.send(frame, time.monotonic() + _START_SECONDS)
        except ClosedError as error:
            raise EnvironmentProblem(_NOT_STARTED.format("it ended at once")) from error

    def _loaded(self) -> dict[str, Any] | str:
        """Wait for the report of the loader, or return why there is none."""
        assert self._loader is not None
        _ = self.layers
        self._loader.watch_trace(True)
        deadline = time.monotonic() + 2 * self.limits.load_seconds + 1
        try:
            # What follows at once may be news of the first session, which is ordered already.
            message = self._loader.receive(deadline, alone=False)
        except HungError:
            trace = self._loader.trace_text()
            return self._request_stopped(trace, "did not finish in time")
        except LateError:
            return self._request_stopped("", "did not finish in time")
        except ClosedError:
            return "the file ended its process while it was loaded; only definitions were read"
        except CodecError as error:
            return f"the file sent {error} while it was loaded; only definitions were read"
        if message.get("timed_out") is not False:
            return self._request_stopped("", "did not finish in time")
        return message

    def _request_stopped(self, trace: str, words: str) -> str:
        frames = frames_of_trace(trace, self.sources)
        where = f" ({frames[-1].file}, line {frames[-1].line})" if frames else ""
        return f"the file's own top-level code {words}{where}; only definitions were read"

    def _from_loader(self, deadline: float) -> dict[str, Any]:
        assert self._loader is not None
        try:
            return self._loader.receive(deadline, alone=False)
        except (ClosedError, LateError, HungError, CodecError) as error:
            raise EnvironmentProblem(_NOT_STARTED.format(type(error).__name__)) from error

    def _fork(self) -> Session:
        assert isinstance(self._loader, Channel)
        self._keeper.settle()  # or the new process would be ended with the old ones
        channel, theirs = open_channel()
        session = Session(channel, self)
        try:
            message = {"do": "fork", "permit": self._permit}
            self._loader.send_with_descriptors(pack(message), theirs)
            self._unanswered.append(session)
        except ClosedError:
            pass  # the loader is dead; the session's first call says that its process ended
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        return session

    def _collect_pids(self) -> None:
        """Read the process numbers that the loader reports; hints only, the keeper checks."""
        while self._unanswered:
            session = self._unanswered.pop(0)
            try:
                assert self._loader is not None
                message = self._loader.receive(time.monotonic() + _FORK_SECONDS, alone=False)
            except (ClosedError, LateError, HungError, CodecError):
                self._unanswered.clear()
                return
            pid = message.get("pid")
            if type(pid) is int and 0 < pid < 1 << 22:
                self._pids[session] = pid

    def _others(self, session: Session) -> list[int]:
        self._collect_pids()
        return [pid for other, pid in self._pids.items() if other is not session]
