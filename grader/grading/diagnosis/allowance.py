"""How much a search may try."""

from __future__ import annotations

# What one search may cost beyond the single entries, in trials of one candidate on one call.
# Counted, not timed: on a slow machine a learner is told the same.
TRIALS = 160

# Of these for pairs; what two entries do together is seldom what one learner did.
PAIRS = 40

# A run of a whole function takes as long as so many trials that run only what was changed.
WHOLE_RUN = 6


class Allowance:
    """Trials that are left for all the searches of one report."""

    def __init__(self, trials: int) -> None:
        self.left = trials

    def part(self, most: int) -> Allowance:
        """An allowance for one search, at most what is left."""
        return Allowance(max(0, min(most, self.left)))

    def spend(self, trials: int) -> bool:
        """Note some trials; whether there was still anything left for them."""
        enough = self.left > 0
        self.left -= trials
        return enough
