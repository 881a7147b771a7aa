"""Calls of honest code, and of code that fails in every way a call can fail."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.sandbox import (
    Bundle,
    Crashed,
    Frame,
    LimitExceeded,
    Limits,
    Loaded,
    Module,
    Opaque,
    Outcome,
    Raised,
    Replace,
    Returned,
    TimedOut,
    Worker,
)
from grader.worker.codec import CodecError

SOURCE = """\
import os, sys, time, random
import numpy as np

def double(x):
    y = 2 * x
    return y

def views(x, parameters):
    x[0, 0] = 7.0
    parameters["new"] = 1
    return x.T, parameters["W"][:, ::2], x + 0

def shown(name):
    print("hello", name)
    print("to stderr", file=sys.stderr)
    os.write(1, b"raw bytes")
    os.write(2, b"raw bytes")
    return name

def talk(n):
    print("x" * n)

def wrong_shapes(a, parameters):
    z = a + 1
    return np.dot(z, parameters["W"])

def not_started():
    raise NotImplementedError("not_started")

def quit_():
    sys.exit(0)

def own_exception():
    class Odd(Exception):
        def __str__(self):
            raise ValueError("no text")
    raise Odd

def endless():
    print("before")
    while True:
        pass

def endless_in_c():
    return sum(range(10 ** 12))

def asleep():
    time.sleep(60)

def gets_little_time():
    for _ in range(12):
        begun = time.process_time()
        while time.process_time() - begun < 0.01:
            pass
        time.sleep(0.25)
    return "done"

def stubborn():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass

def hungry():
    return np.ones(10 ** 10)

def hungry_list():
    return [0] * 10 ** 10

def exits():
    os._exit(0)

def crashes():
    import ctypes
    ctypes.string_at(0)

def recurses(n):
    return recurses(n + 1)

def numbers():
    return np.random.rand(2), random.random()

def outer(x):
    z = x + 1
    for t in range(3):
        w = inner(z, t)
    return w

def inner(x, t):
    state = x * t
    return state

def train(grads, rate):
    update(grads, rate)
    return grads

def update(grads, rate):
    raise NotImplementedError("update")

def generator():
    return (i for i in range(3))

