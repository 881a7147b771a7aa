"""Hostile submissions: each gets an ordinary outcome, does no harm, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox import (
    Bundle,
    Crashed,
    Limits,
    Loaded,
    Module,
    Outcome,
    ProtocolViolation,
    Raised,
    Returned,
    TimedOut,
    Worker,
)
from grader.worker.wire import MAGIC, PREFIX, pack

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")


def load(worker: Worker, source: str) -> Loaded:
    worker.begin_load(Bundle((Module("evil", (("evil.py", source),)),)))
    return worker.finish_load()


def run(worker: Worker, source: str, *args: object, seconds: float = 0.2) -> Outcome:
    load(worker, source)
    with worker.session() as session:
        return session.call("f", list(args), cpu_seconds=seconds)


def still_works(worker: Worker) -> bool:
    return run(worker, "def f():\n    return 1\n") == Returned(1)


@pytest.fixture(scope="module")
def walled() -> Iterator[Worker]:
    with Worker.start(Limits(load_seconds=0.5)) as worker:
        yield worker
        assert still_works(worker)


@pytest.fixture
def strict(walled: Worker) -> Worker:
    if walled.level < 2:
        pytest.skip("this kernel has no Landlock or no seccomp")
    return walled


@pytest.fixture(scope="module")
def open_worker() -> Iterator[Worker]:
    """A worker without kernel walls, where processes can be made and must be hunted down."""
    with Worker.start(Limits(walls=False, load_seconds=0.5)) as worker:
        assert worker.level == 1
        yield worker
        assert still_works(worker)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def gone_soon(*pids: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if not any(map(alive, pids)):
            return True
        time.sleep(0.01)
    return False


# The wire.

OTHER_REPLY = pack({"id": "0" * 16, "kind": "returned", "value": 1, "stdout": "", "modified": [],
                    "aliases": [], "locals": []})  # fmt: skip


@pytest.mark.parametrize(
    "written",
    [
        b"junk that is no frame",
        OTHER_REPLY,
        OTHER_REPLY * 2,
        PREFIX.pack(MAGIC, 1 << 21, 0),
        PREFIX.pack(MAGIC, 2, 0) + b"[]",
        PREFIX.pack(MAGIC, 5, 0) + b'["d"]' + b"x",
        pack({"kind": "ask", "id": "0" * 16, "name": "g", "args": [], "named": {}}),
    ],
    ids=["junk", "forged", "twice", "oversized", "no record", "trailing", "question"],
)
def test_forged_frames_are_violations(walled: Worker, written: bytes) -> None:
    source = f"import os\ndef f():\n    os.write(62, {written!r})\n    return 2\n"
    assert isinstance(run(walled, source), ProtocolViolation)


def test_half_a_frame_is_a_timeout_and_a_slow_drip_too(walled: Worker) -> None:
    prefix = PREFIX.pack(MAGIC, 1 << 20, 0)
    source = (
        "import os, time\ndef f():\n"
        f"    os.write(62, {prefix!r})\n"
        "    while True:\n        os.write(62, b' ')\n        time.sleep(0.02)\n"
    )
    assert isinstance(run(walled, source, seconds=0.1), TimedOut)


def test_closed_descriptors_are_a_crash(walled: Worker) -> None:
    source = "import os\ndef f():\n    os.closerange(0, 64)\n    return 1\n"
    assert isinstance(run(walled, source), Crashed)


def test_bytes_between_calls_are_a_violation(walled: Worker) -> None:
    source = (
        "import os, sys\n"
        "def f():\n    return Late()\n"
        "class Late:\n    pass\n"
        "def g():\n    return 1\n"
        "import grader\n"
    )
    late = (
        "import os, signal\n"
        "def f():\n"
        "    signal.signal(signal.SIGALRM, lambda *_: os.write(62, b'x'))\n"
        "    signal.setitimer(signal.ITIMER_REAL, 0.02)\n"
        "    return 1\n"
    )
    load(walled, source + late)
    with walled.session() as session:
        assert session.call("f", []) == Returned(1)
        time.sleep(0.1)
        assert isinstance(session.call("g", []), ProtocolViolation)


def test_a_lying_exception_is_only_text(walled: Worker) -> None:
    source = (
        "class Skipped(BaseException):\n    pass\n"
        "def f():\n    raise Skipped('\\x1b]0;owned\\x07 \\u202e \\ud800 \\0 [red]')\n"
    )
    outcome = run(walled, source)
    assert isinstance(outcome, Raised)
    assert outcome.type == "Skipped"
    assert outcome.message == "\\x1b]0;owned\\x07 \\u202e \\ud800 \\x00 [red]"


# Patching what our own code uses.


@pytest.mark.parametrize(
    "body",
    [
        "import builtins; builtins.len = builtins.type = builtins.isinstance = lambda *a: 1",
        "import sys; sys.modules.clear()",
        "import sys; sys.modules['json'] = sys.modules['numpy'] = None",
        "import numpy as np; np.ndarray.tobytes = np.shares_memory = None",
        "import numpy as np; np.frombuffer = np.zeros = lambda *a, **k: 1 / 0",
        "import json; json.dumps = lambda *a, **k: '[1]'",
        "import os; os._exit = lambda *a: None; raise SystemExit(0)",
        "import sys; sys.stdout.close(); sys.stdout = None; print('x')",
        "import sys; sys.setrecursionlimit(10**6); f()",
        "import sys; sys.settrace(lambda *a: 1 / 0)",
        "import atexit; atexit.register(print)",
        "import gc; [o.clear() for o in gc.get_objects() if type(o) is dict]",
    ],
)
def test_patching_the_worker_hurts_only_the_session(walled: Worker, body: str) -> None:
    outcome = run(walled, f"def f():\n    {body}\n    return 1\n", seconds=0.5)
    assert isinstance(outcome, Outcome.__args__)  # type: ignore[attr-defined]
    assert still_works(walled)


def test_forged_reports_while_loading_do_not_confuse(walled: Worker) -> None:
    loaded = load(walled, "import os\nos.write(60, b'junk')\ndef f():\n    return 1\n")
    assert [note.kind for note in loaded.notes] == ["stopped"]
    with walled.session() as session:
        assert session.call("f", []) == Returned(1)


def test_signals_ignored_do_not_save_a_loop(walled: Worker) -> None:
    source = (
        "import signal\ndef f():\n"
        "    for number in (signal.SIGPROF, signal.SIGVTALRM, signal.SIGTERM, signal.SIGXCPU):\n"
        "        signal.signal(number, signal.SIG_IGN)\n"
        "    while True:\n        pass\n"
    )
    assert isinstance(run(walled, source, seconds=0.1), TimedOut)


# The walls of level 2.


@pytest.mark.parametrize(
    "body",
    [
        "import os; os.fork()",
        "import os; os.execv('/bin/true', ['true'])",
        "import subprocess; subprocess.run(['true'])",
        "import threading; threading.Thread(target=print).start()",
        "import socket; socket.socket()",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import os; os.kill(os.getppid(), 9)",
        "import os; os.kill(-1, 0)",
        "import os; os.listdir('/')",
        "import os; os.listdir('/proc')",
        "open('/etc/passwd')",
        "open(f'/proc/{__import__(\"os\").getppid()}/environ')",
        "open('/proc/self/mem', 'rb')",
        "open('/tmp/written', 'w')",
        "import os; os.mkdir('/tmp/made')",
        "import os; os.chmod('/tmp', 0o777)",
        "import os; os.utime('/tmp')",
        "import os; os.memfd_create('x')",
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9))",
        "import os; os.nice(-5)",
    ],
)
def test_what_no_exercise_needs_is_refused(strict: Worker, body: str) -> None:
    outcome = run(strict, f"def f():\n    {body}\n    return 'done'\n")
    assert isinstance(outcome, Raised)
    assert outcome.type in ("PermissionError", "OSError", "RuntimeError", "ValueError")


def test_the_files_of_the_course_cannot_be_read(strict: Worker, tmp_path: Path) -> None:
    secret = tmp_path / "checks_rnn.py"
    secret.write_text("secret")
    own = Path(__file__).resolve()
    source = "def f(path):\n    return open(path).read()\n"
    for path in (secret, own, own.parents[2] / "pyproject.toml"):
        outcome = run(strict, source, str(path))
        assert isinstance(outcome, Raised)
        assert outcome.type == "PermissionError"


def test_the_environment_and_the_engine_are_not_there(walled: Worker) -> None:
    source = (
        "import os, sys\ndef f():\n"
        "    return dict(os.environ), [m for m in sys.modules if m[:6] in ('grader', 'pytest')]"
    )
    assert run(walled, source) == Returned(({}, []))


def test_no_process_can_be_made_while_loading(strict: Worker) -> None:
    loaded = load(
        strict,
        "import os, threading, ctypes\n"
        "os.fork()\n"
        "threading.Thread(target=print).start()\n"
        "assert ctypes.CDLL(None).syscall(56, 0x8011, 0, 1, 0, 0) != -1\n"
        "def f():\n    return 1\n",
    )
    assert [(note.line, note.type) for note in loaded.notes] == [
        (2, "PermissionError"),
        (3, "RuntimeError"),
        (4, "AssertionError"),
    ]


def test_every_wall_is_reported_with_its_reason(walled: Worker, open_worker: Worker) -> None:
    names = ("resource limits", "privileges", "landlock", "seccomp")
    assert tuple(layer.name for layer in walled.layers) == names
    assert all(layer.active or layer.reason for layer in walled.layers)
    assert [layer.reason for layer in open_worker.layers[1:]] == ["switched off"] * 3


# Processes, where they can be made.

DAEMON = """
import os, time
def f():
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(writing, str(os.getpid()).encode())
            time.sleep(60)
        os._exit(0)
    return int(os.read(reading, 20))
