"""``quiz``: questions that are due, one lesson, the week's graded quiz, progress."""

from __future__ import annotations

from pathlib import Path

import click

from grader import __version__
from grader.cli.guard import run

_HELP = """Answer questions; wrong ones come back, right ones come back later.

LESSON is a lesson's name (lstm) or number (10), or `week` for the graded quiz over all lessons.
Without it: what is due, and what is next. Every answer is stored at once; Ctrl-C is a pause.

Exit status: 0 all right, 1 work to do, 2 wrong usage, 3 our fault.
"""
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("lesson", required=False)
@click.option("--review", is_flag=True, help="Only what is due, all lessons mixed.")
@click.option("--retry-wrong", is_flag=True, help="Only what was wrong the last time.")
@click.option("--stats", is_flag=True, help="Progress, hard questions, misconceptions.")
@click.option("--count", type=click.IntRange(1, 200), help="At most so many questions.")
@click.option("--confidence", is_flag=True, help="Ask after each answer how sure you are.")
@click.option(
    "--resume/--fresh",
    "resume",
    default=None,
    help="Go on with a paused session, or drop it, without being asked.",
)
@click.option("--seed", metavar="TEXT", help="Repeat the draws of an earlier session.")
@click.option("--plain", is_flag=True, help="Plain lines: no colour, no single keys.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON and ask nothing.")
@click.option(
    "--answers",
    type=_FILE,
    metavar="FILE",
    help="Mark a file of lines `id answer` (- is standard input); needs --seed.",
)
@click.option(
    "--export",
    nargs=2,
    metavar="gift|moodle|anki FILE",
    help="Write the questions for another tool.",
)
@click.option(
    "--import-gift",
    type=_FILE,
    metavar="FILE",
    help="Turn a GIFT file into a quiz file, on standard output.",
)
@click.option(
    "--merge",
    type=_FILE,
    metavar="FILE",
    help="Take over the answers of another machine's quiz.sqlite.",
)
@click.version_option(__version__, prog_name="unroll")
def quiz(
    lesson: str | None,
    review: bool,
    retry_wrong: bool,
    stats: bool,
    count: int | None,
    confidence: bool,
    resume: bool | None,
    seed: str | None,
    plain: bool,
    as_json: bool,
    answers: Path | None,
    export: tuple[str, Path] | None,
    import_gift: Path | None,
    merge: Path | None,
) -> int:
    """Choose what was asked for; each choice loads only what it needs."""
    chosen = [review, retry_wrong, stats, answers, export, import_gift, merge]
    if sum(bool(one) for one in chosen) > 1:
        raise click.UsageError(
            "use one of --review, --retry-wrong, --stats, --answers, --export, --import-gift, "
            "--merge at a time"
        )
    if lesson == "week" and (review or retry_wrong):
        raise click.UsageError("the week's quiz is taken as a whole: quiz week")
    if import_gift is not None or export is not None:
        from grader.cli import quiz_exchange

        if import_gift is not None:
            return quiz_exchange.import_gift(import_gift)
        assert export is not None
        return quiz_exchange.export(export[0], Path(export[1]), lesson, seed or "export")
    if answers is not None:
        from grader.cli.quiz_answers import mark_file

        return mark_file(answers, lesson, seed, as_json=as_json)
    if merge is not None or stats:
        from grader.cli import quiz_overview

        if merge is not None:
            return quiz_overview.merge(merge, as_json=as_json)
        return quiz_overview.show_statistics(lesson, as_json=as_json, plain=plain)
    from grader.cli.quiz_plans import Wish
    from grader.cli.quiz_sitting import sit

    wish = Wish(lesson, review, retry_wrong, count, confidence, resume, seed, plain)
    return sit(wish, as_json=as_json)


def main() -> None:
    """Run ``quiz`` as a program."""
    run(quiz)


if __name__ == "__main__":
    main()
