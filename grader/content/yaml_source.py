"""YAML as our content files use it: YAML 1.2 core, every node with its line, all findings at once.

    parse_yaml(text, "course.yaml")  -> (node, findings)   never raises for bad content
    load_yaml(path_or_text)          -> node               raises ContentError with every finding
    load_as(path, Course)            -> record             in yaml_records: typed msgspec Structs

A node is a ``Scalar`` (``value``: None, bool, int, float or str), a ``Items`` (``items``)
or a ``Mapping`` (``entries``: text key -> node, ``key_lines``); each has its ``line``.
PyYAML reads YAML 1.1, where ``no`` is False and ``1e-3`` a text, and lets duplicate keys win
silently; so only its parser events are used (libyaml's when it is there) and scalars are
resolved here. Refused: duplicate keys, anchors, aliases, tags, several documents, depth over
32, files over 1 MB, control characters and terminal escapes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grader.content.yaml_bytes import decoded, file_bytes
from grader.content.yaml_nodes import (
    FORBIDDEN,
    Items,
    Mapping,
    Node,
    Plain,
    Scalar,
    control_name,
    resolve,
)
from grader.errors import ContentError, Finding

__all__ = [
    "LIMIT_BYTES",
    "Items",
    "Mapping",
    "Node",
    "Scalar",
    "load_yaml",
    "parse_yaml",
    "read_yaml",
]

LIMIT_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_NODES = 100_000  # a file of 1 MB that is all structure would cost seconds
MAX_FINDINGS = 100  # beyond this an author reads no further


def load_yaml(source: Path | str, *, limit_bytes: int = LIMIT_BYTES) -> Node:
    """Read one YAML file (a ``Path``) or text (a ``str``) into nodes that know their lines.

    Raises
    ------
    ContentError
        With every finding of the file.
    """
    node, findings = read_yaml(source, limit_bytes=limit_bytes)
    if findings or node is None:
        raise ContentError(findings)
    return node


def read_yaml(
    source: Path | str, *, limit_bytes: int = LIMIT_BYTES
) -> tuple[Node | None, list[Finding]]:
    """Like ``load_yaml``, but hands the findings back beside whatever could be read."""
    if isinstance(source, str):
        return parse_yaml(source, "<text>", limit_bytes=limit_bytes)
    content = file_bytes(source, limit_bytes)
    if isinstance(content, Finding):
        return None, [content]
    return parse_yaml(content, str(source), limit_bytes=limit_bytes)


def parse_yaml(
    content: str | bytes, file: str, *, limit_bytes: int = LIMIT_BYTES
) -> tuple[Node | None, list[Finding]]:
    """Parse text that came from `file`; the node is None when nothing could be built."""
    text = decoded(content, file, limit_bytes)
    if isinstance(text, Finding):
        return None, [text]
    composer = _Composer(file)
    return composer.compose(text), composer.findings


class _StopError(Exception):
    """The rest of the file cannot be understood."""


class _Composer:
    """Builds nodes from parser events with a stack of its own: depth costs no recursion."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def note(self, line: int, rule: str, message: str, mend: str = "") -> None:
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(self.file, line, rule, message, mend))

    def compose(self, text: str) -> Node | None:
        import yaml

        for number, line in enumerate(text.split("\n"), 1):
            for raw in FORBIDDEN.findall(line):
                self.note(number, "control-character", control_name(raw), "remove it")
        if self.findings:
            return None
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        try:
            return self._root(loader)
        except _StopError:
            return None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = ": ".join(part for part in (error.context, error.problem) if part)
            mend = "check indentation and quotes around `: `, ` #`, `{`, `[` and backquotes"
            self.note(mark.line + 1 if mark else 1, "syntax", f"Not valid YAML ({problem}).", mend)
        except (yaml.YAMLError, ValueError) as error:
            self.note(1, "syntax", f"Not valid YAML ({error}).")
        finally:
            loader.dispose()
        return None

    def _root(self, loader: Any) -> Node | None:
        root: Node | None = None
        stack: list[Any] = []  # open nodes: (Items, None) or [Mapping, pending key]
        count = 0
        while True:
            event = loader.get_event()
            kind = type(event).__name__
            if kind == "StreamEndEvent" or event is None:
                break
            if kind == "DocumentStartEvent" and root is not None:
                line = event.start_mark.line + 1
                mend = "keep one document in a file"
                self.note(line, "documents", "A second document starts here.", mend)
                raise _StopError
            node = self._opened(kind, event)
            if node is None:
                if kind in ("SequenceEndEvent", "MappingEndEvent"):
                    stack.pop()
                continue
            count += 1
            if count > MAX_NODES:
                self.note(node.line, "too-many-nodes", f"More than {MAX_NODES:,} values.")
                raise _StopError
            if stack:
                self._place(stack[-1], node)
            else:
                root = node
            if not isinstance(node, Scalar):
                stack.append([node, None, 0])
                if len(stack) > MAX_DEPTH:
                    self.note(node.line, "too-deep", f"Nested more than {MAX_DEPTH} levels deep.")
                    raise _StopError
        if root is None:
            self.note(1, "empty", "The file is empty.")
        return root

    def _opened(self, kind: str, event: Any) -> Node | None:
        if kind == "ScalarEvent":
            line = event.start_mark.line + 1
            self._refuse_anchor_and_tag(event, line)
            return Scalar(self._value(event, line), line)
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            line = event.start_mark.line + 1
            self._refuse_anchor_and_tag(event, line)
            return Mapping({}, line) if kind == "MappingStartEvent" else Items([], line)
        if kind == "AliasEvent":
            line = event.start_mark.line + 1
            message = f"`*{event.anchor}`: aliases are not used here."
            self.note(line, "alias", message, "write the value out, or put the text in quotes")
            return Scalar(None, line)
        return None

    def _refuse_anchor_and_tag(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            mend = "write the value out, or put the text in quotes"
            self.note(line, "anchor", f"`&{event.anchor}`: anchors are not used here.", mend)
        if event.tag is not None:
            self.note(line, "tag", f"`{event.tag[:60]}`: tags are not used here.", "remove it")

    def _value(self, event: Any, line: int) -> Plain:
        text: str = event.value
        bad = FORBIDDEN.search(text)
        if bad is not None:
            self.note(line, "control-character", control_name(bad.group()), "remove it")
        if not event.implicit[0]:  # quoted or block: a text
            return text
        try:
            return resolve(text)
        except ValueError:
            self.note(line, "number", "This number has too many digits.")
            return 0

    def _place(self, frame: list[Any], node: Node) -> None:
        """Put `node` into the open sequence, or take it as key or value of the open mapping."""
        parent = frame[0]
        if isinstance(parent, Items):
            parent.items.append(node)
            return
        if frame[2] == 0:
            frame[1], frame[2] = self._key(parent, node), 1
            return
        if frame[1] is not None:
            parent.entries[frame[1]] = node
        frame[1], frame[2] = None, 0

    def _key(self, parent: Mapping, node: Node) -> str | None:
        if not isinstance(node, Scalar):
            self.note(node.line, "key", "A key must be a single text.", "put it in quotes")
            return None
        key = "" if node.value is None else str(node.value)
        if key in parent.key_lines:
            message = f"`{key}` stands here twice (first in line {parent.key_lines[key]})."
            self.note(node.line, "duplicate-key", message, "keep one of them")
            return None
        parent.key_lines[key] = node.line
        return key
