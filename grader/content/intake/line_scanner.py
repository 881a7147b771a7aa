"""Where a line of source starts: between statements, or inside brackets or a long string.

Needed for source that does not parse, where the standard library's tokenizer stops early.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?P<comment>\#.*)
      | (?P<quote>'''|\"\"\")
      | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      | (?P<unclosed>["'].*)  # to the end of the line, so that no line is scanned twice
      | (?P<opening>[(\[{])
      | (?P<closing>[)\]}])""",
    re.VERBOSE,
)
_CLOSERS = {
    "'''": re.compile(r"(?:\\.|[^\\])*?'''"),
    '"""': re.compile(r'(?:\\.|[^\\])*?"""'),
}


class LineState(NamedTuple):
    """What is open at the start of a line."""

    depth: int
    quote: str
    continued: bool


BETWEEN_STATEMENTS = LineState(0, "", False)


def after_line(line: str, state: LineState) -> LineState:
    """Return what is open after `line`, given what was open before it."""
    depth, quote, comment, position = state.depth, state.quote, False, 0
    while position < len(line):
        if quote:
            closed = _CLOSERS[quote].match(line, position)
            if closed is None:
                return LineState(depth, quote, False)
            quote, position = "", closed.end()
            continue
        token = _TOKEN.search(line, position)
        if token is None:
            break
        position = token.end()
        if token.lastgroup == "quote":
            quote = token.group()
        elif token.lastgroup == "opening":
            depth += 1
        elif token.lastgroup == "closing":
            depth = max(0, depth - 1)
        comment = token.lastgroup == "comment"
    return LineState(depth, quote, line.endswith("\\") and not quote and not comment)
