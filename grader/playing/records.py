"""What play speaks of: stages, options, progress, judgements, pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Options: TypeAlias = dict[str, Any]
Parameters: TypeAlias = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Stage:
    """One network to train; `needs` names the tasks whose functions it calls."""

    name: str
    title: str
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Progress:
    """How far a training is; `bits` are None until a model was first tried on unseen data."""

    step: int
    of_total: int
    loss: float
    bits: float | None
    best_bits: float | None
    samples: tuple[str, ...] = ()
    done: bool = False


@dataclass(frozen=True)
class Judgement:
    """What a model is worth, measured by given code on data that it has not seen."""

    bits: float
    measure: str
    grade: str | None
    thresholds: Mapping[str, float]
    counting: Mapping[str, float]
    shown: Mapping[str, str]


@dataclass(frozen=True)
class Picture:
    """A grid of numbers with labels."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: npt.NDArray[np.float64]
    note: str = ""


@dataclass(frozen=True)
class Roll:
    """A piano roll: 0 silent, 1 held, 2 struck; the top row is the highest pitch."""

    grid: npt.NDArray[np.int64]
    highest: int
    columns_per_bar: int
    chords: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """Which files were written, and what may be shown of them."""

    files: tuple[str, ...]
    notes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    roll: Roll | None = None


@dataclass(frozen=True)
class Played:
    """One stage from begin to end. `stopped` says why it ended early; empty where it did not."""

    stage: Stage
    progress: Progress
    judgement: Judgement
    written: Written
    stopped: str = ""
    seconds: float = 0.0
    pictures: tuple[Picture, ...] = field(default=())
