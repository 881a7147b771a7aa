"""The records of a quiz bank, as they stand in ``quizzes/*.yaml``."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Kind = Literal[
    "single", "multi", "truefalse", "numeric", "shape", "text", "order", "match", "cloze", "trace"
]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Anything with a place in a file."""

    line: int = 0


class Objective(Record, frozen=True, kw_only=True):
    """One thing a lesson wants the learner to be able to do."""

    id: str
    title: str


class BankHeader(Record, frozen=True, kw_only=True):
    """What a bank is about."""

    id: str
    title: str
    lesson: int
    objectives: tuple[Objective, ...] = ()


class Variable(Record, frozen=True, kw_only=True):
    """How one variable is drawn: a whole number, a choice, a decimal, or computed."""

    int_range: tuple[int, int] | None = msgspec.field(default=None, name="int")
    step: int = 1
    choice: tuple[int | float | str, ...] | None = None
    float_range: tuple[float, float] | None = msgspec.field(default=None, name="float")
    decimals: int = 2
    let: str | None = None


class Reference(Record, frozen=True, kw_only=True):
    """Where to read on: a task of an assignment, a lesson, or a paper."""

    task: str | None = None
    lesson: int | None = None
    paper: str | None = None


class Option(Record, frozen=True, kw_only=True):
    """One option of a choice, or one reason; a wrong one says why it is wrong."""

    text: str
    correct: bool = False
    why: str = ""
    misconception: str | None = None


class Trap(Record, frozen=True, kw_only=True):
    """A wrong answer that is foreseen, and why it is wrong."""

    value: Any = None
    pattern: str | None = None
    why: str
    misconception: str | None = None


class Unit(Record, frozen=True, kw_only=True):
    """The unit of a number, its other spellings, and units that would be wrong."""

    name: str
    accept: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    required: bool = False


class Tolerance(Record, frozen=True, kw_only=True):
    """How far a number may be off; either suffices."""

    abs: float | None = None
    rel: float | None = None


class Item(Record, frozen=True, kw_only=True):
    """One step of an order; `after` names the steps that must come first."""

    id: str
    text: str
    after: tuple[str, ...] = ()
    why: str = ""
    misconception: str | None = None


class Pair(Record, frozen=True, kw_only=True):
    """Two sides that belong together; `why` answers a wrong match of the left one."""

    left: str
    right: str
    why: str
    misconception: str | None = None


class Extra(Record, frozen=True, kw_only=True):
    """A right side that belongs to nothing."""

    text: str
    why: str
    misconception: str | None = None


class Blank(Record, frozen=True, kw_only=True):
    """One hole of a cloze."""

    answer: str
    accept: tuple[str, ...] = ()
    traps: tuple[Trap, ...] = ()


class Question(Record, frozen=True, kw_only=True):
    """What every question has."""

    id: str
    rev: int
    type: Kind
    prompt: str
    explain: str
    objective: str | None = None
    difficulty: Literal[1, 2, 3, 4, 5] = 2
    hints: tuple[str, ...] = ()
    refs: tuple[Reference, ...] = ()
    vars: dict[str, Variable] = msgspec.field(default_factory=dict)
    where: tuple[str, ...] = ()


class Choice(Question, frozen=True, kw_only=True):
    """One (``single``) or several (``multi``) of a few options."""

    options: tuple[Option, ...]
    shuffle: bool = True
    scoring: Literal["all", "net"] = "all"


class TrueFalse(Question, frozen=True, kw_only=True):
    """A statement, its truth and the reason."""

    answer: bool
    why: str
    misconception: str | None = None
    reasons: tuple[Option, ...]


class Numeric(Question, frozen=True, kw_only=True):
    """A number, typed."""

    answer: int | float | str
    tolerance: Literal["exact"] | Tolerance | None = None
    unit: Unit | None = None
    accept: tuple[int | float | str, ...] = ()
    traps: tuple[Trap, ...] = ()


class Shape(Question, frozen=True, kw_only=True):
    """The shape of an array, in symbols or numbers."""

    answer: tuple[int | str, ...]
    accept: tuple[tuple[int | str, ...], ...] = ()
    symbols: tuple[str, ...] = ()
    traps: tuple[Trap, ...] = ()


class Text(Question, frozen=True, kw_only=True):
    """A word or a short phrase, typed."""

    answer: str
    accept: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    typo: bool = True
    traps: tuple[Trap, ...] = ()


class Order(Question, frozen=True, kw_only=True):
    """Steps to be put in an order; several orders may be right."""

    items: tuple[Item, ...]


class Match(Question, frozen=True, kw_only=True):
    """Two columns to be joined."""

    pairs: tuple[Pair, ...]
    extra: tuple[Extra, ...] = ()


class Cloze(Question, frozen=True, kw_only=True):
    """Code with holes ``<<name>>``."""

    code: str
    language: Literal["python", "text"] = "python"
    blanks: dict[str, Blank]


class Trace(Question, frozen=True, kw_only=True):
    """Code, and the question what it prints."""

    code: str
    traps: tuple[Trap, ...] = ()


RECORD_OF_TYPE: dict[str, type[Question]] = {
    "single": Choice, "multi": Choice, "truefalse": TrueFalse, "numeric": Numeric, "shape": Shape,
    "text": Text, "order": Order, "match": Match, "cloze": Cloze, "trace": Trace,
}  # fmt: skip
