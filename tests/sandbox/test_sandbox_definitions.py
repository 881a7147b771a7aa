"""Notebooks: lines that cheaply define something are kept, and nothing else is run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from grader.sandbox import Bundle, Limits, Loaded, Module, Returned, Worker

Load = Callable[..., Loaded]
HEAD = """\
import functools, itertools, math, operator, os, pickle, random, sys
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
import numpy as np
from numpy import array as vector
"""
TAIL = "\ndef value():\n    return X\n"


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker.start(Limits(load_seconds=5.0)) as worker:
        yield worker


@pytest.fixture
def load(worker: Worker) -> Load:
    def load_cells(*cells: str) -> Loaded:
        units = tuple((f"n.ipynb[{number}]", text) for number, text in enumerate(cells, start=1))
        worker.begin_load(Bundle((Module("n", units, policy="definitions"),)))
        return worker.finish_load()

    return load_cells


def result(worker: Worker, name: str) -> object:
    with worker.session() as session:
        outcome = session.call(name, [])
    assert isinstance(outcome, Returned), outcome
    return outcome.value


MADE = """\
class Cell:
    def __init__(self, step):
        self.step = step

    def back(self):
        return -self.step

    def __call__(self):
        return self.step

def made(value):
    def inner():
        return value
    return inner