def large():
    return np.zeros(10 ** 8 // 8)

def many():
    return list(range(30_000))

def nested():
    value = []
    for _ in range(40):
        value = [value]
    return value

def layout(x):
    return x.flags.writeable, x.flags.c_contiguous, x.flags.f_contiguous
"""


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker.start(Limits()) as worker:
        worker.begin_load(Bundle((Module("rnn", (("rnn.py", SOURCE),)),)))
        loaded = worker.finish_load()
        assert (loaded.notes, loaded.errors) == ((), ())
        yield worker


@pytest.fixture
def call(worker: Worker) -> Iterator[Callable[..., Outcome]]:
    with worker.session() as session:
        yield session.call


def test_a_value_comes_back_as_a_copy(call: Callable[..., Outcome]) -> None:
    x = np.arange(6.0).reshape(2, 3)
    outcome = call("double", [x])
    assert isinstance(outcome, Returned)
    np.testing.assert_array_equal(outcome.value, 2 * x)
    assert outcome.modified == outcome.aliases == ()


def test_changes_to_arguments_and_shared_memory_are_reported(call: Callable[..., Outcome]) -> None:
    x, weights = np.ones((2, 3)), np.ones((2, 4))
    outcome = call("views", [x, {"W": weights}])
    assert isinstance(outcome, Returned)
    assert [path for path, _ in outcome.modified] == ["args[0]", "args[1]"]
    assert outcome.modified[0][1][0, 0] == 7.0
    assert outcome.aliases == (("result[0]", "args[0]"), ("result[1]", "args[1]['W']"))
    assert x[0, 0] == 1.0


def test_what_is_printed_is_kept_and_raw_writes_do_no_harm(call: Callable[..., Outcome]) -> None:
    assert call("shown", ["you"]) == Returned("you", stdout="hello you\nto stderr\n")


def test_printing_is_capped(call: Callable[..., Outcome]) -> None:
    outcome = call("talk", [10**6])
    assert isinstance(outcome, Returned)
    assert len(outcome.stdout) == 64 << 10


def test_an_exception_shows_the_learners_line_and_its_variables(
    call: Callable[..., Outcome],
) -> None:
    outcome = call("wrong_shapes", [np.ones((2, 3)), {"W": np.ones((2, 4))}])
    assert isinstance(outcome, Raised)
    assert outcome.type == "ValueError"
    assert "(2,3) and (2,4) not aligned" in outcome.message
    line = 'return np.dot(z, parameters["W"])'
    assert outcome.frames == (Frame("rnn.py", 25, "wrong_shapes", line),)
    assert outcome.variables == (
        ("z", "float64 array of shape (2, 3)"),
        ('parameters["W"]', "float64 array of shape (2, 4)"),
    )


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        ("not_started", "NotImplementedError"),
        ("quit_", "SystemExit"),
        ("own_exception", "Odd"),
        ("no_such_function", "NameError"),
    ],
)
def test_every_exception_is_data(call: Callable[..., Outcome], function: str, kind: str) -> None:
    outcome = call(function, [])
    assert isinstance(outcome, Raised)
    assert outcome.type == kind


def test_deep_recursion_is_an_exception_with_few_frames(call: Callable[..., Outcome]) -> None:
    outcome = call("recurses", [0])
    assert isinstance(outcome, Raised)
    assert outcome.type == "RecursionError"
    assert 0 < len(outcome.frames) <= 20


@pytest.mark.parametrize(
    ("function", "line", "stdout"),
    [
        ("endless", 42, "before\n"),
        ("endless_in_c", 46, ""),
        ("asleep", 49, ""),
    ],
)
def test_a_hang_names_its_line(
    call: Callable[..., Outcome], function: str, line: int, stdout: str
) -> None:
    outcome = call(function, [], cpu_seconds=0.1)
    assert isinstance(outcome, TimedOut)
    assert outcome.seconds == 0.1
    assert abs(outcome.frames[-1].line - line) <= 1
    assert outcome.frames[-1].function == function
    assert outcome.stdout == stdout


def test_a_process_that_gets_little_time_is_waited_for(call: Callable[..., Outcome]) -> None:
    begun = time.monotonic()
    outcome = call("gets_little_time", [], cpu_seconds=0.4)
    assert time.monotonic() - begun > 2 * 0.4 + 1
    assert isinstance(outcome, Returned)
    assert outcome.value == "done"


def test_a_loop_that_swallows_every_exception_is_ended(call: Callable[..., Outcome]) -> None:
    outcome = call("stubborn", [], cpu_seconds=0.1)
    assert isinstance(outcome, TimedOut)
    assert outcome.frames[-1].function == "stubborn"
    assert call("double", [1]) == outcome


@pytest.mark.parametrize("function", ["hungry", "hungry_list"])
def test_too_much_memory_is_a_limit(call: Callable[..., Outcome], function: str) -> None:
    assert call(function, []) == LimitExceeded("memory")
    assert isinstance(call("double", [1]), LimitExceeded)


@pytest.mark.parametrize(
    ("function", "detail"),
    [("exits", "exit status 0"), ("crashes", "SIGSEGV")],
)
def test_the_death_of_the_process_says_how(
    call: Callable[..., Outcome], function: str, detail: str
) -> None:
    outcome = call(function, [])
    assert isinstance(outcome, Crashed)
    assert detail in outcome.detail


@pytest.mark.parametrize("function", ["large", "many", "nested"])
def test_replies_beyond_the_limits_are_limits(call: Callable[..., Outcome], function: str) -> None:
    outcome = call(function, [])
    assert isinstance(outcome, LimitExceeded)
    assert outcome.which.startswith("reply: ")


def test_a_generator_arrives_as_its_name(call: Callable[..., Outcome]) -> None:
    assert call("generator", []) == Returned(Opaque("generator", "generator <genexpr>"))


def test_the_seed_fixes_both_generators(call: Callable[..., Outcome]) -> None:
    first, again, other = (call("numbers", [], seed=seed) for seed in (1, 1, 2))
    assert isinstance(first, Returned)
    assert isinstance(again, Returned)
    assert isinstance(other, Returned)
    np.random.seed(1)
    np.testing.assert_array_equal(first.value[0], np.random.rand(2))
    np.testing.assert_array_equal(first.value[0], again.value[0])
    assert first.value[1] == again.value[1] != other.value[1]


def test_local_variables_of_the_called_function(call: Callable[..., Outcome]) -> None:
    outcome = call("outer", [np.ones(2)], want_locals=True)
    assert isinstance(outcome, Returned)
    (called,) = outcome.locals
    assert called.function == "outer"
    assert called.variables["t"] == 2


def test_a_stand_in_answers_and_may_change_its_arguments(call: Callable[..., Outcome]) -> None:
    seen = []

    def update(grads: dict[str, np.ndarray], rate: float) -> Replace:
        seen.append(rate)
        return Replace(None, ({"dW": grads["dW"] - rate}, rate))

    outcome = call("train", [{"dW": np.ones(2)}, 0.25], stand_ins={"update": update})
    assert isinstance(outcome, Returned)
    np.testing.assert_array_equal(outcome.value["dW"], [0.75, 0.75])
    assert seen == [0.25]
    after = call("train", [{"dW": np.ones(2)}, 0.25])
    assert isinstance(after, Raised), "the stand-in is gone after the call"


def test_what_a_stand_in_raises_is_raised_here(call: Callable[..., Outcome]) -> None:
    def update(*arguments: Any) -> None:
        raise LookupError("ours")

    with pytest.raises(LookupError, match="ours"):
        call("train", [{}, 1], stand_ins={"update": update})


def test_layout_and_read_only_flags_of_arguments_are_kept(call: Callable[..., Outcome]) -> None:
    frozen = np.ones((2, 3), order="F")
    frozen.flags.writeable = False
    assert call("layout", [frozen]) == Returned((False, False, True))
    assert call("layout", [np.ones((4, 6))[:, ::2]]) == Returned((True, False, False))


def test_an_argument_that_cannot_be_sent_is_our_own_mistake(call: Callable[..., Outcome]) -> None:
    with pytest.raises(CodecError, match="set cannot be sent"):
        call("double", [{1, 2}])


def test_large_products_do_not_wait_for_threads() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import numpy as np\nones = np.ones((400, 400)); ones @ ones\n"
        "from grader.sandbox import *\n"
        "text = 'import numpy as np\\nA = np.ones((400, 400))\\n'\n"
        "text += 'def f():\\n    return (A @ A)[0, 0]'\n"
        "with Worker.start() as worker:\n"
        "    worker.begin_load(Bundle((Module('m', (('m.py', text),)),)))\n"
        "    worker.finish_load()\n"
        "    with worker.session() as session:\n"
        "        print(session.call('f', [], cpu_seconds=2).value)\n"
    )
    many = {**os.environ, "OPENBLAS_NUM_THREADS": "4"}
    root = str(Path(__file__).resolve().parents[1])
    command = [sys.executable, "-c", program, root]
    done = subprocess.run(command, env=many, capture_output=True, text=True, timeout=20)
    assert done.stdout == "400.0\n", done.stderr


def test_sessions_do_not_see_each_other(worker: Worker) -> None:
    source = "seen = []\ndef count():\n    seen.append(1)\n    return len(seen)\n"
    with Worker.start() as other:
        other.begin_load(Bundle((Module("counting", (("counting.py", source),)),)))
        other.finish_load()
        for _ in range(3):
            with other.session() as session:
                assert session.call("count", []) == Returned(1)
                assert session.call("count", []) == Returned(2)


def test_a_worker_loads_one_submission_after_the_other() -> None:
    with Worker.start() as worker:
        for number in range(3):
            text = f"def f():\n    return {number}\n"
            worker.begin_load(Bundle((Module("m", (("m.py", text),)),)))
            assert isinstance(worker.finish_load(), Loaded)
            with worker.session() as session:
                assert session.call("f", []) == Returned(number)


def test_a_fresh_interpreter_serves_as_well() -> None:
    with Worker.start(fresh=True) as worker:
        worker.begin_load(Bundle((Module("m", (("m.py", "def f():\n    return 5\n"),)),)))
        worker.finish_load()
        with worker.session() as session:
            assert session.call("f", []) == Returned(5)


def test_calls_and_sessions_are_cheap(worker: Worker) -> None:
    arrays = [np.ones((5, 10)) for _ in range(10)]
    began = time.perf_counter()
    for _ in range(20):
        with worker.session() as session:
            assert isinstance(session.call("double", arrays[:1]), Returned)
    assert (time.perf_counter() - began) / 20 < 0.1, "twenty times what it costs when idle"
