"""Text of unknown origin, made fit to be shown: no control, bidi or invisible characters."""

from __future__ import annotations

from collections.abc import Sequence


def plain(text: str, limit: int = 160) -> str:
    """Return `text` with unprintable characters escaped and cut to `limit` characters."""
    cut = text[:limit]
    shown = "".join(c if c.isprintable() else _escaped(c) for c in cut.replace("\t", "    "))
    return shown + "..." if len(text) > limit else shown


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def listed(names: Sequence[str], limit: int = 8) -> str:
    """Return "a, b and c", or the first `limit` names and how many more there are."""
    if len(names) > limit:
        return f"{', '.join(names[:limit])} and {len(names) - limit} more"
    if len(names) > 1:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return "".join(names)
