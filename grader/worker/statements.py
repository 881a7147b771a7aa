"""Running a module statement by statement, so that one bad line does not lose the others."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

from grader.worker.placeholders import Placeholder


class Note(NamedTuple):
    """Something that happened while a submission was loaded, short of losing it."""

    kind: str  # "raised", "missing-import" or "not-readable"
    file: str
    line: int
    type_name: str
    message: str


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
_CONSTANT_ROOTS = ("np", "numpy", "math")
_PLAIN = (
    ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.UnaryOp, ast.BinOp, ast.Name,
    ast.Attribute, ast.operator, ast.unaryop, ast.expr_context,
)  # fmt: skip


def parse(source: str, file: str) -> ast.Module | Note:
    """Parse one unit; what cannot be parsed becomes a note with its line."""
    try:
        return ast.parse(source, filename=file)
    except SyntaxError as error:
        return Note("not-readable", file, error.lineno or 1, type(error).__name__, error.msg)
    except (ValueError, RecursionError, MemoryError) as error:
        return Note("not-readable", file, 1, type(error).__name__, str(error))


def run(
    tree: ast.Module, file: str, namespace: dict[str, Any], *, definitions_only: bool
) -> Iterator[Note]:
    """Run the top-level statements of a unit one after the other, yielding what went wrong."""
    flags = 0
    for statement in tree.body:
        if definitions_only and not _defines(statement):
            continue
        flags |= _future_flags(statement)
        try:
            _run_one(statement, file, namespace, flags)
        except ImportError as error:
            if not isinstance(statement, _IMPORTS):
                yield _raised(file, statement, error)
                continue
            _bind_placeholders(statement, namespace)
            yield Note("missing-import", file, statement.lineno, _type_name(error), _text(error))
        except BaseException as error:  # SystemExit too: the definitions below still count
            yield _raised(file, statement, error)


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


def _defines(statement: ast.stmt) -> bool:
    """Say whether a statement only defines: imports, functions, classes, plain constants."""
    if isinstance(statement, (*_DEFINITIONS, *_IMPORTS)):
        return True
    if isinstance(statement, ast.Try):
        return all(isinstance(inner, _IMPORTS) for inner in statement.body)
    if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
        return _is_plain(statement.value)
    return False


def _is_plain(expression: ast.expr) -> bool:
    for node in ast.walk(expression):
        if not isinstance(node, _PLAIN) or isinstance(node, ast.Pow | ast.LShift):
            return False
        if isinstance(node, ast.Attribute) and not (
            isinstance(node.value, ast.Name) and node.value.id in _CONSTANT_ROOTS
        ):
            return False
        if isinstance(node, ast.BinOp) and any(
            isinstance(side, ast.List | ast.Tuple) for side in (node.left, node.right)
        ):
            return False
    return True
