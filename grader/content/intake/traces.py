"""Whether calls of a submission can leave anything behind for the next call to find.

Most learners write plain functions of their arguments. Where the syntax tree alone shows it, one
copy of the loaded submission can serve one check after the other; whatever is not understood
counts as leaving traces, and each of its checks gets a copy of its own. This saves time and
guards nothing: what comes back from a submission is compared by the trusted process either way.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

import msgspec

from grader.content.intake.submission import SourceModule

_BUILTINS = """
    abs all any bool bytes complex dict divmod enumerate filter float format frozenset int
    isinstance issubclass iter len list map max min next pow print range repr reversed round set
    slice sorted str sum tuple zip __name__ __file__
    ArithmeticError AssertionError AttributeError Ellipsis Exception FloatingPointError
    ImportError IndexError KeyError LookupError ModuleNotFoundError NameError NotImplemented
    NotImplementedError OverflowError RuntimeError StopIteration TypeError ValueError
    ZeroDivisionError DeprecationWarning FutureWarning RuntimeWarning UserWarning Warning
"""
_STATELESS = """
    __future__ cmath collections copy fractions functools itertools math numbers numpy operator
    random statistics string time typing
"""
# Parts of numpy and of its arrays that change how later calls compute, or reach beyond an array.
_TELLING = """
    as_strided base core ctypeslib ctypes data f2py lib memmap open_memmap printoptions save
    savetxt set_printoptions set_string_function setbufsize seterr seterrcall setflags testing sys
"""
_KNOWN_BUILTINS = frozenset(_BUILTINS.split())
_STATELESS_MODULES = frozenset(_STATELESS.split())
_TELLING_NAMES = frozenset(_TELLING.split())
_DEFINING = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef, ast.Import, ast.ImportFrom,
             ast.Assign, ast.AnnAssign, ast.Try)  # fmt: skip
_WITHIN = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef, ast.Import, ast.ImportFrom)
_STATEFUL = (ast.ClassDef, ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await,
             ast.Global, ast.Nonlocal)  # fmt: skip
_SILENT = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop)


class _Bound(Enum):
    """What a name at the top level of a module stands for."""

    NUMPY = "a module that keeps nothing, or a part of it"
    FUNCTION = "a function"
    CONSTANT = "a number or a text"
    ANYTHING = "anything else"


def leaves_no_trace(
    modules: Iterable[SourceModule], functions: Iterable[str], given: Mapping[str, str]
) -> bool:
    """Whether no call of a function can be told from the first one, as far as can be shown.

    Parameters
    ----------
    functions
        The names that will be called.
    given
        Modules of the course that the submission may import: name and source.
    """
    try:
        trees = {module.name: _statements(module) for module in modules}
        trees |= {name: ast.parse(text).body for name, text in given.items()}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    bound = {name: _bindings(statements, trees) for name, statements in trees.items()}
    unknown = {name for names in bound.values() for name, kind in names.items()
               if kind is _Bound.ANYTHING}  # fmt: skip
    if not unknown.isdisjoint(functions):
        return False
    return all(
        _Look(bound[name], unknown, frozenset(trees)).finds_nothing(statements)
        for name, statements in trees.items()
    )


def _statements(module: SourceModule) -> list[ast.stmt]:
    """The statements that are run when the module is loaded."""
    found = [one for unit in module.units for one in ast.parse(unit.source).body]
    if module.policy == "definitions":
        return [kept for statement in found for kept in _kept_of(statement)]
    return found


def _kept_of(statement: ast.stmt) -> Iterator[ast.stmt]:
    """What of a notebook's statement is run: of a loop or a branch, only what it defines."""
    if isinstance(statement, _DEFINING):
        yield statement
    elif isinstance(statement, ast.With):
        for inner in statement.body:
            yield from _kept_of(inner)
    elif isinstance(statement, ast.If | ast.For | ast.While | ast.AugAssign | ast.Expr):
        for part in ast.walk(statement):
            if isinstance(part, _WITHIN):
                yield part
            elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                yield ast.Assign([part], ast.List([], ast.Load()))  # something, and no constant


def _bindings(statements: Iterable[ast.stmt], own: Iterable[str]) -> dict[str, _Bound]:
    """What the names that top-level statements bind stand for; the last binding counts."""
    bound: dict[str, _Bound] = {}
    for statement in statements:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                root = alias.name.partition(".")[0]
                plain = _keeps_nothing(root) and root not in own
                bound[alias.asname or root] = _Bound.NUMPY if plain else _Bound.ANYTHING
        elif isinstance(statement, ast.ImportFrom):
            bound |= _imported(statement, own)
        elif isinstance(statement, ast.FunctionDef):
            bound[statement.name] = _Bound.FUNCTION
        else:
            constant = isinstance(statement, ast.Assign) and _is_constant(statement.value)
            kind = _Bound.CONSTANT if constant else _Bound.ANYTHING
            bound |= dict.fromkeys(_stored(statement), kind)
    return bound