"""

CROWD = """
import os, signal, time
def f():
    for number in range(1, 32):
        try:
            signal.signal(number, signal.SIG_IGN)
        except OSError:
            pass
    pids = []
    for _ in range(40):
        child = os.fork()
        if child == 0:
            os.setsid()
            time.sleep(60)
        pids.append(child)
    return pids
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="the kernel lets only root's sessions fork")
def test_a_daemon_does_not_survive_its_session(open_worker: Worker) -> None:
    outcome = run(open_worker, DAEMON, seconds=1)
    assert isinstance(outcome, Returned)
    assert gone_soon(outcome.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="the kernel lets only root's sessions fork")
def test_a_crowd_of_stubborn_processes_is_cleared_away(open_worker: Worker) -> None:
    outcome = run(open_worker, CROWD, seconds=2)
    assert isinstance(outcome, Returned)
    assert len(outcome.value) == 40
    assert gone_soon(*outcome.value)


def test_nothing_is_left_when_the_worker_is_closed() -> None:
    with Worker.start() as worker:
        load(worker, "import os\ndef f():\n    return os.getpid(), os.getppid()\n")
        with worker.session() as session:
            outcome = session.call("f", [])
            assert isinstance(outcome, Returned)
    assert gone_soon(*outcome.value)


KILLED = """
import sys, time
sys.path.insert(0, sys.argv[1])
from grader.sandbox import *
worker = Worker.start()
text = "import os, time\\ndef f():\\n    return os.getpid(), os.getppid()\\n"
worker.begin_load(Bundle((Module("m", (("m.py", text),)),)))
worker.finish_load()
session = worker.session()
print(*session.call("f", []).value, flush=True)
time.sleep(60)
"""


def test_nothing_is_left_when_the_grader_itself_is_killed() -> None:
    root = str(Path(__file__).resolve().parents[1])
    command = [sys.executable, "-c", KILLED, root]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as grader:
        assert grader.stdout is not None
        pids = [int(word) for word in grader.stdout.readline().split()]
        assert len(pids) == 2
        assert all(map(alive, pids))
        grader.send_signal(signal.SIGKILL)
        grader.wait()
    assert gone_soon(*pids)
