"""Parse source, and save what can be saved when it does not parse."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grader.content.intake.kept_source import Kept, parse


def keep_what_parses(
    source: str,
    display: str,
    wanted: Sequence[str],
    first_line: int = 1,
    clean: Callable[[str], str] | None = None,
) -> Kept:
    """Parse `source`; when it is no Python, save the definitions that are.

    Parameters
    ----------
    display, first_line
        The name of the source and the number of its first line, for messages.
    clean
        What to try on text that does not parse, keeping its lines (notebook commands).
    """
    tree = parse(source)
    if isinstance(tree, SyntaxError) and clean is not None:
        cleaned = clean(source)
        tree = parse(cleaned)
        source = source if isinstance(tree, SyntaxError) else cleaned
    if not isinstance(tree, SyntaxError):
        return Kept(source, tree, ())
    from grader.content.intake.syntax_rescue import Rescue

    return Rescue(source.split("\n"), display, tuple(wanted), first_line, clean).kept()
