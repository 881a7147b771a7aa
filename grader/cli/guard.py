"""Run a click command so that it ends in a sentence and the right exit code."""

from __future__ import annotations

import sys

import click

from grader.cli.endings import ended
from grader.cli.exit_codes import Exit


def run(command: click.Command) -> None:
    """Run a click command as a program; never returns."""
    sys.exit(outcome(command))


def outcome(command: click.Command, obj: object = None) -> int:
    """Run a click command; its exit code.

    Parameters
    ----------
    obj : object, optional
        What the command is handed by ``click.pass_obj``.
    """

    def carry_out() -> object:
        try:
            return command.main(standalone_mode=False, obj=obj)
        except click.exceptions.Exit as ending:
            return ending.exit_code
        except click.ClickException as problem:
            problem.show()
            return Exit.USAGE
        except click.Abort as stop:
            raise KeyboardInterrupt from stop

    return ended(carry_out)
