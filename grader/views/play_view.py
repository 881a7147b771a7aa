"""What ``play`` shows: a live screen on a terminal, plain lines elsewhere, nothing for JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from rich.console import Console
from rich.live import Live
from rich.text import Text

from grader.playing.records import Judgement, Played, Progress, Stage
from grader.views.console import make_console, speaks_unicode
from grader.views.heat_map import heat_map
from grader.views.piano_roll_view import piano_roll
from grader.views.training_view import cut, line, screen, time_left

STEP = 0.1  # share of the training between two plain lines


class SilentView:
    """Shows nothing but what went wrong, on standard error."""

    def begins(self, title: str, seed: str) -> None:
        """A session begins."""

    @contextmanager
    def training(self, stage: Stage, seconds: float | None) -> Iterator[None]:
        """A stage is trained inside."""
        yield

    def progress(self, progress: Progress, elapsed: float) -> None:
        """A report was made."""

    def played(self, played: Played, replay: str) -> None:
        """A stage came to its end."""

    def failed(self, stage: Stage, sentence: str) -> None:
        """The learner's code failed."""
        print(sentence, file=sys.stderr)

    def lacking(self, stage: Stage, reasons: Sequence[str], command: str, *, later: bool) -> None:
        """A stage cannot be played yet."""
        print(*reasons, f"Next: {command}", file=sys.stderr)

    def kept(self, folder: str) -> None:
        """Everything was kept in a folder."""


class PlayView(SilentView):
    """Plain lines."""

    def __init__(self, console: Console, *, unicode: bool = True) -> None:
        self._console = console
        self._unicode = unicode
        self._stage = Stage("", "", ())
        self._seconds: float | None = None
        self._told = 0.0
        self._best: float | None = None
        self._samples: tuple[str, ...] = ()
        self._fresh = False  # samples that no line has shown yet

    def begins(self, title: str, seed: str) -> None:
        """Say what is played, and with which seed."""
        self._print(Text.assemble((title, "bold"), (f"  (seed {seed})", "dim")))

    @contextmanager
    def training(self, stage: Stage, seconds: float | None) -> Iterator[None]:
        """A stage is trained inside."""
        self._stage, self._seconds = stage, seconds
        self._told, self._best, self._samples = 0.0, None, ()
        self._print(Text(f"{stage.title}:", style="bold"))
        yield

    def progress(self, progress: Progress, elapsed: float) -> None:
        """A line for every tenth of the training, with samples where they improved."""
        self._fresh = self._take_samples(progress) or self._fresh
        share = progress.step / progress.of_total
        if self._told and share < self._told + STEP and not progress.done:
            return
        self._told = max(share, 1e-9)
        left = time_left(progress, elapsed, self._seconds)
        width = self._console.width
        self._print(Text(cut(line(progress, left, width), width)))
        if self._fresh or progress.done:
            self._fresh = False
            for sample in self._shown_samples(", ".join(self._samples)):
                self._print(sample)

    def _shown_samples(self, text: str) -> list[Text]:
        shown = cut(f"      {text}", self._console.width, unicode=self._unicode)
        return [Text(shown, style="cyan")] if text else []

    def _take_samples(self, progress: Progress) -> bool:
        """Keep the samples of the best model; whether these are new."""
        better = self._best is None or (
            progress.best_bits is not None and progress.best_bits < self._best
        )
        if better or not self._samples:
            self._best, self._samples = progress.best_bits, progress.samples
        return better

    def played(self, played: Played, replay: str) -> None:
        """What came of a stage."""
        if played.stopped:
            done = f"step {played.progress.step} of {played.progress.of_total}"
            words = f"Stopped by {played.stopped} at {done}; the best model so far is kept."
            self._print(Text(words, style="yellow"))
        self._judged(played.judgement)
        written = played.written
        if written.lines:
            self._indent(", ".join(written.lines), "cyan")
        for note in written.notes:
            self._indent(note)
        width = self._console.width
        colour = self._console.color_system is not None and not self._console.no_color
        if written.roll is not None:
            drawn = piano_roll(written.roll, width, unicode=self._unicode, colour=colour)
            for text in drawn:
                self._print(text)
        for picture in played.pictures:
            for text in heat_map(picture, width, colour=colour and self._unicode):
                self._print(text)
        # In one piece, however long: it is there to be copied.
        self._console.print(Text(f"  again: {replay}", style="dim"), soft_wrap=True)

    def _judged(self, judgement: Judgement) -> None:
        word = judgement.grade or "below every bar"
        heading = f"{judgement.bits:.3f} {judgement.measure} on unseen data: {word}"
        self._print(Text(heading, style="bold green" if judgement.grade else "bold yellow"))
        bars = ", ".join(f"{name} {bits:.2f}" for name, bits in judgement.thresholds.items())
        counting = ", ".join(f"{name} {bits:.2f}" for name, bits in judgement.counting.items())
        self._indent(f"bars: {bars}", "dim")
        self._indent(f"without a network: {counting}", "dim")
        shown = ", ".join(f"{name} {text}" for name, text in judgement.shown.items())
        self._indent(f"shown, not graded: {shown}", "dim")

    def failed(self, stage: Stage, sentence: str) -> None:
        """The learner's code failed."""
        self._print(Text(f"{stage.title}: stopped.", style="bold red"))
        self._indent(sentence)

    def lacking(self, stage: Stage, reasons: Sequence[str], command: str, *, later: bool) -> None:
        """A stage cannot be played yet; say what unlocks it."""
        words = "is still locked" if later else "cannot be played yet"
        self._print(Text(f"{stage.title}: {words}.", style="bold"))
        for reason in reasons:
            self._indent(reason)
        self._indent(f"Next: {command}")

    def kept(self, folder: str) -> None:
        """Everything was kept in a folder."""
        self._print(Text(f"Kept in {folder}", style="bold"))

    def _indent(self, text: str, style: str = "") -> None:
        for part in Text(text, style=style).wrap(self._console, self._console.width - 2):
            part.rstrip()
            self._print(Text("  ").append_text(part))

    def _print(self, text: Text) -> None:
        self._console.print(text)


class LiveView(PlayView):
    """A screen that is drawn anew with every report; needs a terminal."""

    def __init__(self, console: Console, *, unicode: bool = True) -> None:
        super().__init__(console, unicode=unicode)
        self._losses: list[float] = []
        self._live: Live | None = None

    @contextmanager
    def training(self, stage: Stage, seconds: float | None) -> Iterator[None]:
        """A stage is trained inside; the last screen stays."""
        self._stage, self._seconds = stage, seconds
        self._losses, self._best, self._samples = [], None, ()
        waiting = Text(f"{stage.title}: getting ready ...")
        with Live(waiting, console=self._console, refresh_per_second=8) as live:
            self._live = live
            try:
                yield
            finally:
                self._live = None

    def progress(self, progress: Progress, elapsed: float) -> None:
        """Draw the screen."""
        self._take_samples(progress)
        self._losses.append(progress.loss)
        left = time_left(progress, elapsed, self._seconds)
        if self._live is not None:
            drawn = screen(
                self._stage, progress, self._losses, self._samples, left, self._console.width,
                unicode=self._unicode,
            )  # fmt: skip
            self._live.update(drawn)


def make_view(stream: IO[str]) -> PlayView:
    """The view that suits a stream."""
    console, unicode = make_console(stream), speaks_unicode(stream)
    kind = LiveView if console.is_terminal and not console.is_dumb_terminal else PlayView
    return kind(console, unicode=unicode)
