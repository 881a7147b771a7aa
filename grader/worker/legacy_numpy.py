"""Names that numpy has dropped since the notebooks of this course were first written.

Code that says ``np.float`` or ``np.product`` was right when it was written, and what it means
is still clear; so the worker gives these names their old meaning.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

_DROPPED: dict[str, Any] = {
    "float": float,
    "int": int,
    "object": object,
    "str": str,
    "complex": complex,
    "float_": np.float64,
    "complex_": np.complex128,
    "int0": np.intp,
    "bool8": np.bool_,
    "unicode_": np.str_,
    "string_": np.bytes_,
    "Inf": math.inf,
    "Infinity": math.inf,
    "inf": math.inf,
    "NaN": math.nan,
    "NAN": math.nan,
    "NINF": -math.inf,
    "PINF": math.inf,
    "product": np.prod,
    "cumproduct": np.cumprod,
    "alltrue": np.all,
    "sometrue": np.any,
    "round_": np.round,
    "row_stack": np.vstack,
    "in1d": np.isin,
    "mat": np.asmatrix,
}


def restore_dropped_names() -> None:
    """Give numpy's dropped names back their meaning; what numpy still has stays as it is."""
    for name, meaning in _DROPPED.items():
        if name not in vars(np):
            setattr(np, name, meaning)
