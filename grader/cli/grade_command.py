"""``grade``: what is right, what is wrong, why, and what to do next."""

from __future__ import annotations

from pathlib import Path

import click

from grader import __version__

_HELP = """Grade your work.

NAME is an assignment or one of its tasks. Without it, every assignment that you have touched
since the last time is graded, and the checklist of the week follows; it names them all.

Exit status: 0 all right, 1 work to do, 2 wrong usage, 3 our fault.
"""


@click.command(help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("name", required=False)
@click.option(
    "--submission",
    "-s",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Grade a notebook, file, folder or archive that lies elsewhere, unchanged.",
)
@click.option("--json", "as_json", is_flag=True, help="Write the report as JSON, nothing else.")
@click.option("--seed", metavar="TEXT", help="Repeat the fresh draws of an earlier run.")
@click.option("--hint", metavar="TASK", help="Show the next of three hints.")
@click.option("--show", metavar="TASK", help="Show the brief of a task, with its equations.")
@click.option("--status", is_flag=True, help="Show the checklist without grading.")
@click.option("--reset", metavar="FILE", help="Put the stub back; your file is kept beside it.")
@click.option("--watch", is_flag=True, help="Grade again whenever a file is saved.")
@click.option(
    "--init",
    "new_folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Lay out a folder to work in.",
)
@click.version_option(__version__, prog_name="unroll")
def grade(
    name: str | None,
    submission: Path | None,
    as_json: bool,
    seed: str | None,
    hint: str | None,
    show: str | None,
    status: bool,
    reset: str | None,
    watch: bool,
    new_folder: Path | None,
) -> int:
    """Choose what was asked for; each choice loads only what it needs."""
    if new_folder is not None:
        from grader.cli.workspace_commands import init

        return init(new_folder)
    if hint is not None or show is not None or status or reset is not None:
        from grader.cli import workspace_commands

        return workspace_commands.answer(hint=hint, show=show, reset=reset, as_json=as_json)
    if watch:
        from grader.cli.watch import watch_and_grade

        return watch_and_grade(name, seed=seed)
    if submission is not None and name is None:
        raise click.UsageError("--submission needs the assignment: grade NAME --submission PATH")
    from grader.cli.grade_now import grade_now

    return grade_now(name, submission=submission, as_json=as_json, seed=seed)
