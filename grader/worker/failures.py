"""A learner's exception as data: its text, the learner's own lines, the values in the last one."""

from __future__ import annotations

import re
from types import FrameType, ModuleType, TracebackType
from typing import Any

import numpy as np

_MAX_FRAMES = 20
_MAX_VARIABLES = 12
_NAME = re.compile(r"[A-Za-z_]\w*(?:\[\s*(?:'[^']*'|\"[^\"]*\")\s*\])?")
_ITEM = re.compile(r"(\w+)\[\s*['\"](.*)['\"]\s*\]")


def describe(error: BaseException, texts: dict[str, str]) -> dict[str, Any]:
    """Turn an exception into plain values; frames outside `texts` are left out.

    Returns
    -------
    dict
        ``type``, ``message``, ``frames`` (lists of file, line, function, text; innermost last)
        and ``variables`` (pairs of name and description, of the innermost frame's line).
    """
    own = [place for place in _walk(error.__traceback__) if place[0].f_code.co_filename in texts]
    if len(own) > _MAX_FRAMES:
        own = [*own[: _MAX_FRAMES // 4], *own[-(_MAX_FRAMES * 3 // 4) :]]
    return {
        "type": str(type(error).__name__)[:200],
        "message": text_of(error),
        "frames": [
            [
                frame.f_code.co_filename,
                line,
                frame.f_code.co_name,
                _lines(texts, frame, line, line).strip()[:500],
            ]
            for frame, line, _ in own
        ],
        "variables": _variables(own[-1], texts) if own else [],
    }


def text_of(error: BaseException) -> str:
    """Return an exception's message, whatever its own ``__str__`` does."""
    try:
        return str(error)[:4000]
    except Exception:  # a learner's __str__ may raise anything
        return "(the exception could not be turned into text)"


def _walk(trace: TracebackType | None) -> list[tuple[FrameType, int, int]]:
    places = []
    while trace is not None:
        places.append((trace.tb_frame, trace.tb_lineno, trace.tb_lasti))
        trace = trace.tb_next
    return places


def _lines(texts: dict[str, str], frame: FrameType, first: int, last: int) -> str:
    return "\n".join(texts[frame.f_code.co_filename].splitlines()[first - 1 : last])


def _variables(place: tuple[FrameType, int, int], texts: dict[str, str]) -> list[list[str]]:
    frame, line, instruction = place
    first, last = line, line
    positions = list(frame.f_code.co_positions())
    if 0 <= instruction // 2 < len(positions):
        start, end = positions[instruction // 2][:2]
        first, last = min(start or line, line), min(max(end or line, line), line + 10)
    seen: dict[str, str] = {}
    for match in _NAME.finditer(_lines(texts, frame, first, last)):
        name = match.group()
        words = None if name in seen else _describe(name, frame)
        if words is not None and len(seen) < _MAX_VARIABLES:
            seen[name] = words
    return [[name, words] for name, words in seen.items()]


def _describe(name: str, frame: FrameType) -> str | None:
    item = _ITEM.fullmatch(name)
    base = item.group(1) if item else name
    if base in frame.f_locals:
        value = frame.f_locals[base]
    elif base in frame.f_globals and isinstance(frame.f_globals[base], np.ndarray | int | float):
        value = frame.f_globals[base]
    else:
        return None
    if item:
        if type(value) is not dict:
            return None
        if item.group(2) not in value:
            return "no such key"
        value = value[item.group(2)]
    return kind_of(value)


def kind_of(value: object) -> str | None:
    """Describe a value by kind, dtype and shape; None for what says nothing (a function)."""
    kind = type(value)
    if isinstance(value, np.ndarray):
        plain = np.ndarray.view(value, np.ndarray)
        return f"{plain.dtype} array of shape {plain.shape}"
    if kind in (bool, int, float, complex) or isinstance(value, np.generic):
        return f"{kind.__name__} {repr(value)[:40]}"
    if kind is str:
        return f"str of length {len(str(value))}"
    if value is None:
        return "None"
    if kind in (list, tuple, dict, set):
        return f"{kind.__name__} of {len(value)}"  # type: ignore[arg-type]
    if isinstance(value, ModuleType) or callable(value):
        return None
    return str(kind.__name__)[:100]
