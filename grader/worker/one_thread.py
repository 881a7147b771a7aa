"""One BLAS thread, also when numpy was imported before anyone asked for it.

A forked BLAS that wants its threads back waits for ever behind a filter that denies threads.
"""

from __future__ import annotations

import ctypes
import os

_SETTERS = (
    "scipy_openblas_set_num_threads64_",
    "scipy_openblas_set_num_threads",
    "openblas_set_num_threads64_",
    "openblas_set_num_threads",
)


def use_one_blas_thread() -> None:
    """Tell the OpenBLAS of this process to compute in the calling thread."""
    if os.environ.get("OPENBLAS_NUM_THREADS") == "1":
        return  # it was asked in time, before it was loaded
    for library in _loaded_openblas():
        loaded = ctypes.CDLL(library, mode=os.RTLD_NOLOAD | os.RTLD_NOW)
        for name in _SETTERS:
            setter = getattr(loaded, name, None)
            if setter is not None:
                setter(1)
                break


def _loaded_openblas() -> set[str]:
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
            names = {line.rstrip("\n").partition("/")[2] for line in maps if "openblas" in line}
    except OSError:
        return set()
    return {f"/{name}" for name in names if ".so" in name}
