"""Sizes for generated cases: equal sizes hide transposed and misplaced axes."""

from __future__ import annotations

import numpy as np

# A sequence of one or two steps, or a batch of one, hides mistakes of the loop and of the
# sum over examples (measured: 26 and 6 of 181 realistic slips stay invisible).
SMALLEST = {"T_x": 3, "m": 2}


def distinct_sizes(
    rng: np.random.Generator, *names: str, low: int = 2, high: int = 7
) -> dict[str, int]:
    """Draw one size per name, all different, each in ``low..high`` (both included).

    ``T_x`` is at least 3 and ``m`` at least 2.

    Raises
    ------
    ValueError
        Where the range holds fewer numbers than there are names.
    """
    if high - low + 1 < len(names):
        raise ValueError(f"{len(names)} different sizes do not fit into {low}..{high}")
    while True:
        drawn = rng.permutation(np.arange(low, high + 1))[: len(names)]
        sizes = {name: int(size) for name, size in zip(names, drawn, strict=True)}
        if all(sizes[name] >= SMALLEST.get(name, 1) for name in names):
            return sizes
