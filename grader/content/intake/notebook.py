"""The code cells of a Jupyter notebook (nbformat 3 and 4); outputs are never looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grader.content.intake.notebook_commands import cell_magic, keeps_its_body
from grader.content.intake.plain_text import plain
from grader.content.intake.source_text import decode_source, unix_lines
from grader.errors import SubmissionError

MAX_CELLS = 5_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell: its number among the code cells, from 1, and its source.

    `dropped` names the cell magic (`bash`, `writefile`) whose body is not part of the notebook's
    own Python; the source is then kept only to tell the learner what was in it.
    """

    number: int
    source: str
    dropped: str | None = None


def read_cells(data: bytes, display: str) -> tuple[Cell, ...]:
    """Return the code cells of a notebook file.

    Raises
    ------
    SubmissionError
        The bytes are no JSON, no notebook, not a notebook of Python, or one with too many cells.
    """
    # Counted before the parser builds an object for each.
    if data.count(b"cell_type") > 4 * MAX_CELLS:
        raise SubmissionError(_too_many(display))
    notebook = _parsed(data, display)
    cells = list(_cells_of(notebook, display))
    if len(cells) > MAX_CELLS:
        raise SubmissionError(_too_many(display))
    _require_python(notebook, display)
    code = [cell for cell in cells if cell.get("cell_type") == "code"]
    return tuple(_cell(number, cell) for number, cell in enumerate(code, start=1))


def _parsed(data: bytes, display: str) -> dict[str, Any]:
    import json

    text = decode_source(data, display)
    if not text.strip():
        raise SubmissionError(f"{display} is empty: save the notebook and hand it in again.")
    try:
        notebook = json.loads(text)
    except RecursionError as error:
        raise SubmissionError(f"{display} is no notebook: its JSON is nested too deep.") from error
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise SubmissionError(
            f"{display} is no notebook: it is not JSON (line {line}). Download it again as .ipynb; "
            "if it is Python code, give it a name that ends in .py."
        ) from error
    if not isinstance(notebook, dict):
        raise SubmissionError(_no_notebook(display))
    return notebook


def _cells_of(notebook: dict[str, Any], display: str) -> Iterator[dict[str, Any]]:
    """Yield the cells that are records, of `cells` (nbformat 4) or all `worksheets` (3)."""
    sheets = [notebook] if "cells" in notebook else notebook.get("worksheets")
    if not isinstance(sheets, list):
        raise SubmissionError(_no_notebook(display))
    for sheet in sheets:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        if not isinstance(cells, list):
            raise SubmissionError(_no_notebook(display))
        yield from (cell for cell in cells if isinstance(cell, dict))


def _require_python(notebook: dict[str, Any], display: str) -> None:
    metadata = notebook.get("metadata")
    for section, key in (("kernelspec", "language"), ("language_info", "name")):
        record = metadata.get(section) if isinstance(metadata, dict) else None
        language = record.get(key) if isinstance(record, dict) else None
        if isinstance(language, str) and language and not language.lower().startswith("python"):
            raise SubmissionError(
                f"{display} is a notebook of the language {plain(language, 30)}, not Python: "
                "choose a Python kernel and save it again."
            )


def _cell(number: int, record: dict[str, Any]) -> Cell:
    source = _source(record.get("source", record.get("input")))
    magic = cell_magic(source)
    if magic is None:
        return Cell(number, source)
    if not keeps_its_body(magic):
        return Cell(number, source, dropped=magic)
    body = source.lstrip().partition("\n")[2]
    blank = "\n" * (source.count("\n") - body.count("\n"))
    return Cell(number, blank + body if body else "")


def _source(value: object) -> str:
    lines = value if isinstance(value, list) else [value]
    text = "".join(line for line in lines if isinstance(line, str))
    # JSON may hold halves of surrogate pairs, which are no text.
    return unix_lines(text.encode("utf-8", "replace").decode("utf-8"))


def _no_notebook(display: str) -> str:
    return f"{display} is JSON but no notebook (it has no cells): hand in the .ipynb file itself."


def _too_many(display: str) -> str:
    return f"{display} has more than {MAX_CELLS} cells: hand in only the notebook of the task."
