"""Which size of a call is which: 6 is ``m``, 9 is ``n_a``.

The reference's docstring says the shapes (``xt : ndarray (n_x, m)``), the call says the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np

_SHAPE = re.compile(r"(\w+(?:, \w+)*)(?: : ndarray)? \(([\w+, ]+)\)")


def sizes_of(text: str, values: Mapping[str, Any]) -> dict[int, str]:
    """The names of the sizes in a call; one that two names share is left out.

    Parameters
    ----------
    text : str
        The docstring of the function.
    values : mapping
        Arguments and results, by name.
    """
    arrays = dict(_arrays(values))
    found: dict[str, int] = {}
    for names, shape in _SHAPE.findall(text):
        dimensions = [part.strip() for part in shape.split(",")]
        for name in names.split(", "):
            array = arrays.get(name)
            if array is not None and array.ndim == len(dimensions):
                plain = zip(dimensions, array.shape, strict=True)
                found |= {word: size for word, size in plain if word.isidentifier()}
    sums = {f"{one} + {other}" for _, shape in _SHAPE.findall(text) for one, other in _sums(shape)}
    for one, other in combinations(found, 2):
        for word in {f"{one} + {other}", f"{other} + {one}"} & sums:
            found[word] = found[one] + found[other]
    return {size: word for word, size in found.items() if _once(size, found.values()) and size > 1}


def named(size: int, sizes: Mapping[int, str]) -> str:
    """``n_a = 9``, or the bare number where it has no name."""
    return f"{sizes[size]} = {size}" if size in sizes else str(size)


def _arrays(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, np.ndarray):
            yield name, value
        elif isinstance(value, Mapping):
            yield from _arrays(value)


def _sums(shape: str) -> Iterator[tuple[str, str]]:
    for part in shape.split(","):
        words = part.split("+")
        if len(words) == 2:
            yield words[0].strip(), words[1].strip()


def _once(size: int, sizes: Iterable[int]) -> bool:
    return sum(1 for other in sizes if other == size) == 1
