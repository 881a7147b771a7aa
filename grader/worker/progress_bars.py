"""A stand-in for tqdm, whose bars learners put around their loops: it shows nothing.

What it goes through is untouched, so code that draws a bar computes the same with it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence, Sized
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

LIBRARY = "tqdm"
_PARTS = ("auto", "autonotebook", "notebook", "std")


class SilentBar:
    """What `tqdm(...)` makes: an iterable with the methods of a bar."""

    def __init__(
        self, iterable: Iterable[Any] | None = None, desc: str = "", total: Any = None, **_: Any
    ) -> None:
        self.iterable = iterable
        self.desc = desc
        self.total = total
        self.n = 0
        if total is None and isinstance(iterable, Sized):
            self.total = len(iterable)

    def __iter__(self) -> Iterator[Any]:
        if self.iterable is None:
            raise TypeError("'NoneType' object is not iterable")
        for item in self.iterable:
            yield item
            self.n += 1

    def __len__(self) -> int:
        return int(self.total or 0)

    def __bool__(self) -> bool:
        return self.total is None or self.total > 0

    def __contains__(self, item: object) -> bool:
        return item in iter(self)

    def __enter__(self) -> SilentBar:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def update(self, n: Any = 1) -> None:
        """Count on."""
        self.n += n

    def reset(self, total: Any = None) -> None:
        """Count from the start."""
        self.n = 0
        self.total = self.total if total is None else total

    def close(self, *_: Any, **__: Any) -> None:
        """Do nothing: nothing is shown. So do the methods that only change what is."""

    clear = refresh = display = unpause = set_postfix = set_postfix_str = close

    def set_description(self, desc: str | None = None, refresh: bool = True) -> None:
        """Keep the words before the bar."""
        self.desc = desc or ""

    set_description_str = set_description

    @classmethod
    def write(cls, s: object, file: Any = None, end: str = "\n", nolock: bool = False) -> None:
        """Print a line as `print` does."""
        print(s, file=file or sys.stdout, end=end)


def trange(*limits: int, **named: Any) -> SilentBar:
    """Put a bar around a range."""
    return SilentBar(range(*limits), **named)


class ProgressBars:
    """Finds tqdm and its parts when nothing else does; a finder and loader of importlib."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: object = None
    ) -> ModuleSpec | None:
        """Serve the library's name, and its parts that hold the same bar."""
        if name == LIBRARY:
            return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]
        if name in [f"{LIBRARY}.{part}" for part in _PARTS]:
            return ModuleSpec(name, self)  # type: ignore[arg-type]
        return None

    def create_module(self, spec: ModuleSpec) -> None:
        """Let importlib make the module as usual."""

    def exec_module(self, module: ModuleType) -> None:
        """Fill in the names that learners import."""
        bars = dict.fromkeys(("tqdm", "tqdm_notebook", "tqdm_gui"), SilentBar)
        module.__dict__.update(bars, trange=trange, tnrange=trange)
        if module.__name__ == LIBRARY:
            for part in _PARTS:
                import_module(f"{LIBRARY}.{part}")
