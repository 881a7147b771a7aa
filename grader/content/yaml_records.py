"""From YAML nodes to frozen, typed records: every finding of a file at once.

    class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
        title: str
        tasks: tuple[Task, ...]
        note: str = ""
        line: int = 0            # a field named `line` is filled with the line of its mapping

    course = load_as(Path("course.yaml"), Course)       # raises ContentError(findings)
    reading = Reading("course.yaml")                     # or collect over several files:
    course = reading.record(node, Course)                # None when something was wrong
    reading.findings

Types understood: str, int, float, bool, None, ``X | Y``, Literal, list, tuple[X, ...],
tuple[X, Y], dict[str, X], Struct, ``Node`` (left as it is) and Any (plain Python values).
A whole number is taken for a float; nothing else is converted silently.
"""

from __future__ import annotations

import types
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from grader.content.yaml_source import LIMIT_BYTES, Items, Mapping, Node, Scalar, read_yaml
from grader.errors import ContentError, Finding

T = TypeVar("T", bound=msgspec.Struct)

_NAMES = {str: "a text", int: "a whole number", float: "a number", bool: "true or false",
          type(None): "nothing", list: "a list", tuple: "a list", dict: "a mapping"}  # fmt: skip
_NODE_TYPES = frozenset({Scalar, Items, Mapping})


class _RefusedError(Exception):
    """A value was wrong; the finding is already noted."""


def load_as(path: Path, kind: type[T], *, limit_bytes: int = LIMIT_BYTES) -> T:
    """Read a YAML file as a record of `kind`; raises ContentError with every finding."""
    node, findings = read_yaml(path, limit_bytes=limit_bytes)
    reading = Reading(str(path), findings)
    record = reading.record(node, kind) if node is not None else None
    if record is None or reading.findings:
        raise ContentError(sorted(reading.findings, key=lambda finding: finding.line))
    return record


def convert(node: Node, kind: type[T], file: str = "<text>") -> T:
    """A record of `kind` from a node; raises ContentError with every finding."""
    reading = Reading(file)
    record = reading.record(node, kind)
    if record is None:
        raise ContentError(reading.findings)
    return record


def closest(word: str, known: Iterable[str]) -> str:
    """A "did you mean" for `word`, or the list of what there is."""
    import difflib  # only for what went wrong

    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(names) or 'nothing'}"


