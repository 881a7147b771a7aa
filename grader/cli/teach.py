"""``teach``: the author's and instructor's commands."""

from __future__ import annotations

from pathlib import Path

import click

from grader import __version__
from grader.cli.guard import run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="unroll")
def teach() -> None:
    """Prove the course and keep its files in step."""


@teach.command()
def stubs() -> int:
    """Write the stubs anew from the reference."""
    from grader.content.course_file import load_course
    from grader.content.stubs import stub_changes
    from grader.content.workspace import find_workspace

    workspace = find_workspace(Path.cwd())
    for assignment in load_course(workspace.course_file).assignments:
        changes = stub_changes(
            workspace.solutions / assignment.id,
            workspace.exercises / assignment.id,
            assignment.stubs,
        )
        for path, text in changes.items():
            path.write_text(text, encoding="utf-8")
            click.echo(f"wrote {path}")
    return 0


@teach.command()
def fingerprints() -> int:
    """Write what every known mistake comes to, so that a diagnosis need not try them all.

    Needed after a change of a reference, its checks or its catalogue: a table that is out of
    date is not used, and a diagnosis takes longer.
    """
    from grader.cli.teach_check import write_fingerprints

    return write_fingerprints()


@teach.command()
@click.argument("name", required=False)
@click.option("--quick", is_flag=True, help="One seed, a sample of the mutants, in seconds.")
@click.option("--seeds", default=3, show_default=True, help="Draws for everything but mutants.")
@click.option("--first-seed", default=1, show_default=True, help="The first of these draws.")
@click.option("--json", "as_json", is_flag=True, help="Write the report as JSON, nothing else.")
def check(name: str | None, quick: bool, seeds: int, first_seed: int, as_json: bool) -> int:
    """Prove the course: stubs, solutions, right answers, mistakes, mutants.

    NAME is one assignment; all of them where it is not given.
    """
    from grader.cli.teach_check import check as run_check

    draws = range(first_seed, first_seed + seeds)
    return run_check(name, quick=quick, draws=draws, as_json=as_json)


@teach.command()
def doctor() -> int:
    """Say which walls this machine can put around a submission, proven by trying."""
    from grader.sandbox.start_worker import start_worker

    worker = start_worker()
    try:
        click.echo(f"isolation level {worker.level}")
        for layer in worker.layers:
            state = "active" if layer.active else f"missing: {layer.reason}"
            click.echo(f"  {layer.name}: {state}")
    finally:
        worker.close()
    return 0


def main() -> None:
    """Run ``teach`` as a program."""
    run(teach)
