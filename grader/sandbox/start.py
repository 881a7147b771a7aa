"""What must happen before numpy is imported."""

from __future__ import annotations

from collections.abc import MutableMapping

_ONE_THREAD = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def prepare_environment(environment: MutableMapping[str, str]) -> None:
    """Ask for one BLAS thread: the arrays are small, and threads do not survive a fork.

    Call it with `os.environ`, before the first import of numpy.
    """
    for name in _ONE_THREAD:
        environment.setdefault(name, "1")
