"""The plainest ways to say ``grade``, understood without loading a parser for all of them.

Whatever is not one of these is left to click, which knows every option and every mistake. This
module imports nothing: the process that grades is forked as soon as the words are understood.
"""

from __future__ import annotations

_WITH_VALUE = {"--submission": "submission", "-s": "submission", "--seed": "seed"}


class PlainOrder:
    """What is to be graded, and how it is to be shown."""

    def __init__(
        self, name: str | None, submission: str | None, seed: str | None, as_json: bool
    ) -> None:
        self.name = name
        self.submission = submission
        self.seed = seed
        self.as_json = as_json


def plain_order(words: list[str]) -> PlainOrder | None:
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
    return PlainOrder(found.get("name"), found.get("submission"), found.get("seed"), as_json)