def _imported(statement: ast.ImportFrom, own: Iterable[str]) -> dict[str, _Bound]:
    root = (statement.module or "").partition(".")[0]
    if root in own:  # under its own name it is looked up among what all modules bind
        kinds = {a.asname or a.name: _Bound.ANYTHING if a.asname else _Bound.FUNCTION
                 for a in statement.names}  # fmt: skip
        return {name: kind for name, kind in kinds.items() if name != "*"}
    kind = _Bound.NUMPY if _keeps_nothing(root) else _Bound.ANYTHING
    return {alias.asname or alias.name: kind for alias in statement.names}


def _keeps_nothing(root: str) -> bool:
    """Whether a module has no state, or cannot be imported: then placeholders stand for it."""
    return root in _STATELESS_MODULES or root not in sys.stdlib_module_names


def _stored(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
        elif isinstance(part, ast.arg):
            yield part.arg
        elif isinstance(part, ast.FunctionDef):
            yield part.name


class _Look(msgspec.Struct, frozen=True):
    """A look at every node of one module; ``unknown`` are names that no function may use."""

    bound: Mapping[str, _Bound]
    unknown: set[str]
    own: frozenset[str]

    def finds_nothing(self, statements: Iterable[ast.stmt]) -> bool:
        """Whether nothing that could leave a trace stands in the module."""
        if self.bound.get("*") is _Bound.ANYTHING:
            return False
        # Local names are None outside of functions.
        pending: list[tuple[ast.AST, frozenset[str] | None]] = [(one, None) for one in statements]
        while pending:
            node, local = pending.pop()
            if not self._is_plain(node, local):
                return False
            if isinstance(node, ast.FunctionDef | ast.Lambda):
                own = (name for child in _children(node) for name in _stored(child))
                local = (local or frozenset()).union(own)
            pending += [(child, local) for child in _children(node)]
        return True

    def _is_plain(self, node: ast.AST, local: frozenset[str] | None) -> bool:
        if isinstance(node, ast.Name):
            return not isinstance(node.ctx, ast.Load) or self._may_use(node.id, local)
        if isinstance(node, ast.Attribute):
            return self._may_look_into(node, local or frozenset())
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            decorated = isinstance(node, ast.FunctionDef) and node.decorator_list
            defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
            return not decorated and all(map(_is_constant, defaults))
        if local is not None and isinstance(node, ast.Import | ast.ImportFrom):
            return self._may_import(node)
        return not isinstance(node, _STATEFUL)

    def _may_use(self, name: str, local: frozenset[str] | None) -> bool:
        if local is not None and name in local:
            return True
        if name in self.unknown:
            return local is None
        if name in self.bound or name in _KNOWN_BUILTINS:
            return True
        return name not in _TELLING_NAMES and not hasattr(builtins, name)

    def _may_look_into(self, node: ast.Attribute, local: frozenset[str]) -> bool:
        if not isinstance(node.ctx, ast.Load) or node.attr in _TELLING_NAMES or node.attr[0] == "_":
            return False
        base = node.value
        if isinstance(base, ast.Name) and base.id not in local:
            return self.bound.get(base.id) is not _Bound.FUNCTION
        return True

    def _may_import(self, node: ast.Import | ast.ImportFrom) -> bool:
        """Whether an import inside a function is of something that keeps nothing."""
        if isinstance(node, ast.ImportFrom):
            roots = [(node.module or "").partition(".")[0]]
            if node.level or any(alias.name in _TELLING_NAMES for alias in node.names):
                return False
        else:
            roots = [alias.name.partition(".")[0] for alias in node.names]
        return all(_keeps_nothing(one) and one not in self.own for one in roots)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes right below, without contexts and operators, which say nothing here."""
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            for item in value:
                if isinstance(item, ast.AST):
                    yield item
        elif isinstance(value, ast.AST) and not isinstance(value, _SILENT):
            yield value


def _is_constant(node: ast.expr) -> bool:
    """Whether an expression is a number, a text, or arithmetic and tuples of such."""
    parts = (ast.Constant, ast.Tuple, ast.UnaryOp, ast.BinOp, ast.operator, ast.unaryop, ast.Load)
    return all(isinstance(part, parts) for part in ast.walk(node))
