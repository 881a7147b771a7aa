"""Loading: what a submission contains is found, and what is wrong with it costs only itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from grader.sandbox import Bundle, Limits, Loaded, Module, Raised, Returned, Worker

Load = Callable[..., Loaded]


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker.start(Limits(load_seconds=0.3)) as worker:
        yield worker


@pytest.fixture
def load(worker: Worker) -> Load:
    def load_sources(*sources: str, **rest: object) -> Loaded:
        modules = tuple(
            Module(f"part{number}", ((f"part{number}.py", text),))
            for number, text in enumerate(sources)
        )
        worker.begin_load(Bundle(modules, **rest))  # type: ignore[arg-type]
        return worker.finish_load()

    return load_sources


def result(worker: Worker, name: str) -> object:
    with worker.session() as session:
        outcome = session.call(name, [])
    assert isinstance(outcome, Returned), outcome
    return outcome.value


def test_functions_are_reported_with_place_arguments_and_digest(load: Load) -> None:
    text = "X = 1\n\ndef f(a, b=2, *, c):\n    return a\n\ndef g():\n    return 1\n"
    loaded = load(text)
    f = loaded.functions["f"]
    assert (f.file, f.line, f.last_line, f.arguments) == ("part0.py", 3, 4, ("a", "b", "c"))
    assert load(text.replace("return 1", "return 2")).functions["f"].digest == f.digest
    assert load(text.replace("return a", "return b")).functions["f"].digest != f.digest


def test_a_statement_that_raises_does_not_lose_what_follows(worker: Worker, load: Load) -> None:
    loaded = load("import sys\nx = 1\ny = undefined\nsys.exit(3)\ndef f():\n    return x\n")
    assert [(n.kind, n.line, n.type) for n in loaded.notes] == [
        ("raised", 3, "NameError"),
        ("raised", 4, "SystemExit"),
    ]
    assert result(worker, "f") == 1


def test_missing_libraries_hurt_only_when_used(worker: Worker, load: Load) -> None:
    loaded = load(
        "import matplotlib.pyplot as plt\n"
        "from tensorflow.keras.layers import LSTM\n"
        "from public_tests import *\n"
        "try:\n    import torch\nexcept ImportError:\n    torch = None\n"
        "def f():\n    return torch\n"
        "def g():\n    plt.plot([1])\n"
    )
    assert [note.kind for note in loaded.notes] == ["missing-import"] * 3
    assert result(worker, "f") is None
    with worker.session() as session:
        outcome = session.call("g", [])
    assert isinstance(outcome, Raised)
    assert outcome.message.startswith("matplotlib.pyplot.plot was used, but matplotlib is not")


def test_installed_libraries_other_than_numpy_are_not_here(load: Load) -> None:
    assert [note.kind for note in load("import yaml\nimport pytest\nimport grader\n").notes] == [
        "missing-import"
    ] * 3


def test_given_modules_and_data_files_are_found_by_their_names(worker: Worker, load: Load) -> None:
    given = (Module("rnn_utils", (("rnn_utils.py", "def softmax(x):\n    return 'soft'\n"),)),)
    loaded = load(
        "from rnn_utils import softmax\n"
        "def f():\n    return softmax(0), open('data/names.txt').read().split()\n",
        given=given,
        data={"names.txt": b"rex\ndino\n"},
    )
    assert "softmax" not in loaded.functions
    assert result(worker, "f") == ("soft", ["rex", "dino"])


def test_a_module_cannot_shadow_the_standard_library_or_numpy(worker: Worker) -> None:
    planted = tuple(
        Module(name, ((f"{name}.py", "raise RuntimeError('planted')\n"),))
        for name in ("numpy", "random", "os")
    )
    text = "import numpy as np, random\ndef f():\n    return float(np.ones(2).sum())\n"
    worker.begin_load(Bundle((Module("part", (("part.py", text),)),), planted))
    assert worker.finish_load().notes == ()
    assert result(worker, "f") == 2.0


def test_modules_import_each_other_and_the_later_definition_wins(
    worker: Worker, load: Load
) -> None:
    loaded = load(
        "def f():\n    return 'first'\ndef g():\n    return 'g'\n",
        "from part0 import f, g\nfrom part0 import *\ndef f():\n    return 'second ' + g()\n",
    )
    assert loaded.functions["f"].file == "part1.py"
    assert loaded.functions["g"].file == "part0.py"
    assert result(worker, "f") == "second g"


def test_a_broken_cell_of_a_notebook_loses_only_itself(worker: Worker) -> None:
    cells = (
        ("n.ipynb[1]", "x = 4\n"),
        ("n.ipynb[2]", "def broken(:\n"),
        ("n.ipynb[3]", "def f():\n    return x\n"),
    )
    worker.begin_load(Bundle((Module("n", cells),)))
    loaded = worker.finish_load()
    assert [(e.kind, e.file, e.line) for e in loaded.errors] == [("not-readable", "n.ipynb[2]", 1)]
    assert result(worker, "f") == 4


@pytest.mark.parametrize(
    "source", [b"\xff\xfe\x00", "x = '\ud800'", "x = 1\0", "(" * 5000, "def f(:\n", "\tx\n  y"]
)
def test_what_is_no_python_is_an_error_with_a_place(worker: Worker, source: str) -> None:
    worker.begin_load(Bundle((Module("m", (("m.py", source),)),)))
    loaded = worker.finish_load()
    assert [(error.kind, error.file) for error in loaded.errors] == [("not-readable", "m.py")]


def test_an_endless_statement_costs_only_itself(worker: Worker, load: Load) -> None:
    loaded = load("while True:\n    pass\ndef f():\n    return 1\n")
    assert [(note.kind, note.type) for note in loaded.notes] == [("raised", "OutOfTimeError")]
    assert result(worker, "f") == 1


@pytest.mark.parametrize(
    "statement",
    ["sum(range(10**12))", "import os; os._exit(0)", "import time; time.sleep(60)"],
)
def test_a_file_that_cannot_be_run_is_read_for_its_definitions(
    worker: Worker, load: Load, statement: str
) -> None:
    text = f"import numpy as np\nRATE = 2 * np.pi\n{statement}\ndef f():\n    return RATE > 6\n"
    loaded = load(text)
    assert [note.kind for note in loaded.notes] == ["stopped"]
    assert "only definitions were read" in loaded.notes[0].message
    assert "f" in loaded.functions
    assert result(worker, "f") is True


def test_definitions_only_leaves_out_the_rest(worker: Worker) -> None:
    text = "A = [1, 2]\nB = print('loud')\nC = [0] * 10**9\ndef f():\n    return A\n"
    worker.begin_load(Bundle((Module("m", (("m.py", text),), policy="definitions"),)))
    loaded = worker.finish_load()
    assert (loaded.notes, loaded.stdout) == ((), "")
    assert result(worker, "f") == [1, 2]


def test_what_is_printed_while_loading_is_kept_and_cleaned(load: Load) -> None:
    assert load("print('a\\x1b[31mb')\n").stdout == "a\\x1b[31mb\n"


def test_future_imports_reach_the_statements_after_them(worker: Worker, load: Load) -> None:
    load("from __future__ import annotations\ndef f(x: Undefined = 3) -> Nothing:\n    return x\n")
    assert result(worker, "f") == 3


def test_main_guards_do_not_run(load: Load) -> None:
    assert load("if __name__ == '__main__':\n    1 / 0\n").notes == ()


def test_a_module_may_not_take_our_name(worker: Worker) -> None:
    with pytest.raises(ValueError, match="cannot be called 'grader'"):
        worker.begin_load(Bundle((Module("grader", (("grader.py", ""),)),)))


BARS = """\
import tqdm as bars
import tqdm.notebook
from tqdm import tqdm, trange, tqdm_notebook
from tqdm.auto import tqdm as auto

