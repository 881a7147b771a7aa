"""What ``play`` draws, as golden texts at two widths; UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from grader.playing.records import Judgement, Picture, Played, Progress, Roll, Stage, Written
from grader.views.heat_map import heat_map
from grader.views.piano_roll_view import piano_roll, pitch_name
from grader.views.play_view import LiveView, PlayView, make_view
from grader.views.training_view import clock, screen, sparkline, time_left

GOLDEN = Path(__file__).parent / "golden"
STAGE = Stage("wide", "a network that listens to the rain all night long", ("listen",))
LOSSES = [4.0 * 0.9**step + 0.1 * (step % 3) for step in range(40)]
WIDTHS = pytest.mark.parametrize("width", [80, 40])


def report(step: int, best: float | None) -> Progress:
    samples = (f"drip-{step}", "a rather long sample of what the network makes of rain")
    return Progress(step, 400, LOSSES[step // 10 - 1], best, best, samples, step == 400)


def roll() -> Roll:
    grid = np.zeros((5, 32), dtype=int)
    notes = [(0, 0, 4), (1, 4, 6), (0, 6, 9), (4, 10, 16), (2, 18, 24), (3, 24, 31)]
    for row, first, last in notes:
        grid[row, first:last] = 1
        grid[row, first] = 2
    return Roll(grid, 72, 16, ("F7", "Bb7"))


def picture(columns: int = 30) -> Picture:
    values = np.sin(np.arange(3)[:, None] + np.arange(columns) / 3)
    labels = tuple(chr(97 + column % 26) for column in range(columns))
    return Picture("gates", ("forget", "update", "output"), labels, values, "columns: letters")


def console(width: int, **more: object) -> Console:
    return Console(file=io.StringIO(), width=width, highlight=False, markup=False, **more)


def shown(made: Console) -> str:
    assert isinstance(made.file, io.StringIO)
    return made.file.getvalue()


def agrees(name: str, text: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def ended() -> Played:
    judgement = Judgement(
        2.293, "bits a drop", "good", {"pass": 2.6, "good": 2.3}, {"pairs": 3.1}, {"new": "97%"}
    )
    written = Written(("rain.mid",), ("Rain, 2 bars.",), ("Drip", "Drop"), roll())
    return Played(STAGE, report(400, 2.2), judgement, written, "Ctrl-C", 3.0, (picture(),))


@WIDTHS
def test_plain_lines_of_a_whole_session(width: int) -> None:
    made = console(width)
    view = PlayView(made, unicode=False)
    view.begins("Rain", "c0ffee")
    with view.training(STAGE, None):
        for step in range(10, 401, 10):
            best = None if step < 30 else 4 - step / 200
            view.progress(report(step, best), step / 20)
    view.played(ended(), "play rain --seed c0ffee --stage wide")
    view.lacking(STAGE, ["`listen` is not written yet."], "grade --show listen", later=True)
    view.kept("results/rain/20260101-000000-c0ffee")
    text = shown(made)
    assert text.isascii()
    assert all(len(line) <= width for line in text.splitlines() if "again:" not in line)
    agrees(f"session_{width}", text)


@WIDTHS
@pytest.mark.parametrize("unicode", [True, False])
def test_screen_while_a_network_is_trained(width: int, unicode: bool) -> None:
    drawn = screen(
        STAGE, report(250, 2.75), LOSSES[:25], report(250, None).samples, 7.4, width,
        unicode=unicode,
    )  # fmt: skip
    assert all(len(line) <= width for line in drawn.plain.splitlines())
    kind = "blocks" if unicode else "ascii"
    agrees(f"screen_{kind}_{width}", drawn.plain + "\n")


@WIDTHS
@pytest.mark.parametrize("unicode", [True, False])
def test_piano_roll(width: int, unicode: bool) -> None:
    lines = [text.plain for text in piano_roll(roll(), width, unicode=unicode)]
    assert all(len(line) <= width for line in lines)
    kind = "blocks" if unicode else "ascii"
    agrees(f"piano_roll_{kind}_{width}", "\n".join(lines) + "\n")


@WIDTHS
def test_heat_map_without_colour(width: int) -> None:
    lines = [text.plain for text in heat_map(picture(50), width, colour=False)]
    assert all(len(line) <= width for line in lines)
    agrees(f"heat_map_ascii_{width}", "\n".join(lines) + "\n")


def test_heat_map_in_colour_holds_two_rows_in_a_line() -> None:
    made = console(40, force_terminal=True, color_system="truecolor")
    tall = Picture("p", ("a", "b"), ("x",), np.array([[0.0], [1.0]]))
    for text in heat_map(tall, 40, colour=True):
        made.print(text)
    low, high = "38;2;13;8;45", "48;2;250;235;130"
    (cells,) = [line for line in shown(made).splitlines() if "▀" in line]
    assert f"\x1b[{low};{high}m▀▀▀" in cells


def test_a_picture_of_one_value_only_can_be_drawn() -> None:
    flat = Picture("p", ("a",), ("x", "y"), np.full((1, 2), 3.0))
    assert heat_map(flat, 40, colour=False)[2].plain == "a       "


def test_a_live_screen_ends_with_the_last_report() -> None:
    made = console(60, force_terminal=True, color_system=None)
    view = LiveView(made)
    with view.training(STAGE, 10.0):
        view.progress(report(10, None), 1.0)
        view.progress(report(200, 3.0), 5.0)
    last = shown(made).rpartition("a network that listens")[2]
    assert "step 200 of 400" in last
    assert "0:05 left" in last
    assert "drip-200" in last


def test_samples_stay_those_of_the_best_model() -> None:
    made = console(60)
    view = PlayView(made)
    with view.training(STAGE, None):
        view.progress(report(10, 3.0), 1.0)
        view.progress(report(400, 3.5), 2.0)
    assert shown(made).count("drip-10") == 2
    assert "drip-400" not in shown(made)


def test_a_stream_that_is_no_terminal_gets_plain_lines() -> None:
    assert type(make_view(io.StringIO())) is PlayView


@pytest.mark.parametrize(
    ("step", "elapsed", "bound", "left"),
    [(0, 1.0, None, None), (1, 1.0, None, None), (100, 5.0, None, 15.0), (100, 5.0, 8.0, 3.0),
     (100, 9.0, 8.0, 0.0)],
)  # fmt: skip
def test_time_left_is_known_by_the_speed_so_far(
    step: int, elapsed: float, bound: float | None, left: float | None
) -> None:
    assert time_left(Progress(step, 400, 1.0, None, None), elapsed, bound) == left


def test_clock_and_pitches_are_spelled() -> None:
    assert [clock(None), clock(7.4), clock(125)] == ["-:-- left", "0:07 left", "2:05 left"]
    assert [pitch_name(60), pitch_name(70)] == ["C4", "Bb4"]


def test_sparkline_falls_with_the_losses_and_survives_few_of_them() -> None:
    assert sparkline([8.0, 4.0, 1.0], 10, True) == "█▄▁"
    assert sparkline([], 10, True) == ""
    assert sparkline([1.0], 10, False) == "_"
