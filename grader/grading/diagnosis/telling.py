"""The sentence of a known mistake, fitted to what the learner's code is."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import numpy as np

from grader.grading.diagnosis.own_lines import made_once, read_by_every_step
from grader.grading.diagnosis.own_names import OwnCode, filled
from grader.results import Location

_SENTENCE_ENDS = re.compile(r"(?<=[.?!]) ")


def told_of(tells: str, names: Mapping[str, str], own: OwnCode | None, line: str | None) -> str:
    """The sentences in the learner's names, without those about a ``range`` that is not there.

    Parameters
    ----------
    line : str or None
        The learner's line that the mistake is placed at.
    """
    told = filled(tells, names, own)
    if "`range`" not in told or line is None or "range" in line:
        return told
    return " ".join(one for one in _SENTENCE_ENDS.split(told) if "`range`" not in one)


def never_updated_among(own: OwnCode, variables: Collection[str]) -> tuple[str, Location] | None:
    """What to say of variables that still hold the zeros they began with, and where that is.

    Parameters
    ----------
    variables : collection of str
        Those that the mistake is about; others count where every step reads them.
    """
    if own.node is None:
        return None
    stale: dict[str, int] = {}
    for name, value in (own.variables or {}).items():
        zero = isinstance(value, np.ndarray) and value.size > 1 and not np.any(value)
        line = made_once(own.node, name) if zero else None
        if line is not None and (name in variables or read_by_every_step(own.node, name, line)):
            stale[name] = line
    if not any(read_by_every_step(own.node, name, line) for name, line in stale.items()):
        return None
    named = " and ".join(f"`{name}`" for name in stale)
    tells = f"{named} is never updated: it still holds its first zeros at the end. "
    if len(stale) > 1:
        tells = f"{named} are never updated: they still hold their first zeros at the end. "
    tells += "What a step leaves for the next one has to be stored there at the end of each step."
    return tells, own.place(min(stale.values()))
