"""From a bundle to the request that loads it, and from the report back to a record."""

from __future__ import annotations

from typing import Any

import msgspec

from grader.sandbox.submission import (
    Bundle,
    FoundFunction,
    Limits,
    Loaded,
    LoadNote,
    Module,
    UnsetName,
)
from grader.sandbox.text import clean


class Request(msgspec.Struct, frozen=True):
    """A bundle made ready for the wire."""

    message: dict[str, Any]
    sources: dict[str, str]
    errors: tuple[LoadNote, ...]

    def definitions_only(self) -> dict[str, Any]:
        """Return the message that asks for the definitions of the entries only."""
        modules = [
            [name, units, bool(definitions or entry), entry, []]
            for name, units, definitions, entry, _ in self.message["modules"]
        ]
        return {**self.message, "modules": modules}


def request_of(bundle: Bundle, limits: Limits) -> Request:
    """Decode the sources; a unit that is not UTF-8 is an error and is left out."""
    sources: dict[str, str] = {}
    errors: list[LoadNote] = []
    modules = []
    for module, entry in [(m, True) for m in bundle.entries] + [(m, False) for m in bundle.given]:
        units = []
        for file, text in module.units:
            decoded = _decoded(file, text)
            if isinstance(decoded, LoadNote):
                errors.append(decoded)
                continue
            sources[file] = decoded
            units.append([file, decoded])
        definitions = module.policy == "definitions"
        modules.append([_import_name(module), units, definitions, entry, list(module.made)])
    message = {
        "id": "load",
        "modules": modules,
        "data": dict(bundle.data),
        "driver": bundle.driver,
        "cpu": float(limits.load_seconds),
        "output": limits.stdout_characters,
    }
    return Request(message, sources, tuple(errors))


def _import_name(module: Module) -> str:
    if not module.name or module.name.startswith("grader"):
        raise ValueError(f"a module cannot be called {module.name!r}")
    return module.name


def _decoded(file: str, text: str | bytes) -> str | LoadNote:
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8-sig")
        decoded.encode("utf-8")
    except UnicodeError as error:
        return LoadNote("not-readable", file, 1, "UnicodeError", clean(f"not UTF-8 text: {error}"))
    return decoded


def loaded_from(report: dict[str, Any], errors: tuple[LoadNote, ...], *more: LoadNote) -> Loaded:
    """Read the loader's report, which the submission may have forged; bad parts are dropped."""
    functions = {}
    for item in _lists(report.get("functions"), [str, str, str, int, int, tuple, str]):
        name, module, file, line, last, arguments, digest = item
        words = tuple(clean(a, 200, lines=False) for a in arguments if type(a) is str)
        place = clean(module, 200, lines=False), clean(file, 300, lines=False)
        key = clean(name, 200, lines=False)
        functions[key] = FoundFunction(key, *place, line, last, words, clean(digest, 64))
    notes = [
        LoadNote(clean(kind, 40), clean(file, 300), line, clean(type_name, 200), clean(message))
        for kind, file, line, type_name, message in _lists(
            report.get("notes"), [str, str, int, str, str]
        )
    ]
    lost = tuple(note for note in notes if note.kind == "not-readable")
    kept = tuple(note for note in notes if note.kind != "not-readable")
    stdout = clean(report.get("stdout"), 64 << 10)
    unset = _unset_names(report.get("unset"))
    return Loaded(functions, (*more, *kept), (*errors, *lost), stdout, unset)


def _unset_names(items: Any) -> dict[str, UnsetName]:
    named = [[name, *place] for name, place in items.items()] if type(items) is dict else []
    return {
        clean(name, 200, lines=False): UnsetName(clean(file, 300, lines=False), line, failed)
        for name, file, line, failed in _lists(named, [str, str, int, bool])
    }


def _lists(items: Any, kinds: list[type]) -> list[Any]:
    if type(items) is not list:
        return []
    return [
        item
        for item in items[:2_000]
        if type(item) is list and [type(part) for part in item] == kinds
    ]
