"""How much a proof tries, and who is told how far it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from grader.proof.spread import Told, untold


@dataclass(frozen=True)
class Effort:
    """How much is tried.

    Attributes
    ----------
    seeds : tuple of int
        Draws for references, right answers and the catalogue.
    mutants : int
        Every so many mutants one is run; 1 runs all, 0 none.
    progress : callable, optional
        Told what is at work, how many of its jobs are done, and of how many.
    """

    seeds: tuple[int, ...] = (1, 2, 3)
    mutants: int = 1
    processes: int = os.cpu_count() or 1
    progress: Callable[[str, int, int], None] | None = None

    def told(self, what: str) -> Told:
        """Who is told how far one part of the proof is."""
        progress = self.progress
        return untold if progress is None else lambda done, of_all: progress(what, done, of_all)


# The first draws grade and diagnose every mistake in both styles. In further ones the styles take
# turns; the check that a mistake names is run for all of them, and one in ten is diagnosed.
BOTH_STYLES = 3
TURNS = 10

QUICK = Effort((1,), mutants=10, processes=1)
