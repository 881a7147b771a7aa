"""What was asked for on the command line of ``play``."""

from __future__ import annotations

import dataclasses
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.playing.records import Played


@dataclasses.dataclass(frozen=True)
class Order:
    """One wish to play, option by option."""

    name: str
    options: dict[str, Any]
    reference: bool = False
    look: bool = False
    seed: str | None = None
    submission: Path | None = None
    stage: str | None = None
    seconds: float | None = None
    steps: int | None = None
    as_json: bool = False

    def replay(self, seed: str, played: Played) -> str:
        """The command that makes the same once more."""
        words = ["play", self.name, "--seed", seed, "--stage", played.stage.name]
        for name, value in self.options.items():
            words += [f"--{name}", str(value)]
        if self.reference:
            words.append("--reference")
        if self.submission is not None:
            words += ["--submission", str(self.submission)]
        if played.stopped:
            words += ["--steps", str(played.progress.step)]
        return shlex.join(words)
