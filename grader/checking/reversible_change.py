"""One change of a syntax tree that is made, shown and undone: cheaper than copying the tree."""

from __future__ import annotations

import ast
from types import TracebackType
from typing import Any


class Change:
    """One reversible change of a syntax tree: made on entering, undone on leaving."""

    def __init__(
        self, holder: Any, field: str | int, value: Any, kind: str, tells: str, *, about: ast.AST
    ) -> None:
        self.kind = kind
        self.tells = tells
        self._holder = holder
        self._field = field
        self._value = value
        self._about = about
        self._old: Any = None

    @property
    def shown_before(self) -> str:
        """The code as it stands now, one line."""
        return _shown(self._about)

    @property
    def shown_after(self) -> str:
        """The code as it stands inside the change."""
        return _shown(self._value if self._about is self._old else self._about)

    def __enter__(self) -> Change:
        if isinstance(self._value, ast.AST):
            locate(self._value, self._about)
        if isinstance(self._field, int):
            self._old = self._holder[self._field]
            self._holder[self._field] = self._value
        else:
            self._old = getattr(self._holder, self._field)
            setattr(self._holder, self._field, self._value)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(self._field, int):
            self._holder[self._field] = self._old
        else:
            setattr(self._holder, self._field, self._old)


def locate(made: ast.AST, like: ast.AST) -> None:
    """Give the new nodes of ``made`` the place of ``like``: the compiler asks for one."""
    pending = [made]
    while pending:
        node = pending.pop()
        if "lineno" in node._attributes and not hasattr(node, "lineno"):
            ast.copy_location(node, like)
        if not hasattr(node, "lineno") or node is made:
            pending += ast.iter_child_nodes(node)
        else:
            pending += [n for n in ast.iter_child_nodes(node) if not hasattr(n, "lineno")]


def _shown(node: Any) -> str:
    try:
        text = ast.unparse(node) if isinstance(node, ast.AST) else repr(node)
    except (AttributeError, TypeError, ValueError):
        text = type(node).__name__
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."
