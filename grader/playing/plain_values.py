"""Reads what came out of the worker: a learner's code may have made anything of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.playing.failures import PlayFailure
from grader.playing.records import Parameters, Picture, Progress
from grader.sandbox.text import clean

SAMPLES, SAMPLE_LENGTH = 8, 100
ROWS, COLUMNS, PICTURES = 64, 200, 8


def progress_of(value: Any) -> Progress:
    """One report of `advance`."""
    report = _mapping(value, "a report")
    step, total = int(_number(report, "step") or 0), int(_number(report, "of_total") or 0)
    samples = report.get("samples")
    return Progress(
        step,
        max(total, step, 1),
        _number(report, "loss") or 0.0,
        _number(report, "bits"),
        _number(report, "best_bits"),
        tuple(text_of(sample) for sample in _items(samples)[:SAMPLES]),
        report.get("done") is True,
    )


def parameters_of(value: Any) -> Parameters:
    """The arrays of `best`."""
    held = _mapping(_mapping(value, "the model").get("parameters"), "the parameters")
    arrays = {}
    for name, array in held.items():
        if not isinstance(array, np.ndarray) or array.dtype.kind != "f" or len(name) > 40:
            raise PlayFailure("the trained parameters are not all arrays of floats")
        if not np.all(np.isfinite(array)):
            raise PlayFailure(
                f"after the training {text_of(name)} holds numbers that are not finite; "
                "perhaps the gradients grow without bound"
            )
        arrays[name] = array
    if not arrays:
        raise PlayFailure("the training left no parameters behind")
    return arrays


def pictures_of(value: Any) -> tuple[Picture, ...]:
    """The pictures of `look`; what is none is left out."""
    found = [_picture(item) for item in _items(value)[:PICTURES] if isinstance(item, Mapping)]
    return tuple(picture for picture in found if picture is not None)


def _picture(item: Mapping[Any, Any]) -> Picture | None:
    values = item.get("values")
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiub":
        return None
    if values.ndim != 2 or not values.size:
        return None
    grid = np.nan_to_num(values.astype(float))[:ROWS, :COLUMNS]
    rows = [text_of(label, 12) for label in _items(item.get("rows"))]
    columns = [text_of(label, 12) for label in _items(item.get("columns"))]
    rows += [""] * (len(grid) - len(rows))
    columns += [""] * (grid.shape[1] - len(columns))
    title, note = text_of(item.get("title") or ""), text_of(item.get("note") or "", 300)
    return Picture(title, tuple(rows[: len(grid)]), tuple(columns[: grid.shape[1]]), grid, note)


def text_of(value: Any, length: int = SAMPLE_LENGTH) -> str:
    """A text without anything that moves a terminal's cursor."""
    return " ".join(clean(value if isinstance(value, str) else "").split())[:length]


def _mapping(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise PlayFailure(f"{what} did not come back as a dictionary")
    return value


def _items(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _number(report: Mapping[str, Any], name: str) -> float | None:
    value = report.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | np.floating | np.integer):
        return None
    return float(value) if math.isfinite(value) else None
