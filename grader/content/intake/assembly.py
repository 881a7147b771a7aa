"""From the files of a submission to what the grader needs: owners, module names, notes, errors."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

import msgspec

from grader.content.intake.definitions import Definition
from grader.content.intake.made_names import made_by_lines
from grader.content.intake.ownership import (
    in_order,
    notes_about_missing,
    notes_about_owners,
    owners_of,
)
from grader.content.intake.plain_text import listed
from grader.content.intake.source_file import SourceFile
from grader.content.intake.submission import Place, SourceModule, Submission, SyntaxProblem
from grader.errors import SubmissionError


class Request(msgspec.Struct, frozen=True):
    """What the assignment asks for."""

    wanted: tuple[str, ...]
    stub_files: tuple[str, ...]
    provided: tuple[str, ...]


class Reading(msgspec.Struct, frozen=True):
    """Files that were read, and sentences about those that were not."""

    files: tuple[SourceFile, ...]
    notes: tuple[str, ...] = ()


def assembled(name: str, reading: Reading, request: Request) -> Submission:
    """Return the submission that the files which were read make up.

    Raises
    ------
    SubmissionError
        None of the wanted functions is in them, nor a syntax error that could have hidden one.
    """
    files = in_order(reading.files, request.stub_files, request.provided)
    owners = owners_of(files, request.wanted)
    missing = tuple(one for one in request.wanted if one not in owners)
    names = _module_names(files)
    owning = {id(file) for file, _ in owners.values()}
    notes = [*reading.notes, *(note for file in files for note in file.notes)]
    notes += notes_about_owners(files, owners)
    notes += notes_about_missing(files, missing, request.wanted)
    notes += _notes_about_shadows(files, owning)
    errors = tuple(_errors(files, owning, missing))
    if request.wanted and not owners and not errors:
        raise SubmissionError(_nothing_found(name, files, request, notes))
    return Submission(
        name=name,
        modules=tuple(_modules(files, names, owners)),
        found={one: Place(d.display, d.line) for one, (_, d) in owners.items()},
        owners={one: names[id(file)] for one, (file, _) in owners.items()},
        missing=missing,
        not_started=tuple(one for one, (_, d) in owners.items() if not d.finished),
        errors=errors,
        notes=tuple(dict.fromkeys(notes)),
        digest=_digest(files, names),
    )


def _nothing_found(
    name: str, files: Sequence[SourceFile], request: Request, notes: Sequence[str]
) -> str:
    if not files and not notes:
        return f"{name} holds no Python file or notebook: hand in your .py or .ipynb file."
    where = f" (looked in {listed([file.display for file in files])})" if files else ""
    asked = listed(request.wanted)
    return " ".join([f"{name} defines none of the functions {asked}{where}.", *notes[:10]])


def _module_names(files: Sequence[SourceFile]) -> dict[int, str]:
    """Return a name for every file: its stem where Python could import it, else its path.

    A path has a dot in it, so `import` never finds it: a second file of the same stem, a notebook
    beside a module, and a file named like a module of Python must not be taken for the other.
    """
    names: dict[int, str] = {}
    for file in files:
        stem = file.path.stem
        free = stem.isidentifier() and stem not in names.values() and not _shadows(file)
        names[id(file)] = stem if free and not file.is_notebook else str(file.path)
    return names


def _shadows(file: SourceFile) -> bool:
    return file.path.stem == "numpy" or file.path.stem in sys.stdlib_module_names


def _notes_about_shadows(files: Sequence[SourceFile], owning: set[int]) -> list[str]:
    return [
        f"{file.display} was left out, because Python has a module {file.path.stem} of its own: "
        "give the file another name."
        for file in files
        if _shadows(file) and not file.is_notebook and id(file) not in owning
    ]


def _modules(
    files: Sequence[SourceFile],
    names: Mapping[int, str],
    owners: Mapping[str, tuple[SourceFile, Definition]],
) -> list[SourceModule]:
    """Return the owners and every other file that they could import."""
    owned: dict[int, list[str]] = {}
    for one, (file, _) in owners.items():
        owned.setdefault(id(file), []).append(one)
    return [
        SourceModule(
            names[id(file)],
            file.units,
            file.policy,
            entry=id(file) in owned,
            made=made_by_lines(owned.get(id(file), ()), file.definitions)
            if file.policy == "definitions"
            else (),
        )
        for file in files
        if id(file) in owned or (names[id(file)].isidentifier() and file.units)
    ]


def _errors(
    files: Sequence[SourceFile], owning: set[int], missing: Sequence[str]
) -> list[SyntaxProblem]:
    """Return the problems that matter: not those of a notebook nothing is taken from."""
    return [
        problem
        for file in files
        for problem in file.problems
        if not file.is_notebook
        or id(file) in owning
        or set(problem.functions) & set(missing)
        or not owning
    ]


def _digest(files: Sequence[SourceFile], names: Mapping[int, str]) -> str:
    import hashlib

    digest = hashlib.sha256()
    for file in files:
        for text in (names[id(file)], file.policy, file.text):
            data = text.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
