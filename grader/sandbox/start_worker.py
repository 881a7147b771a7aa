"""Starting a worker early: numpy first, then the fork, then everything else."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from grader.sandbox.start import prepare_environment

if TYPE_CHECKING:
    from grader.sandbox.submission import Limits
    from grader.sandbox.worker import Worker


def start_worker(limits: Limits | None = None) -> Worker:
    """Import numpy with one thread and start a worker from this still innocent process.

    The keeper is forked as early as can be: it prepares itself while this process imports the
    client.
    """
    prepare_environment(os.environ)
    if not sys.platform.startswith("linux"):
        from grader.sandbox.worker import Worker

        return Worker.start(limits)
    import numpy.random  # noqa: F401  (the keeper must have it)

    from grader.sandbox.start_keeper import start_keeper

    keeper = start_keeper(fresh=False)
    from grader.sandbox.submission import Limits
    from grader.sandbox.worker import Worker

    return Worker(keeper, limits or Limits())
