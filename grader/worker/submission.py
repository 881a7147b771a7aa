"""A submission in memory: its modules, found by import, run into namespaces, searched by name."""

from __future__ import annotations

import ast
import builtins
import functools
import hashlib
import importlib
import io
import linecache
import sys
from collections.abc import Callable, Iterable, Sequence, Set
from importlib.machinery import ModuleSpec
from pathlib import PurePath
from types import FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

from grader.worker.bound_names import bound_in
from grader.worker.progress_bars import ProgressBars
from grader.worker.statements import KeptLines, Note, parse, run


class Source(NamedTuple):
    """One module of a submission, or of the exercise's given files."""

    name: str
    units: tuple[tuple[str, str], ...]  # display name and text; a notebook has many
    definitions_only: bool
    entry: bool
    made: Set[str] = frozenset()  # what is assigned though only definitions are kept


class FoundFunction(NamedTuple):
    """Where a function was defined."""

    name: str
    module: str
    file: str
    line: int
    last_line: int
    arguments: tuple[str, ...]
    digest: str


class Binding(NamedTuple):
    """Where a name is bound first, and the lines of that statement."""

    file: str
    line: int
    lines: tuple[int, int]

    def holds(self, file: str, line: int) -> bool:
        """Say whether a line belongs to the statement."""
        return file == self.file and self.lines[0] <= line <= self.lines[1]


class Submission:
    """The loaded code of one learner."""

    def __init__(
        self, sources: Iterable[Source], data: dict[str, bytes], driver: str | None = None
    ) -> None:
        self.sources = {source.name: source for source in sources}
        self.notes: list[Note] = []
        self.texts: dict[str, str] = {}
        self._data = dict(data)
        self._driver_name = driver
        self._driver: dict[str, Any] = {}
        self._entries: list[dict[str, Any]] = []
        self._own_files: set[str] = set()
        self._bound: dict[str, Binding] = {}

    def load(self) -> None:
        """Run every entry module, in order; what they import is run on the way."""
        for source in self.sources.values():
            for file, text in source.units:
                self.texts[file] = text
                lines = text.splitlines(keepends=True)
                linecache.cache[file] = (len(text), None, lines, file)
                if source.entry:
                    self._own_files.add(file)
        sys.meta_path += [self, ProgressBars()]
        builtins.open = _opener(self._data)
        for source in self.sources.values():
            if source.entry:
                self._entries.append(self._entry(source).__dict__)
        if self._driver_name is not None:
            self._driver = importlib.import_module(self._driver_name).__dict__
            self._driver["learner"] = self.find

    def serve(self, files: dict[str, bytes]) -> None:
        """Let `open` find further data files."""
        self._data.update(files)

    def _entry(self, source: Source) -> ModuleType:
        already = sys.modules.get(source.name)
        if already is not None and getattr(already, "__loader__", None) is self:
            return already
        module = ModuleType(source.name)
        module.__loader__ = self  # type: ignore[assignment]
        sys.modules.setdefault(source.name, module)
        self.exec_module(module)
        return module

    # The two protocols of importlib: a finder and a loader, last in line.

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: object = None
    ) -> ModuleSpec | None:
        """Serve the modules of the submission to its own imports."""
        if name not in self.sources:
            return None
        return ModuleSpec(name, self, origin=self.sources[name].units[0][0])  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> None:
        """Let importlib make the module as usual."""

    def exec_module(self, module: ModuleType) -> None:
        """Run a module's units into its namespace, noting what fails."""
        source = self.sources[module.__name__]
        kept = KeptLines(module.__dict__, source.made) if source.definitions_only else None
        for file, text in source.units:
            module.__dict__["__file__"] = file
            tree = parse(text, file)
            if isinstance(tree, Note):
                self.notes.append(tree)
                continue
            if source.definitions_only and module.__doc__ is None:
                module.__doc__ = ast.get_docstring(tree)
            if source.entry:
                self._note_bindings(tree, file)
            self.notes.extend(run(tree, file, module.__dict__, kept))

    def _note_bindings(self, tree: ast.Module, file: str) -> None:
        for statement in tree.body:
            for name, line in bound_in(statement):
                last = statement.end_lineno or line
                self._bound.setdefault(name, Binding(file, line, (statement.lineno, last)))

    def unset(self) -> dict[str, list[Any]]:
        """Report names that a top-level line would bind, but no module has.

        Each with file and line, and whether that line was run but failed; the others were left
        out.
        """
        raised = {(note.file, note.line) for note in self.notes if note.kind == "raised"}
        return {
            name: [at.file, at.line, any(at.holds(*place) for place in raised)]
            for name, at in self._bound.items()
            if not any(name in space for space in self._entries)
        }

    def namespaces(self) -> list[dict[str, Any]]:
        """Return the namespaces of the entry modules, in order."""
        return self._entries

    def find(self, name: str) -> Callable[..., Any] | None:
        """Return the callable of this name; a later module wins if it defines it itself.

        A driver's own functions come before the learner's.
        """
        if callable(self._driver.get(name)):
            return self._driver[name]  # type: ignore[no-any-return]
        defined = [
            space[name] for space in self._entries if _defined_in(space.get(name), self._own_files)
        ]
        if defined:
            return defined[-1]  # type: ignore[no-any-return]
        bound = [space[name] for space in self._entries if callable(space.get(name))]
        return bound[-1] if bound else None

    def functions(self) -> list[FoundFunction]:
        """Report every function that the learner's own files define."""
        names = {name for space in self._entries for name in space if type(name) is str}
        found = ((name, self.find(name)) for name in sorted(names))
        return [
            _report(name, function, self.texts)
            for name, function in found
            if _defined_in(function, self._own_files)
        ]


