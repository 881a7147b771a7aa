"""Snippets are run apart, with limits, by one worker for all of them."""

from collections.abc import Iterator

import pytest

from grader.quiz import tracing
from grader.quiz.tracing import TraceFailedError, Tracer


@pytest.fixture(scope="module")
def tracer() -> Iterator[Tracer]:
    made = Tracer()
    yield made
    made.close()


def test_a_snippet_prints_with_its_variables(tracer: Tracer) -> None:
    assert tracer.run("import numpy as np\nprint(np.zeros((2, n)).shape)", {"n": 3}) == "(2, 3)\n"


def test_functions_of_a_snippet_see_its_names(tracer: Tracer) -> None:
    assert tracer.run(
        "k = 2\ndef f(x):\n    return [x * k for _ in range(k)]\nprint(f(3))", {}
    ) == ("[6, 6]\n")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("1/0", "ZeroDivisionError"), ("raise SystemExit", "SystemExit"), ("x = (", "SyntaxError"),
        ("import os\nos._exit(3)", "ended its interpreter"), ("open('/etc/passwd')", "Error"),
        ("input()", "EOFError"),
    ],
)  # fmt: skip
def test_a_snippet_that_fails_says_why_and_harms_no_other(
    tracer: Tracer, code: str, words: str
) -> None:
    with pytest.raises(TraceFailedError, match=words):
        tracer.run(code, {})
    assert tracer.run("print('still here')", {}) == "still here\n"


def test_an_endless_snippet_is_stopped_and_those_behind_it_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tracing, "SECONDS", 0.3)
    tracer = Tracer()
    tracer.prepare([("print(1)", {}), ("while True: pass", {}), ("print(2)", {})])
    assert (tracer.run("print(1)", {}), tracer.run("print(2)", {})) == ("1\n", "2\n")
    with pytest.raises(TraceFailedError, match="longer than"):
        tracer.run("while True: pass", {})
    tracer.close()


def test_one_worker_runs_everything_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from grader.sandbox import Worker

    started = []
    start = Worker.start

    def counted(*args: object, **named: object) -> Worker:
        started.append(named)
        return start(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Worker, "start", counted)
    tracer = Tracer()
    tracer.prepare(("print(n)", {"n": n}) for n in range(450))
    assert [tracer.run("print(n)", {"n": n}) for n in (0, 200, 449)] == ["0\n", "200\n", "449\n"]
    assert tracer.run("print('more')", {}) == "more\n"
    assert started == [{"fresh": True}]
    tracer.close()
    tracer.close()
    assert tracer.run("print(7)", {"n": 1}) == "7\n"
    assert len(started) == 2
    tracer.close()
