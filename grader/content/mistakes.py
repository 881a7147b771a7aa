"""The catalogue of typical mistakes of one assignment, from ``mistakes.yaml``.

Each entry works twice: as a wrong solution that the hidden tests must reject, and as a
diagnosis for the learner whose output equals what the mistake produces.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import msgspec

from grader.content.edits import Edit, EditError, FunctionText, edited, functions_in
from grader.content.yaml_records import Reading, closest
from grader.content.yaml_source import read_yaml
from grader.errors import ContentError


class EditRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``put`` stands in the mistake where ``find`` stands in the reference."""

    find: str
    put: str
    line: int = 0


class Mistake(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One misconception as an edit of the reference.

    Attributes
    ----------
    caught_by : str
        The check that must reject it.
    misconception : str or None
        Id of the paragraph that explains it, shared with the quizzes.
    variables : tuple of str
        Variables of the reference where the fault sits.
    tells : str
        What the learner reads; ``{name}`` becomes the learner's own name.
    """

    id: str
    function: str
    edits: tuple[EditRecord, ...]
    caught_by: str
    tells: str
    misconception: str | None = None
    variables: tuple[str, ...] = ()
    line: int = 0

    @property
    def changes(self) -> tuple[Edit, ...]:
        """The edits, ready to be applied."""
        return tuple(Edit(edit.find, edit.put) for edit in self.edits)


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All mistakes of one assignment."""

    format: int
    mistakes: tuple[Mistake, ...]
    line: int = 0

    def of(self, function: str) -> tuple[Mistake, ...]:
        """The mistakes of one function."""
        return tuple(entry for entry in self.mistakes if entry.function == function)


def reference_functions(solutions: Path, stubs: Sequence[str]) -> dict[str, FunctionText]:
    """The text of every function of the reference."""
    found: dict[str, FunctionText] = {}
    for stub in stubs:
        path = solutions / stub
        found |= functions_in(path.read_text(encoding="utf-8"), str(path))
    return found


def load_catalogue(path: Path) -> Catalogue:
    """Read a catalogue without applying its edits; an absent file is an empty catalogue."""
    if not path.is_file():
        return Catalogue(1, ())
    node, findings = read_yaml(path)
    reading = Reading(str(path), findings)
    catalogue = reading.record(node, Catalogue) if node is not None else None
    if catalogue is None or reading.findings:
        raise ContentError(sorted(reading.findings, key=lambda finding: finding.line))
    return catalogue


_ID = re.compile(r"""\s*["']?([^\s"'#]+)""")
_FUNCTION = re.compile(r"""\s*["']?(\w+)""")


class MistakeTexts(msgspec.Struct, frozen=True):
    """The entries of one function, not yet parsed: a diagnosis needs but a few of them.

    Attributes
    ----------
    texts : dict
        By the entry's id, in the order of the file.
    """

    path: Path
    function: str
    texts: dict[str, str]

    def parsed(self, ids: Collection[str] | None = None) -> Catalogue:
        """The entries of these ids; all of them where none are given."""
        wanted = [text for name, text in self.texts.items() if ids is None or name in ids]
        if not wanted:
            return Catalogue(1, ())
        node, findings = read_yaml("format: 1\nmistakes:\n" + "".join(wanted))
        reading = Reading(str(self.path), findings)
        catalogue = reading.record(node, Catalogue) if node is not None else None
        return catalogue if catalogue is not None else load_catalogue(self.path)


NO_MISTAKES = MistakeTexts(Path(), "", {})


def mistake_texts(path: Path, function: str) -> MistakeTexts:
    """The entries of one function alone; an absent file has none."""
    return all_mistake_texts(path).get(function, NO_MISTAKES)


def all_mistake_texts(path: Path) -> dict[str, MistakeTexts]:
    """The entries of every function, by its name.

    Entries begin with ``- id:`` in the first column, the other keys two spaces further.
    """
    if not path.is_file():
        return {}
    blocks = ("\n" + path.read_text(encoding="utf-8")).split("\n- id:")[1:]
    found: dict[str, MistakeTexts] = {}
    for block in blocks:
        name = _ID.match(block)
        function = _FUNCTION.match(block.partition("\n  function:")[2])
        if name is not None and function is not None:
            if function[1] not in found:
                found[function[1]] = MistakeTexts(path, function[1], {})
            found[function[1]].texts[name[1]] = f"- id:{block}\n"
    return found


def check_catalogue(
    catalogue: Catalogue,
    path: Path,
    functions: Mapping[str, FunctionText],
    checks: Sequence[str],
    misconceptions: Sequence[str] | None = None,
) -> None:
    """Raise ContentError with every entry that cannot work.

    Parameters
    ----------
    checks : sequence of str
        Ids of the hidden tests.
    misconceptions : sequence of str, optional
        Ids that may be referred to; None where they are not known here.
    """
    reading = Reading(str(path))
    seen: set[str] = set()
    for entry in catalogue.mistakes:
        if entry.id in seen:
            reading.note(entry.line, "unique-id", f"`{entry.id}` is used twice", "rename one")
        seen.add(entry.id)
        _check_entry(entry, reading, functions, checks, misconceptions)
    if reading.findings:
        raise ContentError(reading.findings)


def _check_entry(
    entry: Mistake,
    reading: Reading,
    functions: Mapping[str, FunctionText],
    checks: Sequence[str],
    misconceptions: Sequence[str] | None,
) -> None:
    if entry.caught_by not in checks:
        message = f"there is no check `{entry.caught_by}`"
        reading.note(entry.line, "caught-by", message, closest(entry.caught_by, checks))
    if misconceptions is not None and entry.misconception not in (None, *misconceptions):
        message = f"there is no misconception `{entry.misconception}`"
        mend = closest(entry.misconception or "", misconceptions)
        reading.note(entry.line, "misconception", message, mend)
    function = functions.get(entry.function)
    if function is None:
        message = f"the reference has no function `{entry.function}`"
        reading.note(entry.line, "function", message, closest(entry.function, functions))
        return
    for name in re.findall(r"{(\w+)}", entry.tells) + list(entry.variables):
        if not re.search(rf"\b{re.escape(name)}\b", function.text):
            message = f"`{name}` is no name in {entry.function}"
            reading.note(entry.line, "variable", message, "use a name of the reference")
    try:
        if edited(function, entry.changes) == function.text:
            raise EditError("the edits change nothing")
    except EditError as error:
        reading.note(entry.line, "edit", str(error), "copy `find` from the reference")