def _defined_in(value: object, files: set[str]) -> bool:
    function = _plain_function(value)
    return function is not None and function.__code__.co_filename in files


def _plain_function(value: object) -> FunctionType | None:
    """Return the function inside a cached, bound, partial or callable object."""
    for _ in range(10):
        if isinstance(value, FunctionType):
            return value
        if isinstance(value, MethodType):
            value = value.__func__
        elif isinstance(value, functools.partial):
            value = value.func
        elif isinstance(getattr(value, "__wrapped__", None), FunctionType):
            value = value.__wrapped__  # type: ignore[attr-defined]
        elif not isinstance(value, type):
            value = type(value).__dict__.get("__call__")
    return None


def _report(name: str, value: object, texts: dict[str, str]) -> FoundFunction:
    function = _plain_function(value)
    assert function is not None
    code = function.__code__
    lines = [line for _, _, line in code.co_lines() if line is not None]
    inner = [constant for constant in code.co_consts if hasattr(constant, "co_lines")]
    for constant in inner:
        lines += [line for _, _, line in constant.co_lines() if line is not None]
    last = max(lines, default=code.co_firstlineno)
    segment = texts[code.co_filename].splitlines()[code.co_firstlineno - 1 : last]
    digest = hashlib.sha256("\n".join(segment).encode("utf-8", "replace")).hexdigest()
    arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return FoundFunction(
        name,
        str(function.__module__),
        code.co_filename,
        code.co_firstlineno,
        last,
        arguments,
        digest,
    )


def _opener(data: dict[str, bytes]) -> Callable[..., Any]:
    """Make an `open` that also finds the exercise's data files, by their bare names."""
    system_open = builtins.open

    def open_file(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
        path = str(file) if type(file) is str or isinstance(file, PurePath) else ""
        known = data.get(path.replace("\\", "/").rpartition("/")[2])
        if known is None or set(mode) & set("wax+"):
            return system_open(file, mode, *rest, **named)
        if "b" in mode:
            return io.BytesIO(known)
        return io.StringIO(known.decode("utf-8", "replace"), newline=None)

    return open_file
