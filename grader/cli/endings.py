"""How a command ends: whatever goes wrong becomes a sentence and the right exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable

from grader.cli.exit_codes import Exit
from grader.errors import ContentError, EnvironmentProblem, UnrollError


def ended(command: Callable[[], object]) -> int:
    """Carry out a command; the exit code of how it ended."""
    try:
        result = command()
        return result if isinstance(result, int) else Exit.ALL_RIGHT
    except KeyboardInterrupt:
        _say("\nStopped; nothing is lost.")
        return Exit.INTERRUPTED
    except (EnvironmentProblem, ContentError) as problem:
        _say(str(problem))
        return Exit.OUR_FAULT
    except UnrollError as problem:
        _say(str(problem))
        return Exit.USAGE
    except BrokenPipeError:
        sys.stderr.close()
        return Exit.ALL_RIGHT
    except OSError as problem:
        _say(f"{problem.strerror or problem} {problem.filename or ''}".rstrip())
        return Exit.OUR_FAULT
    except Exception:  # ours: a normal traceback
        import traceback

        traceback.print_exc()
        return Exit.OUR_FAULT


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)
