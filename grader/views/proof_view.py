"""``teach check`` in the terminal: one table, then every finding with its file and line."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.proof.findings import Proof, Row


class ProofView:
    """Shows a proof on a console."""

    def __init__(self, console: Console, *, unicode: bool = True) -> None:
        self._console = console
        self._good, self._bad = ("✓", "✗") if unicode else ("ok", "--")

    def show(self, proof: Proof) -> None:
        """The table and the findings."""
        table = Table(box=None, pad_edge=False)
        table.add_column("")
        table.add_column("assignment")
        table.add_column("claim")
        table.add_column("held", justify="right")
        table.add_column("share", justify="right")
        for row in proof.rows:
            table.add_row(*self._cells(row))
        self._console.print(table)
        for row in proof.rows:
            if row.remark:
                self._console.print(Text(f"{row.claim}: {row.remark}", style="dim"))
        for finding in proof.findings:
            self._console.print(Text(str(finding)))
        words = "Every promise is kept." if proof.kept else "There is something to mend."
        self._console.print(Text(words, style="bold"))

    def _cells(self, row: Row) -> tuple[Text, str, str, str, str]:
        mark, style = (self._good, "green") if row.kept else (self._bad, "red")
        held = f"{row.held} / {row.asked}"
        return Text(mark, style=style), row.assignment, row.claim, held, f"{100 * row.share:.1f} %"


class ProofProgress:
    """How far a long part of a proof is: one line that is rewritten, or one every minute.

    Parameters
    ----------
    clock : callable
        Seconds.
    """

    def __init__(self, console: Console, clock: Callable[[], float]) -> None:
        self._console = console
        self._clock = clock
        self._part = ""
        self._began = self._shown = 0.0

    def told(self, what: str, done: int, of_all: int) -> None:
        """Show how many jobs are done, where it is time to."""
        now = self._clock()
        if what != self._part:
            self._part, self._began, self._shown = what, now, now
        wait = 0.2 if self._console.is_terminal else 60.0
        if now - self._shown < wait and (done < of_all or not self._console.is_terminal):
            return
        self._shown = now
        left = (now - self._began) * (of_all - done) / max(1, done)
        line = f"  {what}: {done} of {of_all}, about {left / 60:.0f} min left"
        if self._console.is_terminal:
            ending = "\n" if done == of_all else ""
            self._console.print(f"\r{line:<60}", end=ending, soft_wrap=True)
        else:
            self._console.print(line, soft_wrap=True)


def proof_json(proof: Proof) -> bytes:
    """A proof as JSON."""
    told = {
        "schema": 1,
        "kept": proof.kept,
        "rows": [
            {
                "assignment": row.assignment,
                "claim": row.claim,
                "held": row.held,
                "asked": row.asked,
                "needed": row.needed,
                "kept": row.kept,
                "remark": row.remark,
            }
            for row in proof.rows
        ],
        "findings": proof.findings,
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"
