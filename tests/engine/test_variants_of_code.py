"""Variants of code in which more than a name at the top holds on to a function."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.content.code import Code, Loader

HELD = """\
from __future__ import annotations
import functools
from dataclasses import dataclass
from typing import ClassVar


@dataclass
class Gain:
    gain: float
    known: ClassVar[int] = 0

    def applied(self, x: float) -> float:
        return scale(x, self.gain)


def logged(function):
    @functools.wraps(function)
    def wrapper(*given):
        return function(*given)
    return wrapper


def scale(x, gain):
    return x * gain


@logged
def decorated(x):
    return scale(x, 2)


twice = functools.partial(scale, gain=2)
TABLE = {"scale": scale}


def by_method(x):
    return Gain(2).applied(x)


def by_table(x):
    return TABLE["scale"](x, 2)


def by_default(x, step=scale):
    return step(x, 2)


def by_partial(x):
    return twice(x)


def by_file(x):
    return Reader().read()


class Reader:
    def read(self):
        return open("x")
"""
WAYS = ("decorated", "by_method", "by_table", "by_default", "by_partial", "twice")


def held(tmp_path: Path) -> Code:
    (tmp_path / "held.py").write_text(HELD)
    return Code({"held": Loader((tmp_path,), "held").load("held").__dict__})


@pytest.mark.parametrize("way", WAYS)
def test_replacement_is_seen_by_whatever_holds_the_function(tmp_path: Path, way: str) -> None:
    code = held(tmp_path)
    stood_in = code.with_stand_ins({"scale": lambda x, gain: ("stood in", x, gain)})
    assert stood_in.functions()[way](5) == ("stood in", 5, 2)
    assert code.functions()[way](5) == 10


@pytest.mark.parametrize("way", WAYS)
def test_variant_is_seen_by_whatever_holds_the_function(tmp_path: Path, way: str) -> None:
    compiled = compile("def scale(x, gain):\n    return -x", "<variant>", "exec")
    assert held(tmp_path).with_function("scale", compiled).functions()[way](5) == -5


def test_variants_of_such_code_add_up(tmp_path: Path) -> None:
    code = held(tmp_path).with_names({"open": lambda name: f"opened {name}"})
    code = code.with_stand_ins({"scale": lambda x, gain: 0})
    code = code.with_made({"scale": lambda old, home: lambda x, gain: (old(x, gain), len(home))})
    assert code.functions()["by_file"](1) == "opened x"
    assert code.functions()["by_method"](1)[0] == 0


def test_such_modules_import_each_others_variants(tmp_path: Path) -> None:
    (tmp_path / "held.py").write_text(HELD)
    (tmp_path / "more.py").write_text(
        "from held import Gain, scale\n"
        "class Box:\n    def open(self, x):\n        return scale(x, 2), Gain(3).applied(x)\n"
        "def both(x):\n    return Box().open(x)\n"
    )
    loader = Loader((tmp_path,), "held")
    code = Code({name: loader.load(name).__dict__ for name in ("held", "more")})
    assert code.functions()["both"](1) == (2, 3)
    stood_in = code.with_stand_ins({"scale": lambda x, gain: -gain})
    assert stood_in.functions()["both"](1) == (-2, -3)
