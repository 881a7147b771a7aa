"""``play``: train your own code, and keep what it makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from grader import __version__
from grader.cli.guard import run

_HELP = """Train your own code and see what it makes.

NAME is an assignment that can be played. The training shows its progress; Ctrl-C ends it and
keeps the best model so far. Everything is kept in results/NAME/: a manifest, the model, and
what it made.

Exit status: 0 played, 1 your code is missing or fails, 2 wrong usage, 3 our fault.
"""


@click.command(help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("name")
@click.option("--reference", is_flag=True, help="Train the course's own solution, to compare.")
@click.option("--look", is_flag=True, help="Show gates and gradients of the trained network.")
@click.option("--temperature", type=float, help="Below 1 it plays safe, above 1 it takes risks.")
@click.option("--bars", type=int, metavar="N", help="Length of the solo.")
@click.option("--tune", metavar="NAME", help="What to play over; a wrong name lists them all.")
@click.option("--seed", metavar="TEXT", help="The same seed gives the same result.")
@click.option(
    "--submission",
    "-s",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Play a notebook, file, folder or archive that lies elsewhere.",
)
@click.option("--stage", metavar="NAME", help="Only this stage of several.")
@click.option(
    "--seconds", type=click.FloatRange(min=0), metavar="N", help="Stop training after N seconds."
)
@click.option(
    "--steps", type=click.IntRange(min=1), metavar="N", help="Stop after N steps; replayable."
)
@click.option("--json", "as_json", is_flag=True, help="Write the manifest as JSON, nothing else.")
@click.version_option(__version__, prog_name="unroll")
def play(name: str, temperature: float | None, bars: int | None, tune: str | None,
         **wishes: Any) -> int:  # fmt: skip
    """Hand over to the module that loads what playing needs."""
    if wishes["reference"] and wishes["submission"] is not None:
        raise click.UsageError("--reference and --submission exclude each other")
    from grader.cli.play_now import play_now
    from grader.cli.play_order import Order

    given = {"temperature": temperature, "bars": bars, "tune": tune}
    options = {name: value for name, value in given.items() if value is not None}
    return play_now(Order(name, options, **wishes))


def main() -> None:
    """Run ``play`` as a program."""
    run(play)
