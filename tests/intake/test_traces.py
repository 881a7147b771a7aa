"""What is shown to leave no trace, and what is not: in doubt every check gets its own copy."""

from __future__ import annotations

import pytest

from grader.content.intake.submission import SourceModule, Unit
from grader.content.intake.traces import leaves_no_trace

GIVEN = {"rnn_utils": "import numpy as np\n\ndef softmax(x):\n    return np.exp(x)\n"}


def traceless(source: str, *, notebook: bool = False, more: dict[str, str] | None = None) -> bool:
    policy = "definitions" if notebook else "run"
    modules = [SourceModule("work", (Unit("work.py", source, None, 1),), policy, entry=True)]
    for name, text in (more or {}).items():
        modules.append(SourceModule(name, (Unit(f"{name}.py", text, None, 1),), "run", entry=False))
    return leaves_no_trace(modules, ["f"], GIVEN)


PLAIN = {
    "numpy": "import numpy as np\ndef f(x):\n    a = np.zeros(3)\n    a[0] = x\n    return a\n",
    "given helpers": "from rnn_utils import *\ndef f(x):\n    return softmax(x)\n",
    "own helper": "def g(x):\n    return x\ndef f(x):\n    return g(x)\n",
    "constants": "RATE = 0.1\nSHAPE = (2, 3)\ndef f(x=RATE if False else 1):\n    return RATE\n"
    .replace("x=RATE if False else 1", "x=1"),
    "inner function and lambda": (
        "def f(x):\n    def g(y):\n        return x + y\n    return (lambda z: g(z))(1)\n"
    ),
    "local of a global's name": "x = []\ndef f(x):\n    x.append(1)\n    return x\n",
    "missing library at the top": "import tensorflow as tf\ndef f(x):\n    return x\n",
    "unused state at the top": "import os, sys\nlog = []\ndef f(x):\n    return x\n",
    "import inside": "def f(x):\n    import math\n    return math.exp(x)\n",
    "errors": "def f(x):\n    try:\n        return 1 / x\n    except ZeroDivisionError:\n"
    "        raise ValueError('no') from None\n",
}  # fmt: skip

TELLING = {
    "global": "n = 0\ndef f(x):\n    global n\n    n += 1\n    return n\n",
    "nonlocal": "def f(x):\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n    g()\n",
    "list at the top": "seen = []\ndef f(x):\n    seen.append(x)\n    return len(seen)\n",
    "array at the top": "import numpy as np\nA = np.zeros(3)\ndef f(x):\n    A[0] += 1\n",
    "default value": "def f(x, seen=[]):\n    seen.append(x)\n    return seen\n",
    "default of an inner call": "from itertools import count\ndef f(x, n=count()):\n    pass\n",
    "attribute of a function": "def f(x):\n    f.calls = 1\n    return x\n",
    "attribute that is read": "def f(x):\n    return f.seen.append(x)\n",
    "decorator": "from functools import lru_cache\n@lru_cache\ndef f(x):\n    return x\n",
    "class": "class State:\n    n = 0\ndef f(x):\n    State.n += 1\n    return State.n\n",
    "made by a call": "def make():\n    n = []\n    def f(x):\n        n.append(x)\n"
    "    return f\nf = make()\n",
    "numpy's settings": "import numpy as np\ndef f(x):\n    np.seterr(all='raise')\n    return x\n",
    "numpy's own attributes": "import numpy as np\ndef f(x):\n    np.random.n = 1\n    return x\n",
    "private names": "def f(x):\n    return f.__globals__\n",
    "builtins": "def f(x):\n    globals()['n'] = 1\n    return x\n",
    "files": "def f(x):\n    return open('log', 'a')\n",
    "other modules": "import sys\ndef f(x):\n    sys.setrecursionlimit(9)\n    return x\n",
    "import of other modules inside": "def f(x):\n    import gc\n    return gc.get_objects()\n",
    "star of a module with state": "from os import *\ndef f(x):\n    return environ\n",
    "syntax error": "def f(x:\n    return x\n",
}


@pytest.mark.parametrize("source", PLAIN.values(), ids=PLAIN)
def test_plain_functions_leave_no_trace(source: str) -> None:
    assert traceless(source)


@pytest.mark.parametrize("source", TELLING.values(), ids=TELLING)
def test_whatever_could_remember_is_not_taken_for_plain(source: str) -> None:
    assert not traceless(source)


@pytest.mark.parametrize(
    "use", ["from notes import seen", "from notes import *", "import notes", "import notes as n",
            "from notes import seen as mine"],
)  # fmt: skip
def test_state_of_another_file_of_the_submission_counts(use: str) -> None:
    name = {"import notes": "notes.seen", "import notes as n": "n.seen"}.get(use, "seen")
    name = "mine" if use.endswith("mine") else name
    source = f"{use}\ndef f(x):\n    {name}.append(x)\n    return x\n"
    assert not traceless(source, more={"notes": "seen = []\n"})


def test_statements_of_a_notebook_that_are_not_run_do_not_count() -> None:
    source = "def f(x):\n    return x\nfor i in range(3):\n    globals()['n'] = f(i)\n"
    assert traceless(source, notebook=True)
    assert not traceless(source)


KEPT = {
    "branch": "if True:\n    seen = []\n",
    "loop": "for seen in [[]]:\n    pass\n",
    "addition": "seen = []\nseen += []\n",
    "with": "with open('x'):\n    def h(x):\n        return x\n    seen = []\n",
    "function in a branch": "if True:\n    def g(x):\n        global n\n        n = x\n",
}


@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
def test_what_a_notebook_keeps_beside_definitions_counts(kept: str) -> None:
    used = "def f(x):\n    g(x)\n" if "def g" in kept else "def f(x):\n    seen.append(x)\n"
    assert not traceless(kept + used, notebook=True)
    if "def g" not in kept:
        assert traceless(kept + "def f(x):\n    return x\n", notebook=True)
