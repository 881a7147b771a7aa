"""What is handed to a worker, and what it reports about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Policy = Literal["run", "definitions"]


class Module(msgspec.Struct, frozen=True):
    """One module: a file, or a notebook whose cells share one namespace.

    Attributes
    ----------
    name
        The name others import it by.
    units
        Pairs of display name (shown in messages) and source text.
    policy
        ``"run"`` runs every top-level statement, ``"definitions"`` only imports, functions,
        classes and plain constants.
    made
        Names that are assigned under ``"definitions"`` too, whatever that runs.
    """

    name: str
    units: tuple[tuple[str, str | bytes], ...]
    policy: Policy = "run"
    made: tuple[str, ...] = ()


class Bundle(msgspec.Struct, frozen=True):
    """A submission: the learner's modules, the exercise's given modules and its data files.

    Attributes
    ----------
    driver
        A given module that works with the learner's functions: it is loaded last, finds them
        with ``learner(name)``, and its own functions can be called, too.
    """

    entries: tuple[Module, ...]
    given: tuple[Module, ...] = ()
    data: Mapping[str, bytes] = {}
    driver: str | None = None


class Limits(msgspec.Struct, frozen=True):
    """What one submission may use.

    Without `walls` only the process border and the limits of resources stand (level 1), as on a
    kernel that has no Landlock or seccomp.
    """

    call_seconds: float = 4.0
    session_seconds: int = 10
    load_seconds: float = 5.0
    memory_bytes: int = 2 << 30
    stdout_characters: int = 64 << 10
    open_files: int = 64
    walls: bool = True


class FoundFunction(msgspec.Struct, frozen=True):
    """A function that the learner's files define; `digest` changes when its source does."""

    name: str
    module: str
    file: str
    line: int
    last_line: int
    arguments: tuple[str, ...]
    digest: str


class LoadNote(msgspec.Struct, frozen=True):
    """Something worth telling about the loading.

    Kinds: "raised" (a top-level statement failed; what comes after it was loaded all the same),
    "missing-import" (a library that is not here), "not-readable" (a unit that is no Python),
    "stopped" (the whole file did not finish, so only its definitions were read).
    """

    kind: str
    file: str
    line: int
    type: str
    message: str


class UnsetName(msgspec.Struct, frozen=True):
    """A top-level line that would bind a name: it was left out, or was run and `failed`."""

    file: str
    line: int
    failed: bool


class Loaded(msgspec.Struct, frozen=True):
    """What was found in a submission. `errors` lost code; `notes` did not.

    `unset` are names that the modules lack although a line of them would bind each.
    """

    functions: Mapping[str, FoundFunction]
    notes: tuple[LoadNote, ...] = ()
    errors: tuple[LoadNote, ...] = ()
    stdout: str = ""
    unset: Mapping[str, UnsetName] = {}