def loops(n):
    seen = [i for i in tqdm(range(n), desc="training")] + list(trange(2)) + [*auto("ab")]
    with tqdm(total=n, leave=False) as bar:
        while bar.n < n:
            bar.update()
            bar.set_description("loss")
            bar.set_postfix(loss=0.5)
            bar.write(f"at {bar.n}")
    counted = bars.tqdm([4, 5])
    for item in counted:
        counted.set_postfix_str("x")
    counted.close()
    return seen, len(counted), counted.n, len(bars.notebook.tqdm([1])), bool(tqdm_notebook([]))
"""


def test_progress_bars_are_gone_through_and_show_nothing(worker: Worker, load: Load) -> None:
    assert load(BARS).notes == ()
    with worker.session() as session:
        outcome = session.call("loops", [2])
    assert isinstance(outcome, Returned), outcome
    assert outcome.value == ([0, 1, 0, 1, "a", "b"], 2, 2, 1, False)
    assert outcome.stdout == "at 1\nat 2\n"


def test_a_bar_hides_no_mistake(worker: Worker, load: Load) -> None:
    load("from tqdm import tqdm\ndef f():\n    return [i for i in tqdm(None)]\n")
    with worker.session() as session:
        outcome = session.call("f", [])
    assert isinstance(outcome, Raised)
    assert (outcome.type, len(outcome.frames)) == ("TypeError", 2)


def test_a_module_of_the_learners_own_comes_before_the_bars(worker: Worker, load: Load) -> None:
    own = (Module("tqdm", (("tqdm.py", "def tqdm(x):\n    return 'mine'\n"),)),)
    load("from tqdm import tqdm\ndef f():\n    return tqdm(1)\n", given=own)
    assert result(worker, "f") == "mine"
    assert load("import tqdm.nothing\nimport tqdm_like\n").notes[0].kind == "missing-import"
