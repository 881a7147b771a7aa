"""Seeds as people type them, and the numbers they stand for."""

from __future__ import annotations

import os
import zlib


def new_seed() -> str:
    """A seed that nobody can foresee, short enough to be typed."""
    return os.urandom(4).hex()


def seed_number(seed: str) -> int:
    """The number that a seed's text stands for; any text will do.

    Examples
    --------
    >>> seed_number("0000000f"), seed_number("7")
    (15, 7)
    """
    try:
        return int(seed, 16) % 2**64
    except ValueError:
        return zlib.crc32(seed.encode())
