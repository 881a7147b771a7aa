"""The plainest ways to say ``grade``, understood without loading a parser for all of them.

Whatever is not one of these is left to click, which knows every option and every mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_WITH_VALUE = {"--submission": "submission", "-s": "submission", "--seed": "seed"}


class PlainOrder(NamedTuple):
    """What is to be graded, and how it is to be shown."""

    name: str | None = None
    submission: Path | None = None
    seed: str | None = None
    as_json: bool = False


def plain_order(words: Sequence[str]) -> PlainOrder | None:
    """What the words ask for; None where they are not as plain as this.

    Examples
    --------
    >>> plain_order(["rnn_forward", "--json"]).name
    'rnn_forward'
    >>> plain_order(["--hint", "rnn_forward"]) is None
    True
    """
    found: dict[str, str] = {}
    as_json = False
    waiting = iter(words)
    for word in waiting:
        if word == "--json":
            as_json = True
            continue
        key = _WITH_VALUE.get(word, "name")
        value = next(waiting, "") if key != "name" else word
        if key in found or not value or value.startswith("-"):
            return None
        found[key] = value
    if "submission" in found and "name" not in found:
        return None
    submission = Path(found["submission"]) if "submission" in found else None
    return PlainOrder(found.get("name"), submission, found.get("seed"), as_json)
