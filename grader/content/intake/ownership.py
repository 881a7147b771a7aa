"""Which file of a submission owns each wanted function, and what to say about the others."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from grader.content.intake.definitions import Definition, Kind, last_of
from grader.content.intake.plain_text import listed
from grader.content.intake.source_file import SourceFile

Owner = tuple[SourceFile, Definition]

_REASONS = {
    Kind.COROUTINE: "is an `async def`: remove the word `async`",
    Kind.CLASS: "is a class, but a function is needed",
    Kind.GUARDED: 'stands under `if __name__ == "__main__":`: move it to the top level of the file',
    Kind.IMPORT: "is only imported there: hand in the file that defines it too",
}


def in_order(
    files: Sequence[SourceFile], stub_files: Sequence[str], provided: Sequence[str]
) -> list[SourceFile]:
    """Return the files in the order in which they are asked for a function.

    Stub files in the order of the course, other Python files, notebooks; files with the name of a
    helper that the course provides come last, because they seldom hold the learner's answers.
    """
    places = {name: place for place, name in enumerate(stub_files)}

    def rank(file: SourceFile) -> tuple[int, int, str]:
        if file.path.name in places:
            return 0, places[file.path.name], str(file.path)
        if is_provided(file, provided):
            return 3, 0, str(file.path)
        return (2 if file.is_notebook else 1), 0, str(file.path)

    return sorted(files, key=rank)


def is_provided(file: SourceFile, provided: Sequence[str]) -> bool:
    """Tell whether a file is named like a helper of the course, given with or without ".py"."""
    return file.path.name in provided or (file.path.suffix == ".py" and file.path.stem in provided)


def owners_of(files: Sequence[SourceFile], wanted: Sequence[str]) -> dict[str, Owner]:
    """Return the owner of every wanted function that is defined: the first finished one."""
    owners = {}
    for name in wanted:
        found = _in_force(files, name)
        if found:
            owners[name] = next((one for one in found if one[1].finished), found[0])
    return owners


def _in_force(files: Sequence[SourceFile], name: str) -> list[Owner]:
    pairs = ((file, last_of(name, file.definitions)) for file in files)
    return [(file, one) for file, one in pairs if one is not None and one.counts]


def notes_about_owners(files: Sequence[SourceFile], owners: Mapping[str, Owner]) -> Iterator[str]:
    """Yield what the learner would not expect about the functions that were found."""
    for name, (file, chosen) in owners.items():
        if not chosen.finished:
            finished = [
                one for one in file.definitions if one.name == name and one.counts and one.finished
            ]
            if finished:
                yield (
                    f"{name} is finished in {finished[-1].display}, line {finished[-1].line}, but "
                    f"defined again in {chosen.display}, line {chosen.line}, without a body, and "
                    "Python takes the last: delete the last one."
                )
    yield from _notes_about_doubles(files, owners)
    for name, (file, _) in owners.items():
        for other in files:
            lost = [one for one in other.problems if name in one.functions]
            if lost:
                yield (
                    f"{name} in {lost[0].display} has a syntax error in line {lost[0].line}; "
                    f"the one in {file.display} is graded."
                )


def _notes_about_doubles(files: Sequence[SourceFile], owners: Mapping[str, Owner]) -> Iterator[str]:
    """Yield one note for each pair of files that both define finished, different functions."""
    pairs: dict[tuple[str, str], list[str]] = {}
    for name, (file, chosen) in owners.items():
        for other, definition in _in_force(files, name):
            if other is file or not (chosen.finished and definition.finished):
                continue
            if ast.dump(definition.node) != ast.dump(chosen.node):
                pairs.setdefault((file.display, other.display), []).append(name)
    for (taken, left), names in pairs.items():
        verb = "is" if len(names) == 1 else "are"
        yield (
            f"{listed(names)} {verb} finished in two files, {taken} and {left}: "
            f"the code in {taken} is graded."
        )


def notes_about_missing(
    files: Sequence[SourceFile], missing: Sequence[str], wanted: Sequence[str]
) -> Iterator[str]:
    """Yield why a function does not count, or which name looks like a slip of the pen."""
    for name in missing:
        reasons = list(_reasons(files, name))
        if reasons:
            yield from reasons[:2]
        elif not any(name in one.functions for file in files for one in file.problems):
            yield from _similar(files, name, wanted)


def _reasons(files: Sequence[SourceFile], name: str) -> Iterator[str]:
    for file in files:
        definition = last_of(name, file.definitions)
        if definition is not None and definition.kind in _REASONS:
            yield (
                f"{name} in {definition.display}, line {definition.line}, does not count: it "
                f"{_REASONS[definition.kind]}."
            )
        for found, inside, place in file.misplaced:
            if found == name:
                yield (
                    f"{name} is defined inside {inside} ({place.display}, line {place.line}): "
                    "move it to the top level of the file."
                )


def _similar(files: Sequence[SourceFile], name: str, wanted: Sequence[str]) -> Iterator[str]:
    import difflib

    others: dict[str, Definition] = {}
    for file in files:
        for one in file.definitions:
            if one.counts and one.name not in wanted and "test" not in one.name:
                others.setdefault(_plain_name(one.name), one)
    # 0.85: `rnn_cell_foward` is near, `gru_forward` and `rnn_step_forward` are other functions.
    close = difflib.get_close_matches(_plain_name(name), others, n=1, cutoff=0.85)
    for match in close:
        one = others[match]
        yield (
            f"{name} was not found, but {one.display} has {one.name} in line {one.line}: "
            f"did you mean {name}?"
        )


def _plain_name(name: str) -> str:
    return name.lower().replace("_", "")
