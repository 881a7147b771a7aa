"""The nodes of a YAML file, and how YAML 1.2 core reads a plain scalar."""

from __future__ import annotations

import re
from typing import TypeAlias

import msgspec

# C0 without newline, DEL, C1, surrogates, and direction overrides: code must read as it runs
FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_NUMBER_START = frozenset("+-.0123456789")
_INT = re.compile(r"[-+]?[0-9]+\Z")
_OCT_HEX = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_SPECIAL = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INFINITE = re.compile(r"([-+]?)\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")

Plain: TypeAlias = bool | int | float | str | None


class Scalar(msgspec.Struct, frozen=True):
    """A single value and where it stands."""

    value: Plain
    line: int


class Items(msgspec.Struct, frozen=True):
    """A YAML sequence."""

    items: list[Node]
    line: int


class Mapping(msgspec.Struct, frozen=True):
    """A YAML mapping; keys are kept as the text that was written."""

    entries: dict[str, Node]
    line: int
    key_lines: dict[str, int] = {}


Node: TypeAlias = Scalar | Items | Mapping


def control_name(character: str) -> str:
    """A sentence that names a forbidden character."""
    names = {"\t": "a tab", "\x1b": "a terminal escape", "\ufeff": "a byte order mark"}
    return f"Contains {names.get(character, 'a control character')} (U+{ord(character):04X})."


def resolve(text: str) -> Plain:
    """The value of an unquoted scalar by the core schema of YAML 1.2 (section 10.3)."""
    if text in _SPECIAL:
        return _SPECIAL[text]
    if text[0] not in _NUMBER_START:
        return text
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    if _OCT_HEX.match(text):
        return int(text, 0)
    infinite = _INFINITE.match(text)
    if infinite is not None:
        return float(text.replace(".", ""))
    return text
