"""Run a command so that whatever goes wrong ends in a sentence and the right exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from grader.cli.exit_codes import Exit
from grader.errors import ContentError, EnvironmentProblem, UnrollError


def run(
    command: click.Command, *, obj: object = None, after: Callable[[], None] | None = None
) -> None:
    """Run a click command as a program; never returns.

    Parameters
    ----------
    obj : object, optional
        What the command is handed by ``click.pass_obj``.
    after : callable, optional
        Called at the end, however it came.
    """
    code: int = Exit.ALL_RIGHT
    try:
        result = command.main(standalone_mode=False, obj=obj)
        code = result if isinstance(result, int) else Exit.ALL_RIGHT
    except click.exceptions.Exit as ending:
        code = ending.exit_code
    except click.ClickException as problem:
        problem.show()
        code = Exit.USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped; nothing is lost.", err=True)
        code = Exit.INTERRUPTED
    except (EnvironmentProblem, ContentError) as problem:
        click.echo(str(problem), err=True)
        code = Exit.OUR_FAULT
    except UnrollError as problem:
        click.echo(str(problem), err=True)
        code = Exit.USAGE
    except BrokenPipeError:
        sys.stderr.close()
    except OSError as problem:
        click.echo(f"{problem.strerror or problem} {problem.filename or ''}".rstrip(), err=True)
        code = Exit.OUR_FAULT
    finally:
        if after is not None:
            after()
    sys.exit(int(code))
