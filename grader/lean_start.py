"""Loading libraries without the parts that a cold start would wait for and never use."""

from __future__ import annotations

import sys

# These only hang documentation onto the functions of numpy that are written in C. numpy gets along
# without it, as it has to under ``python -OO``.
_DOCUMENTATION = ("numpy._core._add_newdocs", "numpy._core._add_newdocs_scalars")


def load_msgspec() -> None:
    """Import msgspec as if typing_extensions were not installed.

    msgspec prefers it to `typing` where it is there, which it is beside a type checker; no record
    of this package needs anything of it. Measured: 4 to 8 ms.
    """
    if "msgspec" in sys.modules or "typing_extensions" in sys.modules:
        return
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules["typing_extensions"]


def load_numpy() -> None:
    """Import numpy and its random numbers, without the documentation. Measured: 8 to 17 ms."""
    if "numpy" in sys.modules:
        return
    sys.modules.update({name: type(sys)(name) for name in _DOCUMENTATION})
    try:
        import numpy.random
    except ImportError:  # a numpy that is built in another way
        for name in _DOCUMENTATION:
            sys.modules.pop(name, None)
        import numpy.random  # noqa: F401