def plain(node: Node) -> Any:
    """The node as ordinary Python values."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.entries.items()}


class Reading:
    """One file being read: converts nodes and gathers what is wrong with them."""

    def __init__(self, file: str, findings: Iterable[Finding] = ()) -> None:
        self.file = file
        self.findings: list[Finding] = list(findings)

    def note(self, line: int, rule: str, message: str, mend: str = "") -> None:
        """Add one finding of this file."""
        self.findings.append(Finding(self.file, line, rule, message, mend))

    def record(self, node: Node, kind: type[T], where: str = "the file") -> T | None:
        """A record of `kind`, or None when anything in it was wrong (see ``findings``)."""
        try:
            made = self._struct(node, kind, where)
        except _RefusedError:
            return None
        assert isinstance(made, kind)
        return made

    def _struct(self, node: Node, kind: Any, where: str) -> Any:
        if not isinstance(node, Mapping):
            raise self._wrong(node, "a mapping", where)
        fields = _fields(kind)
        values: dict[str, Any] = {}
        sound = True
        for key, child in node.entries.items():
            field = fields.get(key)
            if field is None or key == "line":
                mend = closest(key, fields.keys() - {"line"})
                message = f"`{key}` is not a field of {where}."
                self.note(node.key_lines[key], "unknown-field", message, mend)
                sound = False
                continue
            try:
                values[field.name] = self._value(child, field.type, f"`{key}`")
            except _RefusedError:
                sound = False
        for key, field in fields.items():
            if key == "line":
                values["line"] = node.line
            elif field.required and key not in node.entries:
                message = f"`{key}` is missing in {where}."
                self.note(node.line, "missing-field", message, f"add `{key}:`")
                sound = False
        if not sound:
            raise _RefusedError
        return kind(**values)

    def _value(self, node: Node, kind: Any, where: str) -> Any:
        if kind is Any:
            return plain(node)
        if kind in _NODE_TYPES or kind is Node:
            return node
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self._struct(node, kind, where)
        origin = get_origin(kind)
        if origin is Literal:
            return self._literal(node, get_args(kind), where)
        if origin is Union or origin is types.UnionType:
            return self._union(node, get_args(kind), where)
        if origin in (list, tuple):
            return self._list(node, origin, get_args(kind), where)
        if origin is dict:
            return self._dict(node, get_args(kind)[1], where)
        return self._scalar(node, kind, where)

    def _scalar(self, node: Node, kind: Any, where: str) -> Any:
        if isinstance(node, Scalar) and _fits(node.value, kind):
            return float(node.value) if kind is float else node.value  # type: ignore[arg-type]
        raise self._wrong(node, _NAMES.get(kind, str(kind)), where)

    def _literal(self, node: Node, allowed: tuple[Any, ...], where: str) -> Any:
        value = node.value if isinstance(node, Scalar) else None
        for choice in allowed:
            if type(choice) is type(value) and choice == value:
                return choice
        message = f"{where} is {_shown(node)}, which is not one of its values."
        self.note(node.line, "unknown-value", message, closest(str(value), map(str, allowed)))
        raise _RefusedError

    def _union(self, node: Node, choices: tuple[Any, ...], where: str) -> Any:
        """The first choice of the right outer kind decides; so a deep fault is told once."""
        for choice in choices:
            if _outer_fits(node, choice):
                return self._value(node, choice, where)
        expected = " or ".join(dict.fromkeys(_described(choice) for choice in choices))
        raise self._wrong(node, expected, where)

    def _list(self, node: Node, origin: Any, args: tuple[Any, ...], where: str) -> Any:
        if not isinstance(node, Items):
            raise self._wrong(node, "a list", where)
        many = origin is list or (len(args) == 2 and args[1] is Ellipsis)
        kinds = [args[0]] * len(node.items) if many else list(args)
        if len(kinds) != len(node.items):
            raise self._wrong(node, f"a list of {len(kinds)} values", where)
        made = []
        for item, kind in zip(node.items, kinds, strict=True):
            try:
                made.append(self._value(item, kind, f"an entry of {where}"))
            except _RefusedError:
                continue
        if len(made) != len(kinds):
            raise _RefusedError
        return origin(made)

    def _dict(self, node: Node, kind: Any, where: str) -> Any:
        if not isinstance(node, Mapping):
            raise self._wrong(node, "a mapping", where)
        made = {}
        for key, child in node.entries.items():
            try:
                made[key] = self._value(child, kind, f"`{key}` of {where}")
            except _RefusedError:
                continue
        if len(made) != len(node.entries):
            raise _RefusedError
        return made

    def _wrong(self, node: Node, expected: str, where: str) -> _RefusedError:
        quoted = expected == "a text" and isinstance(node, Scalar) and node.value is not None
        mend = "put it in quotes" if quoted else ""
        message = f"{where} should be {expected}, but is {_shown(node)}."
        self.note(node.line, "wrong-type", message, mend)
        return _RefusedError()


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}


def _fits(value: Any, kind: Any) -> bool:
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return type(value) is kind


def _outer_fits(node: Node, kind: Any) -> bool:
    origin = get_origin(kind)
    if kind is Any or kind in _NODE_TYPES:
        return kind is Any or isinstance(node, kind)
    if isinstance(node, Items):
        return origin in (list, tuple)
    if isinstance(node, Mapping):
        return origin is dict or (isinstance(kind, type) and issubclass(kind, msgspec.Struct))
    if origin is Literal:
        return any(type(node.value) is type(item) and node.value == item for item in get_args(kind))
    return _fits(node.value, kind)


def _described(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return " or ".join(f"`{item}`" for item in get_args(kind))
    return _NAMES.get(get_origin(kind) or kind, "a mapping")


def _shown(node: Node) -> str:
    if isinstance(node, Items):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    if node.value is None:
        return "empty"
    text = repr(node.value) if isinstance(node.value, str) else str(node.value).lower()
    kind = _NAMES[type(node.value)]
    return f"{kind} ({text if len(text) <= 40 else text[:37] + '...'})"