used = Cell(7)
cell = Cell(2)
by_factory = made(1)
called: object = cell
method = cell.back
"""


def test_what_graded_functions_are_made_of_is_assigned_and_nothing_else(worker: Worker) -> None:
    for made, found in (
        ((), {"by_factory": None, "called": None, "method": None}),
        (("by_factory", "cell", "called", "method"), {"by_factory": 1, "called": 2, "method": -2}),
    ):
        bundle = Bundle((Module("n", (("n.ipynb[1]", MADE),), "definitions", made),))
        worker.begin_load(bundle)
        loaded = worker.finish_load()
        assert "used" in loaded.unset
        with worker.session() as session:
            for name, value in found.items():
                outcome = session.call(name, [])
                assert getattr(outcome, "value", None) == value, (made, name, outcome)


def test_definitions_inside_a_with_block_are_kept(load: Load, worker: Worker) -> None:
    load("with open('nowhere') as f:\n    def value():\n        return Y\n    Y = 3\n    print(f)")
    assert result(worker, "value") == 3


KEPT = [
    ("X = 'dWaa dWax'.split()", ["dWaa", "dWax"]),
    ("X = ['d' + n for n in ('Waa', 'b')]", ["dWaa", "db"]),
    ("X = {n: f'd{n}' for n in 'ab' if n != 'b'}", {"a": "da"}),
    ("f = lambda v, b=2 * 3: min(v, b)\ndef X_():\n    return f(9)\nX = 6", 6),
    ("State = namedtuple('State', 'x a')\nX = State(1, 2)", (1, 2)),
    ("@dataclass\nclass Rates:\n    first: float = 0.5\nX = Rates(0.25).first", 0.25),
    ("class Box:\n    high = 5\nX = Box().high", 5),
    ("X = int(np.float64(5) + vector([1, 2]).sum())", 8),
    ("X = list(zip('ab', range(2))) + [*reversed([1])]", [("a", 0), ("b", 1), 1]),
    ("X = {}\nfor k, f in (('low', max), ('high', min)):\n    X[k] = f.__name__\n    print(k)",
     {"low": "max", "high": "min"}),
    ("X = []\nX.append('a')\nX += ['b']\nX.extend(c for c in 'cd')", ["a", "b", "c", "d"]),
    ("if sys.version_info >= (3, 8):\n    print('new')\n    X = 1\nelse:\n    X = 2", 1),
    ("try:\n    import nothing_here\n    X = 1\nexcept ImportError:\n    X = 0", 0),
    ("X = 10**6 * 2 ** -1 if hasattr(np, 'tanh') else None", 500000.0),
    ("X = sorted({'b': 1, 'a': 2}.items(), key=str)", [("a", 2), ("b", 1)]),
    ("X: list[int] = [1]", [1]),
    ("X = [3, 1]\nX.sort()\nX.append(2)\nX.pop(0)", [3, 2]),
    ("a = np.zeros(2)\na.fill(1.5)\nb = np.ones(2)\nnp.copyto(b, a)\nX = b.tolist()", [1.5, 1.5]),
    ("@dataclass\nclass Rates:\n    of: float = 0.5\nr = Rates()\nr.of = 2.0\nX = r.of", 2.0),
    ("s = SimpleNamespace()\ns.a = 1\nX = s.a", 1),
    ("X = 1\nwhile X < 9:\n    X *= 2\nelse:\n    X += 1", 17),
    ("while True:\n    X = 1\n    break", 1),
    ("with open('x') as f:\n    X = 1", 1),
    ("if (y := 2) > 1:\n    X = y\n(z := 3)\nX += z", 5),
    ("X = ', '.join(map(str, np.arange(3).tolist())) % () + 'a{}'.format(1)", "0, 1, 2a1"),
    ("def g():\n    return 1\ng.calls = 0\nX = g.calls", 0),
    ("X, Y = 1, 2\nX *= Y", 2),
    ("X = np.zeros((2, 1)).shape + np.eye(2).shape + tuple(np.linspace(0, 1, 2).tolist())",
     (2, 1, 2, 2, 0.0, 1.0)),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "value"), KEPT)
def test_lines_that_cheaply_define_something_are_kept(
    worker: Worker, load: Load, cell: str, value: object
) -> None:
    loaded = load(HEAD, cell, TAIL)
    assert [note for note in loaded.notes if note.kind != "missing-import"] == []
    assert result(worker, "value") == value
    assert "X" not in loaded.unset


def test_what_is_made_to_be_called_later_works(worker: Worker, load: Load) -> None:
    load(
        HEAD,
        "limit = np.vectorize(lambda v, b: min(max(v, -b), b), otypes=[float])\n"
        "clip5 = partial(np.clip, a_min=-5, a_max=5)\n"
        "pick = operator.itemgetter(0)\n"
        "if True:\n    def double(v):\n        return 2 * v\n"
        "table = {'double': double, **{n: lambda v, n=n: (n, v) for n in 'ab'}}\n",
        "def value():\n"
        "    return float(limit(7, 2)), int(clip5(9)), pick('ab'), table['double'](4), "
        "table['b'](1)\n",
    )
    assert result(worker, "value") == (2.0, 5, "a", 8, ("b", 1))


NOT_RUN = [
    "X = np.random.randn(5, 8)",
    "X = random.random()",
    "rng = np.random.default_rng(0)\nX = rng.normal()",
    "def initialize(n):\n    return n\nX = initialize(3)",
    "train = lambda: 1\nX = train()",
    "X = [print(n) for n in range(3)]",
    "def f(v):\n    return v\nX = list(map(f, [1]))",
    "def f(v):\n    return v\nX = sorted([1], key=f)",
    "class Own:\n    def __init__(self):\n        pass\nX = Own()",
    "X = open('/etc/passwd').read()",
    "X = os.listdir('/')",
    "X = eval('1')",
    "X = np.load('x.npy')",
    "X = pickle.loads(b'')",
    "X = getattr(os, 'system')('true')",
    "X = list(range(10**9))",
    "X = [0] * 10**9",
    "X = 10**9 * 'x'",
    "X = 10**10**8",
    "X = 1 << 10**10",
    "X = sum(range(10**12))",
    "X = [i for i in range(10**9)]",
    "X = [*range(10**9)]",
    "X = list(itertools.count())",
    "X = [i * j for i in range(10**4) for j in range(10**5)]",
    "X = dict.fromkeys(range(10**9))",
    "y = [1]\nfor _ in range(60):\n    X = y = y + y",
    "X = np.zeros(10**9)",
    "X = np.zeros((10**5, 10**5))",
    "X = np.eye(10**5)",
    "X = np.arange(10**9)",
    "X = np.mgrid[0:10**5, 0:10**5]",
    "a = np.zeros(9999)\nX = a[:, None] + a",
    "a = np.zeros(9999)\nX = np.maximum(a[:, None], a)",
    "X = np.array([[0] * 10**4] * 10**4)",
    "X = '{:>999999999}'.format(1)",
    "X = '%999999999d' % 1",
    "X = f'{1:>999999999}'",
    "X = ','.join(['a' * 10**5] * 10**4)",
    "X = bytearray(10**9)",
    "X = (n for n in range(3))",
    "X = iter([1])",
    "while True:\n    X = 1",
    "with open('x') as f:\n    X = f.read()",
    "with open('x') as X:\n    pass",
    "L = [2, 1]\nX = L.sort(key=lambda v: v)",
    "class Own:\n    def __setattr__(self, name, value):\n        raise SystemExit\n"
    "o = Own()\no.a = 1\nX = o.a",
    "if __name__ == '__main__':\n    X = 1",
    "if np.random.rand() >= 0:\n    X = 1",
    "for X in np.random.rand(3):\n    pass",
    "np.X = 1\nX = np.X",
]


@pytest.mark.parametrize("cell", NOT_RUN)
def test_everything_else_is_left_out_without_a_word(worker: Worker, load: Load, cell: str) -> None:
    began = time.monotonic()
    loaded = load(HEAD, cell, TAIL)
    assert time.monotonic() - began < 4.0
    assert (loaded.notes, loaded.errors, loaded.stdout) == ((), (), "")
    at = loaded.unset["X"]
    assert (at.file, at.failed) == ("n.ipynb[2]", False)
    with worker.session() as session:
        outcome = session.call("value", [])
    assert getattr(outcome, "type", None) == "NameError", outcome


def test_a_line_that_leans_on_one_that_was_not_run_is_no_news(load: Load) -> None:
    loaded = load(
        "import numpy as np\n",
        "Wax = np.random.randn(5, 3)\nparameters = {}\nparameters['Wax'] = Wax\n",
        "bound = Wax\nsize = np.pi * Wax\ngradients = {'dWax': Wax}\nfirst = parameters['Wax']\n"
        "columns = bound.shape\n",
    )
    assert loaded.notes == ()
    assert loaded.unset.keys() == {"Wax", "bound", "size", "gradients", "first", "columns"}


def test_a_line_that_is_wrong_by_itself_is_told(load: Load) -> None:
    loaded = load("A = [1]\nB = A[3]\n", "C = undefined_name + 1\n")
    assert [(n.kind, n.file, n.line, n.type) for n in loaded.notes] == [
        ("raised", "n.ipynb[1]", 2, "IndexError"),
        ("raised", "n.ipynb[2]", 1, "NameError"),
    ]
    assert {name: at.failed for name, at in loaded.unset.items()} == {"B": True, "C": True}


def test_a_name_that_is_set_again_is_sure_again(worker: Worker, load: Load) -> None:
    loaded = load("import numpy as np\nX = np.random.rand()\nX = 4\nY = X + Z\n", TAIL)
    assert result(worker, "value") == 4
    assert [note.type for note in loaded.notes] == ["NameError"]


def test_definitions_of_a_file_that_trains_at_its_top_are_kept(worker: Worker) -> None:
    text = HEAD + "limit = lambda v: min(v, 2)\nX = limit\nimport time\ntime.sleep(60)\nY = 1\n"
    text += "def used():\n    return limit(5), Y\n"
    with Worker.start(Limits(load_seconds=0.3)) as impatient:
        impatient.begin_load(Bundle((Module("m", (("m.py", text),)),)))
        loaded = impatient.finish_load()
        assert [note.kind for note in loaded.notes] == ["stopped"]
        assert result(impatient, "used") == (2, 1)


def test_a_line_that_was_refused_half_way_leaves_no_trace(worker: Worker, load: Load) -> None:
    cell = "X = [1]\nfor i in range(9):\n    X = X * 2 if i < 8 else list(range(10**9))\n"
    assert load(HEAD, cell, TAIL).notes == ()
    assert result(worker, "value") == [1]


def test_the_guard_leaves_no_name_behind(worker: Worker, load: Load) -> None:
    load("X = [n for n in 'ab']\n", "def names():\n    return [n for n in globals() if '(' in n]\n")
    assert result(worker, "names") == []
