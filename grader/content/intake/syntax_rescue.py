"""Source with a syntax error: keep every definition that parses, and name the places that do not.

The source is cut into chunks, one for each statement that begins in the first column. A chunk that
does not compile is emptied, line by line, so that the numbers of all other lines stay.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence

import msgspec

from grader.content.intake.kept_source import Kept, parse, seems_to_define
from grader.content.intake.line_scanner import BETWEEN_STATEMENTS, after_line
from grader.content.intake.submission import SyntaxProblem
from grader.content.intake.syntax_messages import merge_conflicts, problem_at

MAX_PROBLEMS = 20
_EFFORT = 4  # characters parsed again, at most, for each character of the source
_EFFORT_OF_A_TRY = 100  # what starting the parser costs, in characters

_CONTINUES = re.compile(r"[\s#)\]}]|$|(?:else|elif|except|finally)\b")
_DEFINES = re.compile(r"(?:async\s+)?(?:def|class)\b|@\w")
# Inside an open bracket these cannot stand at the start of a line, inside a string only by chance.
_SURE_START = re.compile(r"(?:async\s+)?(?:def|class)\s+\w+.*:|@\w+|(?:import|from)\s+\w")
_LEFT_ITS_FUNCTION = re.compile(
    r"unexpected indent|unindent does not match|outside (?:async )?function|outside loop"
    r"|not properly in loop"
)


class Rescue:
    """One walk over the chunks of a source; `lines` empties as chunks are given up."""

    def __init__(
        self,
        lines: list[str],
        display: str,
        wanted: tuple[str, ...],
        first_line: int,
        clean: Callable[[str], str] | None,
    ) -> None:
        self.original = tuple(lines)
        self.lines = lines
        self.display, self.wanted, self.first_line, self.clean = display, wanted, first_line, clean
        self.conflicts = merge_conflicts(self.original)
        self.effort = _EFFORT * sum(map(len, lines)) + 100_000
        self.problems: list[SyntaxProblem] = []
        self.last_kept: int | None = None  # start of a kept definition that ends where we stand
        self.last_failed = False

    def kept(self) -> Kept:
        """Return what remains after the walk."""
        start = 0
        while start < len(self.lines):
            start = self._take_chunk(start)
        source = "\n".join(self.lines)
        tree = parse(source)
        if isinstance(tree, SyntaxError):  # chunks that parse one by one but not together
            self.problems.append(self._problem(tree, 0, len(self.original)))
            source, tree = "", ast.Module(body=[], type_ignores=[])
        return Kept(source, tree, tuple(self.problems[:MAX_PROBLEMS]))

    def _take_chunk(self, start: int) -> int:
        """Keep or empty the chunk that begins at index `start`; return where the next begins."""
        if self.effort < 0:
            end = len(self.original)
            self._give_up(start, end, SyntaxError("too many syntax errors to read on"))
            return end
        end, sure_end = chunk_ends(self.original, start, self.conflicts)
        error = self._tried(start, end)
        if error is not None and sure_end < end:  # something was left open: cut there, try again
            end = sure_end
            error = self._tried(start, end)
        if error is not None:
            self._give_up(start, end, error)
            return end
        self.last_kept = start if _DEFINES.match(self.lines[start]) else None
        self.last_failed = False
        return end

    def _tried(self, start: int, end: int) -> SyntaxError | None:
        text = "\n".join(self.lines[start:end])
        self.effort -= len(text) + _EFFORT_OF_A_TRY
        result = parse(text)
        if isinstance(result, SyntaxError) and self.clean is not None:
            cleaned = self.clean(text)
            if not isinstance(parse(cleaned), SyntaxError):
                self.lines[start:end] = cleaned.split("\n")
                return None
        return result if isinstance(result, SyntaxError) else None

    def _give_up(self, start: int, end: int, error: SyntaxError) -> None:
        problem = self._problem(error, start, end)
        begin = start
        if self.last_kept is not None and self._cut_short(start, error):
            begin = self.last_kept  # the definition above has lost its rest: it does not count
            text = "\n".join(self.original[begin:end])
            problem = msgspec.structs.replace(problem, functions=seems_to_define(text, self.wanted))
        self.lines[begin:end] = [""] * (end - begin)
        again = self.last_failed and not _DEFINES.match(self.original[start])
        if again and self.problems:  # what follows from the problem above is no new one
            first = self.problems[-1]
            functions = dict.fromkeys((*first.functions, *problem.functions))
            self.problems[-1] = msgspec.structs.replace(first, functions=tuple(functions))
        else:
            self.problems.append(problem)
        self.last_kept, self.last_failed = None, True

    def _cut_short(self, start: int, error: SyntaxError) -> bool:
        """Tell whether the chunk holds lines that belong to the definition above it."""
        if _DEFINES.match(self.original[start]):
            return False
        return _LEFT_ITS_FUNCTION.search(error.msg or "") is not None

    def _problem(self, error: SyntaxError, start: int, end: int) -> SyntaxProblem:
        text = "\n".join(self.original[start:end])
        lost = seems_to_define(text, self.wanted)
        return problem_at(
            error, self.original[start:end], self.display, self.first_line + start, lost
        )


def chunk_ends(lines: Sequence[str], start: int, conflicts: Mapping[int, int]) -> tuple[int, int]:
    """Return two ends of the chunk that begins at `start`.

    The first goes by its brackets and strings; the second is where it ends at the latest if one of
    those was left open: at the next line that surely begins anew. A merge conflict is never cut.
    """
    state, sure_end = BETWEEN_STATEMENTS, len(lines)
    in_decorators, conflict_end = lines[start].startswith("@"), start
    for index in range(start, len(lines)):
        line = lines[index]
        if index in conflicts and (index == start or _is_indented(lines[index + 1])):
            conflict_end = conflicts[index]
        if index < conflict_end:
            state = BETWEEN_STATEMENTS
            continue
        if index > start and not in_decorators and not _CONTINUES.match(line):
            if state == BETWEEN_STATEMENTS:
                return index, min(sure_end, index)
            if _SURE_START.match(line):
                sure_end = min(sure_end, index)
        # What follows a decorator belongs to it, up to and with the `def`.
        in_decorators = in_decorators and (line[:1] in ("@", "#", ")", " ", "\t", ""))
        state = after_line(line, state)
    return len(lines), sure_end


def _is_indented(line: str) -> bool:
    return bool(line.strip()) and line[0] in " \t"
