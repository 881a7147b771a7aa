"""Units: their spellings, and how much one is of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

# Sizes in the first unit of each kind. Bits and nats are not here: to convert them is a question.
_KINDS: tuple[Mapping[str, float], ...] = (
    MappingProxyType(
        {
            **dict.fromkeys(("s", "sec", "second", "seconds"), 1.0),
            **dict.fromkeys(("ms", "millisecond", "milliseconds"), 1e-3),
            **dict.fromkeys(("us", "microsecond", "microseconds"), 1e-6),
            **dict.fromkeys(("min", "minute", "minutes"), 60.0),
            **dict.fromkeys(("h", "hour", "hours"), 3600.0),
        }
    ),
    MappingProxyType(
        {
            **dict.fromkeys(("B", "byte", "bytes"), 1.0),
            **dict.fromkeys(("kB", "KB", "kilobyte", "kilobytes"), 1e3),
            **dict.fromkeys(("MB", "megabyte", "megabytes"), 1e6),
            **dict.fromkeys(("GB", "gigabyte", "gigabytes"), 1e9),
        }
    ),
)
_MICRO = str.maketrans({"\u00b5": "u", "\u03bc": "u", " ": None})


def same_unit(typed: str, name: str) -> bool:
    """Whether two spellings are of one unit; long names forgive case and a plural."""
    squeezed, wanted = typed.translate(_MICRO), name.translate(_MICRO)
    if squeezed == wanted:
        return True
    return len(wanted) > 3 and squeezed.lower() in (wanted.lower(), wanted.lower() + "s")


def is_one_of(typed: str, names: Iterable[str]) -> bool:
    """Whether a typed unit is one of these."""
    return any(same_unit(typed, name) for name in names)


def factor(of: str, to: str) -> float | None:
    """How many `to` one `of` is: ``factor("s", "ms")`` is 1000; None when nobody can say."""
    for kind in _KINDS:
        mine = next((size for name, size in kind.items() if same_unit(of, name)), None)
        theirs = next((size for name, size in kind.items() if same_unit(to, name)), None)
        if mine is not None and theirs is not None:
            return mine / theirs
    return None
