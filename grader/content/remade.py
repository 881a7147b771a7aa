"""Run modules of our own once more, with other functions in place as soon as they are defined.

Methods, decorators, partials, tables and defaults all hold on to the function they saw first. In
a module that is run anew they see the replacement.
"""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

# What to put in place of a function: made of it and of the namespace that it is in.
Maker = Callable[[Any, dict[str, Any]], Any]
_DEEPEST = 3


def holds_functions(modules: Mapping[str, dict[str, Any]]) -> bool:
    """Whether anything but a name at the top holds on to a function of these modules."""
    homes = {id(namespace) for namespace in modules.values()}
    names = {namespace.get("__name__") for namespace in modules.values()}
    return any(
        _holds(value, homes, names, 0)
        for namespace in modules.values()
        for name, value in namespace.items()
        if not name.startswith("__")
    )


def _holds(value: Any, homes: set[int], names: set[Any], depth: int) -> bool:
    if isinstance(value, FunctionType):
        ours = id(value.__globals__) in homes
        more = value.__closure__ or value.__dict__ or depth
        defaults = [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
        return ours and bool(more or any(map(callable, defaults)))
    if isinstance(value, ModuleType):
        return False
    if isinstance(value, list | tuple | set | dict) and depth < _DEEPEST:
        parts = value.values() if isinstance(value, dict) else value
        return any(_holds(part, homes, names, depth + 1) for part in parts)
    inside = getattr(value, "func", None) or getattr(value, "__wrapped__", None)
    if isinstance(inside, FunctionType) and id(inside.__globals__) in homes:
        return True
    return (value if isinstance(value, type) else type(value)).__module__ in names


def remade(
    modules: Mapping[str, dict[str, Any]], names: Mapping[str, Any], makers: Mapping[str, Maker]
) -> dict[str, dict[str, Any]]:
    """Namespaces of the same modules, run again.

    Parameters
    ----------
    names : mapping
        Further global names, there from the start.
    makers : mapping
        For the name of a function what makes its replacement.
    """
    again = _Again(modules, names, makers)
    return {module: again.run(module).__dict__ for module in modules}


class _Again:
    """One more run of several modules, which import each other's new selves."""

    def __init__(
        self,
        modules: Mapping[str, dict[str, Any]],
        names: Mapping[str, Any],
        makers: Mapping[str, Maker],
    ) -> None:
        self._old = modules
        self._names = names
        self._makers = makers
        self._made: dict[str, ModuleType] = {}

    def run(self, module: str) -> ModuleType:
        """The module, run on first use."""
        if module not in self._made:
            old = self._old[module]
            made = self._made[module] = ModuleType(old["__name__"])
            made.__dict__.update(__file__=old["__file__"], __builtins__=self._builtins(old))
            made.__dict__.update(self._names)
            sys.modules[old["__name__"]] = made
            placed: dict[str, Any] = {}
            for statement in _statements(old["__file__"], Path(old["__file__"]).stat().st_mtime_ns):
                exec(statement, made.__dict__)
                self._put_in_place(made.__dict__, placed)
        return self._made[module]

    def _put_in_place(self, namespace: dict[str, Any], placed: dict[str, Any]) -> None:
        for name, maker in self._makers.items():
            if name in namespace and namespace[name] is not placed.get(name):
                placed[name] = namespace[name] = maker(namespace[name], namespace)

    def _builtins(self, old: dict[str, Any]) -> dict[str, Any]:
        before = old["__builtins__"]
        known = dict(before if isinstance(before, dict) else vars(before))
        import_elsewhere = known["__import__"]

        def import_module(
            name: str,
            globals: Any = None,
            locals: Any = None,
            fromlist: Iterable[str] = (),
            level: int = 0,
        ) -> Any:
            if level == 0 and name in self._old:
                return self.run(name)
            return import_elsewhere(name, globals, locals, fromlist, level)

        return known | {"__import__": import_module}


@functools.lru_cache(maxsize=64)
def _statements(file: str, changed: int) -> tuple[CodeType, ...]:
    """The compiled top-level statements of a file as it was when last ``changed``."""
    tree = ast.parse(Path(file).read_bytes(), file)
    futures = [
        statement
        for statement in tree.body
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
    ]
    return tuple(
        compile(ast.Module([*futures, one], []), file, "exec", dont_inherit=True)
        for one in tree.body
    )
