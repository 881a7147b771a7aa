"""Source that parses, or what is left of it once the parts that do not are taken out."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence
from typing import NamedTuple

from grader.content.intake.submission import SyntaxProblem

_NAMED = r"^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)|^(\w+)[ \t]*=[ \t]*lambda\b"


class Kept(NamedTuple):
    """What could be read: source with the same line numbers, its tree, and what was lost."""

    source: str
    tree: ast.Module
    problems: tuple[SyntaxProblem, ...]


def parse(source: str) -> ast.Module | SyntaxError:
    """Return the tree of source that compiles, or the error; nothing is executed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source)
            # Finds what the grammar allows: `return` outside of a function, repeated arguments.
            compile(source, "<submission>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, True)
        except SyntaxError as error:
            return error
        except (RecursionError, MemoryError):
            return SyntaxError("this is nested too deep for Python")
        except (ValueError, OverflowError) as error:
            return SyntaxError(str(error))
    return tree


def seems_to_define(text: str, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the wanted names that text which does not parse seems to define."""
    names = {name for match in re.finditer(_NAMED, text, re.MULTILINE) for name in match.groups()}
    return tuple(name for name in wanted if name in names)
