"""``python -m grader.cli grade ...``: the commands without their installed scripts."""

from __future__ import annotations

import importlib
import sys

COMMANDS = ("grade", "quiz", "play", "teach")


def main() -> None:
    """Run the command named by the first argument."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in COMMANDS:
        print(f"usage: python -m grader.cli {{{','.join(COMMANDS)}}} ...", file=sys.stderr)
        sys.exit(2)
    sys.argv = [name, *sys.argv[2:]]
    importlib.import_module(f"grader.cli.{name}").main()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # so early that no command was there yet
        sys.exit(130)
