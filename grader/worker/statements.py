"""Running a module statement by statement, so that one bad line does not lose the others."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Set
from importlib import import_module
from typing import Any, NamedTuple

from grader.worker.bound_names import bound_in, changed_in, read_in
from grader.worker.cheap_calls import CheapCalls, RefusedError
from grader.worker.cheap_statements import (
    DEFINITIONS,
    IMPORTS,
    NotCheapError,
    guarded,
    guarded_test,
    run_guarded,
)
from grader.worker.placeholders import Placeholder


class Note(NamedTuple):
    """Something that happened while a submission was loaded, short of losing it."""

    kind: str  # "raised", "missing-import" or "not-readable"
    file: str
    line: int
    type_name: str
    message: str


def parse(source: str, file: str) -> ast.Module | Note:
    """Parse one unit; what cannot be parsed becomes a note with its line."""
    try:
        return ast.parse(source, filename=file)
    except SyntaxError as error:
        return Note("not-readable", file, error.lineno or 1, type(error).__name__, error.msg)
    except (ValueError, RecursionError, MemoryError) as error:
        return Note("not-readable", file, 1, type(error).__name__, str(error))


def run(
    tree: ast.Module, file: str, namespace: dict[str, Any], kept: KeptLines | None = None
) -> Iterator[Note]:
    """Run the top-level statements of a unit one after the other, yielding what went wrong.

    Parameters
    ----------
    kept
        Given where only definitions count: it decides about every other statement.
    """
    flags = 0
    for statement in tree.body:
        flags |= _future_flags(statement)
        if kept is not None and not (_defines(statement) or kept.are_made_by(statement)):
            yield from kept.run(statement, file, flags)
            continue
        try:
            _run_one(statement, file, namespace, flags)
        except ImportError as error:
            if not isinstance(statement, IMPORTS):
                yield _raised(file, statement, error)
                continue
            _bind_placeholders(statement, namespace)
            yield Note("missing-import", file, statement.lineno, _type_name(error), _text(error))
        except BaseException as error:  # SystemExit too: the definitions below still count
            if kept is None or not kept.is_excused(statement):
                yield _raised(file, statement, error)


def _defines(statement: ast.stmt) -> bool:
    """Say whether a statement is an import or a definition."""
    if isinstance(statement, (*DEFINITIONS, *IMPORTS)):
        return True
    return isinstance(statement, ast.Try) and all(
        isinstance(inner, IMPORTS) for inner in statement.body
    )


class KeptLines:
    """Runs, of all other lines of a module, those that cheaply define something.

    What such a line says is worth a note only where it does not depend on one that was not run.

    Parameters
    ----------
    made
        Names whose assignments are run in any case.
    """

    def __init__(self, namespace: dict[str, Any], made: Set[str] = frozenset()) -> None:
        self._namespace = namespace
        self._made = made
        self._calls = CheapCalls(str(namespace.get("__name__")))
        self._unsure: set[str] = set()

    def are_made_by(self, statement: ast.stmt) -> bool:
        """Whether a statement assigns one of the names that are wanted in any case."""
        if not self._made or not isinstance(statement, ast.Assign | ast.AnnAssign):
            return False
        return any(name in self._made for name, _ in bound_in(statement))

    def is_excused(self, statement: ast.stmt) -> bool:
        """Whether a statement needs what was left out, or works on what does."""
        excused = self.are_made_by(statement) and bool(read_in(statement) & self._unsure)
        if excused:
            self._unsure |= {name for name, _ in bound_in(statement)}
        return excused

    def run(self, statement: ast.stmt, file: str, flags: int) -> Iterator[Note]:
        """Run a statement in its guarded form, or leave it out."""
        binds = {name for name, _ in bound_in(statement)}
        reads = read_in(statement)
        left_out = binds | set(changed_in(statement))
        before = {name: self._namespace[name] for name in binds & self._namespace.keys()}
        try:
            if isinstance(statement, ast.If):
                yield from self._branch(statement, file, flags)
                return
            if isinstance(statement, ast.With):
                for item in statement.items:
                    self._unsure |= {name for name, _ in bound_in(item)}
                yield from run(ast.Module(statement.body, []), file, self._namespace, self)
                return
            module = ast.Module(guarded(statement), type_ignores=[])
            code = compile(module, file, "exec", flags=flags, dont_inherit=True)
            run_guarded(code, self._namespace, self._calls)
            self._settle(binds)
        except (NotCheapError, RefusedError, ImportError, MemoryError, RecursionError):
            self._unsure |= left_out
            self._restore(binds, before)
        except BaseException as error:
            if not reads & self._unsure:
                yield _raised(file, statement, error)
            self._unsure |= left_out

    def _branch(self, statement: ast.If, file: str, flags: int) -> Iterator[Note]:
        """Run the branch that a cheap condition chooses as if it stood at the top."""
        test = guarded_test(statement.test)
        code = compile(test, file, "eval", flags=flags, dont_inherit=True)
        chosen = run_guarded(code, self._namespace, self._calls)
        branch = statement.body if chosen else statement.orelse
        yield from run(ast.Module(branch, []), file, self._namespace, self)

    def _restore(self, names: set[str], before: dict[str, Any]) -> None:
        """Take back what a line bound before it was refused half way."""
        for name in names - before.keys():
            self._namespace.pop(name, None)
        self._namespace.update(before)

    def _settle(self, names: set[str]) -> None:
        """Count names as set; an iterator would give its items once only, and is no constant."""
        for name in names:
            if isinstance(self._namespace.get(name), Iterator):
                del self._namespace[name]
                self._unsure.add(name)
            else:
                self._unsure.discard(name)


def _run_one(statement: ast.stmt, file: str, namespace: dict[str, Any], flags: int) -> None:
    module = ast.Module(body=[statement], type_ignores=[])
    exec(compile(module, file, "exec", flags=flags, dont_inherit=True), namespace)


def _raised(file: str, statement: ast.stmt, error: BaseException) -> Note:
    line = statement.lineno
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == file and code.co_name == "<module>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return Note("raised", file, line, _type_name(error), _text(error))


def _type_name(error: BaseException) -> str:
    return str(type(error).__name__)


def _text(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except Exception:  # a learner's own __str__ may raise anything
        return ""


def _future_flags(statement: ast.stmt) -> int:
    if not isinstance(statement, ast.ImportFrom) or statement.module != "__future__":
        return 0
    flags = 0
    futures = import_module("__future__")
    for alias in statement.names:
        feature = getattr(futures, alias.name, None)
        flags |= getattr(feature, "compiler_flag", 0)
    return flags


def _bind_placeholders(statement: ast.stmt, namespace: dict[str, Any]) -> None:
    """Bind the names of a failed import: what is there really, the rest as placeholders."""
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            name = alias.asname or alias.name.partition(".")[0]
            if name not in namespace:
                path = alias.name if alias.asname else name
                namespace[name] = sys.modules.get(path) or Placeholder(path)
        return
    if isinstance(statement, ast.ImportFrom):
        present = sys.modules.get(statement.module or "")
        for alias in statement.names:
            if alias.name != "*":
                placeholder = Placeholder(f"{statement.module or ''}.{alias.name}")
                namespace[alias.asname or alias.name] = getattr(present, alias.name, placeholder)
