"""The worker for systems without fork, tried where it can be tried."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import numpy as np
import pytest

from grader.sandbox import (
    Bundle,
    Crashed,
    Limits,
    Module,
    ProtocolViolation,
    Raised,
    Replace,
    Returned,
    TimedOut,
    Worker,
)
from grader.sandbox.portable import PortableWorker

SOURCE = """\
import os
import numpy as np
def double(x):
    print("doubling")
    return 2 * x
def model(x):
    change(x)
    return x
def change(x):
    raise NotImplementedError("change")
def endless():
    while True:
        pass
def exits():
    os._exit(0)
def noise():
    os.write(1, b"x")
    return 1
"""


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with PortableWorker(Limits()) as worker:
        worker.begin_load(Bundle((Module("m", (("m.py", SOURCE),)),)))
        assert "double" in worker.finish_load().functions
        yield worker


def test_it_claims_no_more_than_level_one(worker: Worker) -> None:
    assert worker.level == 1
    assert [layer.active for layer in worker.layers][1:] == [False, False, False]


def test_calls_stand_ins_and_errors_work_as_elsewhere(worker: Worker) -> None:
    with worker.session() as session:
        assert session.call("double", [2]) == Returned(4, stdout="doubling\n")
        change = {"change": lambda x: Replace(None, (x + 1,))}
        outcome = session.call("model", [np.zeros(2)], stand_ins=change)
        assert isinstance(outcome, Returned)
        np.testing.assert_array_equal(outcome.value, [1.0, 1.0])
        assert isinstance(session.call("change", [1]), Raised)
        assert session.call("noise", []) == Returned(1)


@pytest.mark.parametrize(("function", "kind"), [("endless", TimedOut), ("exits", Crashed)])
def test_a_process_that_did_not_survive_is_started_anew(
    worker: Worker, function: str, kind: type
) -> None:
    with worker.session() as session:
        outcome = session.call(function, [], cpu_seconds=0.2)
    assert isinstance(outcome, kind)
    if isinstance(outcome, TimedOut) and hasattr(signal, "SIGPROF"):
        assert outcome.frames[-1].file == "m.py"
    with worker.session() as session:
        assert session.call("double", [2]) == Returned(4, stdout="doubling\n")


def test_unasked_bytes_are_a_violation(worker: Worker) -> None:
    source = "import os\ndef f():\n    for fd in range(3, 20):\n        try:\n"
    source += "            os.write(fd, b'junk')\n        except OSError:\n            pass\n"
    with PortableWorker(Limits()) as other:
        other.begin_load(Bundle((Module("m", (("m.py", source),)),)))
        other.finish_load()
        with other.session() as session:
            assert isinstance(session.call("f", []), ProtocolViolation | TimedOut)
