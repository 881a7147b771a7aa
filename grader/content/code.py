"""Load the code of an assignment's folders so that no ``import`` elsewhere could meet it.

Two assignments may both have a ``cases.py``: each ``Code`` resolves imports of its own files
by bare name, and leaves all others to Python. ``sys.path`` stays as it is. In ``sys.modules``,
where dataclasses look their module up, each is registered under a name that cannot be imported.
"""

from __future__ import annotations

import builtins
import importlib.machinery
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import msgspec

from grader.content.remade import Maker, holds_functions, remade
from grader.errors import ContentError, Finding

PRIVATE = "unroll:"  # begins the registered names


class Loader:
    """Runs the modules of one assignment, each once, when they are first asked for.

    Parameters
    ----------
    folders : iterable of Path
        Where a module is looked for, in this order.
    name : str
        The assignment, a prefix of the modules' names.
    """

    def __init__(self, folders: Iterable[Path], name: str) -> None:
        self._folders = tuple(folders)
        self._name = f"{PRIVATE}{id(self):x}:{name}"  # two loaders of one assignment may live
        self._modules: dict[str, ModuleType] = {}
        self._builtins = dict(vars(builtins)) | {"__import__": self._import}

    def find(self, module: str) -> Path | None:
        """The file of a module, or None where no folder has it."""
        for folder in self._folders:
            path = folder / f"{module}.py"
            if path.is_file():
                return path
        return None

    def load(self, module: str) -> ModuleType:
        """The module, run on first use.

        Raises
        ------
        ContentError
            Where there is no such file, or it cannot be run.
        """
        if module not in self._modules:
            path = self.find(module)
            if path is None:
                places = ", ".join(str(folder) for folder in self._folders)
                raise ContentError(f"there is no {module}.py in {places}")
            self._modules[module] = self._run(module, path)
        return self._modules[module]

    def _run(self, module: str, path: Path) -> ModuleType:
        full_name = f"{self._name}.{module}"
        loader = importlib.machinery.SourceFileLoader(full_name, str(path))
        made = ModuleType(full_name)
        made.__dict__.update(__file__=str(path), __builtins__=self._builtins)
        self._modules[module] = sys.modules[full_name] = made
        try:
            code = loader.get_code(full_name)
            exec(code, made.__dict__)  # type: ignore[arg-type]
        except ContentError:
            raise
        except Exception as error:
            del self._modules[module], sys.modules[full_name]
            line = getattr(error, "lineno", None) or _line_in(error, path)
            message = f"{type(error).__name__}: {error}"
            raise ContentError([Finding(str(path), line, "runs", message)]) from error
        return made

    def _import(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Iterable[str] = (),
        level: int = 0,
    ) -> ModuleType:
        if level == 0 and self.find(name) is not None:
            return self.load(name)
        return __import__(name, globals, locals, tuple(fromlist or ()), level)


def _line_in(error: BaseException, path: Path) -> int:
    """The line of ``path`` where the error went through last, 1 where it did not."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


class Code(msgspec.Struct, frozen=True, dict=True):
    """Namespaces of modules that belong together; variants share everything unchanged.

    Attributes
    ----------
    names, makers : mapping
        What makes this a variant: further global names, and replacements of functions.
    """

    modules: Mapping[str, dict[str, Any]]
    names: Mapping[str, Any] = {}
    makers: Mapping[str, Maker] = {}

    def functions(self) -> dict[str, Callable[..., Any]]:
        """Every function by name; a later module wins over an earlier one."""
        found: dict[str, Callable[..., Any]] = {}
        for namespace in self.modules.values():
            found |= {n: v for n, v in namespace.items() if _is_called_like_a_function(v)}
        return found

    def home_of(self, function: str) -> str:
        """The module that defines ``function``; raises KeyError where none does."""
        for module, namespace in self.modules.items():
            value = namespace.get(function)
            if isinstance(value, FunctionType) and value.__globals__ is namespace:
                return module
        raise KeyError(function)

    def with_function(self, function: str, made: Any) -> Code:
        """The same code with ``made`` (compiled code of a ``def``) in place of ``function``."""
        if self._is_run_again:
            return self._run_again({}, {function: lambda _, home: _defined(made, home, function)})
        home = self.home_of(function)
        old = self.modules[home][function]
        copied = self._copied()
        exec(made, copied[home])
        _rebind(copied, function, old, copied[home][function])
        return Code(copied)

    def with_stand_ins(self, stand_ins: Mapping[str, Callable[..., Any]]) -> Code:
        """The same code with other functions in place of those named so."""
        return self.with_made({name: _always(function) for name, function in stand_ins.items()})

    def with_made(self, makers: Mapping[str, Maker]) -> Code:
        """The same code with replacements that are made of the functions themselves."""
        if not makers:
            return self
        if self._is_run_again:
            return self._run_again({}, makers)
        copied = self._copied()
        for name, maker in makers.items():
            made: dict[int, Any] = {}
            for namespace in copied.values():
                if name in namespace:
                    old = namespace[name]
                    if id(old) not in made:
                        made[id(old)] = maker(old, namespace)
                    namespace[name] = made[id(old)]
        return Code(copied)

    def with_names(self, names: Mapping[str, Any]) -> Code:
        """The same code with further global names in every module."""
        if self._is_run_again:
            return self._run_again(names, {})
        copied = self._copied()
        for namespace in copied.values():
            namespace.update(names)
        return Code(copied)

    @cached_property
    def _is_run_again(self) -> bool:
        """Whether copies of plain functions would not do, and the files are at hand."""
        files = all("__file__" in namespace for namespace in self.modules.values())
        return files and (bool(self.makers or self.names) or holds_functions(self.modules))

    def _run_again(self, names: Mapping[str, Any], makers: Mapping[str, Maker]) -> Code:
        names = {**self.names, **names}
        both = {
            name: _chained(self.makers[name], maker) if name in self.makers else maker
            for name, maker in makers.items()
        }
        both = {**self.makers, **both}
        return Code(remade(self.modules, names, both), names, both)

    def _copied(self) -> dict[str, dict[str, Any]]:
        """Namespaces of their own, whose functions see each other and not the originals."""
        copied = {module: dict(namespace) for module, namespace in self.modules.items()}
        originals = {id(namespace): module for module, namespace in self.modules.items()}
        moved: dict[int, Any] = {}
        for namespace in copied.values():
            for name, value in namespace.items():
                if isinstance(value, FunctionType) and id(value.__globals__) in originals:
                    home = copied[originals[id(value.__globals__)]]
                    namespace[name] = moved.setdefault(id(value), _moved(value, home))
        return copied


def _is_called_like_a_function(value: Any) -> bool:
    return isinstance(value, FunctionType) or (callable(value) and not isinstance(value, type))


def _always(function: Callable[..., Any]) -> Maker:
    return lambda old, namespace: function


def _chained(first: Maker, second: Maker) -> Maker:
    return lambda old, namespace: second(first(old, namespace), namespace)


def _defined(made: Any, home: dict[str, Any], function: str) -> Any:
    exec(made, home)
    return home[function]


def _moved(function: FunctionType, home: dict[str, Any]) -> FunctionType:
    made = FunctionType(
        function.__code__, home, function.__name__, function.__defaults__, function.__closure__
    )
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def _rebind(copied: Mapping[str, dict[str, Any]], name: str, old: Any, new: Any) -> None:
    """Names in other modules that were imported from the old function follow the new one."""
    for namespace in copied.values():
        value = namespace.get(name)
        if isinstance(value, FunctionType) and value.__code__ is old.__code__:
            namespace[name] = new
