"""From a decoded, untrusted message to an outcome: what is not as agreed is a violation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from grader.sandbox.outcomes import (
    Frame,
    FunctionLocals,
    LimitExceeded,
    Outcome,
    ProtocolViolation,
    Raised,
    Returned,
    TimedOut,
)
from grader.sandbox.text import clean

_MAX_ITEMS = 1_000
_TRACE_LINE = re.compile(r'  File "(.{1,500})", line (\d{1,7}) in (.{1,200})')


class MalformedError(Exception):
    """A reply lacks a field, or has one of the wrong kind."""


def outcome_of(message: dict[str, Any], seconds: float, stdout_limit: int) -> Outcome:
    """Turn a reply into an outcome."""
    try:
        stdout = clean(_take(message, "stdout", str), stdout_limit)
        kind = message.get("kind")
        if kind == "returned":
            return _returned(message, stdout)
        if kind == "raised":
            return Raised(
                clean(_take(message, "type", str), 200, lines=False),
                clean(_take(message, "message", str)),
                frames_of(_take(message, "frames", list)),
                _pairs(_take(message, "variables", list)),
                stdout,
            )
        if kind == "timeout":
            return TimedOut(seconds, frames_of(_take(message, "frames", list)), stdout)
        if kind == "limit":
            return LimitExceeded(clean(_take(message, "which", str), 200, lines=False), stdout)
    except MalformedError as error:
        return ProtocolViolation(str(error))
    return ProtocolViolation("a reply of unknown kind")


def _returned(message: dict[str, Any], stdout: str) -> Returned:
    if "value" not in message:
        raise MalformedError("a reply without a value")
    modified = []
    for item in _take(message, "modified", list)[:_MAX_ITEMS]:
        if type(item) is not tuple or len(item) != 2 or type(item[0]) is not str:
            raise MalformedError("a malformed report of changes")
        modified.append((clean(item[0], 200, lines=False), item[1]))
    aliases = _pairs(_take(message, "aliases", list))
    kept = tuple(map(_function_locals, _take(message, "locals", list)[:_MAX_ITEMS]))
    return Returned(message["value"], tuple(modified), aliases, stdout, kept)


def _function_locals(item: Any) -> FunctionLocals:
    kinds = [type(part) for part in item] if type(item) is list else []
    if kinds != [str, str, int, dict]:
        raise MalformedError("malformed local variables")
    variables = {clean(key, 200, lines=False): value for key, value in item[3].items()}
    name, file = clean(item[0], 200, lines=False), clean(item[1], 300, lines=False)
    return FunctionLocals(name, file, item[2], variables)


def _take(message: dict[str, Any], name: str, kind: type) -> Any:
    value = message.get(name)
    if type(value) is not kind:
        raise MalformedError(f"a reply without {name}")
    return value


def frames_of(items: list[Any]) -> tuple[Frame, ...]:
    """Build frames from lists of file, line, function, text."""
    frames = []
    for item in items[:_MAX_ITEMS]:
        if type(item) is not list or [type(part) for part in item] != [str, int, str, str]:
            raise MalformedError("a malformed frame")
        file, line, function, text = item
        frames.append(
            Frame(
                clean(file, 300, lines=False),
                line,
                clean(function, 200, lines=False),
                clean(text, 500),
            )
        )
    return tuple(frames)


def _pairs(items: list[Any]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for item in items[:_MAX_ITEMS]:
        if type(item) not in (list, tuple) or [type(part) for part in item] != [str, str]:
            raise MalformedError("a malformed pair")
        pairs.append((clean(item[0], 200, lines=False), clean(item[1], 500, lines=False)))
    return tuple(pairs)


def frames_of_trace(text: str, sources: Mapping[str, str]) -> tuple[Frame, ...]:
    """Read the learner's own lines out of a traceback that faulthandler wrote."""
    frames = []
    for file, line, function in _TRACE_LINE.findall(text)[:100]:
        if file in sources:
            lines = sources[file].splitlines()
            number = int(line)
            words = lines[number - 1].strip() if 0 < number <= len(lines) else ""
            frames.append(Frame(file, number, clean(function, 200, lines=False), clean(words, 500)))
    return tuple(reversed(frames))
