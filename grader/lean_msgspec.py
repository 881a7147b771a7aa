"""Loading msgspec without what it would look for and not need."""

from __future__ import annotations

import sys


def load_msgspec() -> None:
    """Import msgspec as if typing_extensions were not installed.

    msgspec prefers it to `typing` where it is there, which it is beside a type checker; no record
    of this package needs anything of it, and a cold start would wait 4 to 8 ms for it, twice.
    """
    if "msgspec" in sys.modules or "typing_extensions" in sys.modules:
        return
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules["typing_extensions"]
