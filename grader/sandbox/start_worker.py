"""Starting a worker early: numpy first, then the fork, then everything else."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from grader.lean_start import load_numpy
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
    load_numpy()
    # All that the keeper needs comes before the fork: afterwards every page that an import
    # touches would have to be copied. numpy loads parts of itself at their first use.
    from grader.sandbox.start_keeper import start_keeper
    from grader.worker.keeper import warm_numpy

    warm_numpy()
    keeper = start_keeper(fresh=False)
    from grader.sandbox.submission import Limits
    from grader.sandbox.worker import Worker

    return Worker(keeper, limits or Limits())
