"""How far a training is: pure drawings of the latest report and of the losses so far."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rich.text import Text

from grader.playing.records import Progress, Stage

BARS = "▁▂▃▄▅▆▇█"
PLAIN_BARS = "_.-=+*#@"
LEFT = 2
SOONEST = 0.01  # share of the training before which its speed says nothing


def screen(
    stage: Stage,
    progress: Progress,
    losses: Sequence[float],
    samples: Sequence[str],
    left: float | None,
    width: int,
    *,
    unicode: bool,
) -> Text:
    """What stands on a terminal while a network is trained."""
    share = progress.step / progress.of_total
    ending = f" {share:4.0%}  {clock(left)}"
    room = max(8, min(48, width - len(ending) - LEFT))
    full = round(share * room)
    on, off = ("█", "░") if unicode else ("#", ".")
    lines = [
        Text(cut(stage.title, width, unicode=unicode), style="bold"),
        Text.assemble(" " * LEFT, (on * full, "green"), (off * (room - full), "dim"), ending),
        Text(f"  step {progress.step} of {progress.of_total}"),
        Text(f"  loss {progress.loss:.3f} {sparkline(losses, min(30, width - 14), unicode)}"),
        Text(f"  bits on unseen data: {figure(progress.bits)}, best {figure(progress.best_bits)}"),
    ]
    shown = [cut(f"    {sample}", width, unicode=unicode) for sample in samples]
    lines += [Text(sample, style="cyan") for sample in shown]
    lines.append(Text("  Ctrl-C ends it and keeps the best.", style="dim"))
    return Text("\n").join(lines)


def line(progress: Progress, left: float | None, width: int) -> str:
    """The same in one plain line."""
    share = f"{progress.step / progress.of_total:4.0%}"
    best = f"best {figure(progress.best_bits)}"
    if width < 60:
        return f"{share} loss {progress.loss:.2f} {best}  {clock(left)}"
    step = f"step {progress.step} of {progress.of_total}"
    return f"{share}  {step}  loss {progress.loss:.3f}  bits {best}  {clock(left)}"


def time_left(progress: Progress, elapsed: float, seconds: float | None) -> float | None:
    """Seconds that the training still needs, by its speed so far; None at the very start."""
    if progress.step < SOONEST * progress.of_total:
        return None
    left = elapsed / progress.step * (progress.of_total - progress.step)
    return left if seconds is None else min(left, max(seconds - elapsed, 0.0))


def clock(seconds: float | None) -> str:
    """``0:07 left``."""
    if seconds is None:
        return "-:-- left"
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d} left"


def sparkline(values: Sequence[float], width: int, unicode: bool) -> str:
    """A curve in one line, each column the average of its share of the values."""
    if not values:
        return ""
    width = max(1, min(width, len(values)))
    edges = [round(place * len(values) / width) for place in range(width + 1)]
    means = [sum(values[a:b]) / (b - a) for a, b in pairwise(edges)]
    low, high = min(means), max(means)
    ramp = BARS if unicode else PLAIN_BARS
    scale = (len(ramp) - 1) / (high - low) if high > low else 0.0
    return "".join(ramp[round((mean - low) * scale)] for mean in means)


def figure(value: float | None) -> str:
    """A figure, or a dash for what is not known yet."""
    return "-" if value is None else f"{value:.3f}"


def cut(text: str, width: int, *, unicode: bool = True) -> str:
    """A text that fits into one line."""
    if len(text) <= width:
        return text
    dots = "…" if unicode else "..."
    return text[: width - len(dots)] + dots
