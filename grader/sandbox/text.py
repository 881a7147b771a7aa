"""Text that a learner's process sent, made fit for terminals, files and logs."""

from __future__ import annotations

import unicodedata

# Bidirectional overrides and isolates, zero-width characters, separators, tags, and the like.
_RANGES = (
    (0x00AD, 0x00AD), (0x061C, 0x061C), (0x180E, 0x180E), (0x200B, 0x200F), (0x2028, 0x202E),
    (0x2060, 0x206F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0xE0000, 0xE007F),
)  # fmt: skip
_HIDDEN = frozenset(point for low, high in _RANGES for point in range(low, high + 1))


def clean(text: object, limit: int = 2_000, *, lines: bool = True) -> str:
    """Escape what could steer a terminal or mislead the eye, and cap the length.

    Parameters
    ----------
    limit
        Characters kept; a longer text ends in an ellipsis.
    lines
        Keep line feeds and tabs; otherwise they are escaped too.
    """
    raw = text if isinstance(text, str) else ""
    cut = raw[:limit]
    if cut.isascii() and cut.isprintable():
        safe = cut
    else:
        kept = "\n\t" if lines else ""
        safe = "".join(c if c in kept or _harmless(c) else _escaped(c) for c in cut)
    return safe + "…" if len(raw) > limit else safe


def _harmless(character: str) -> bool:
    point = ord(character)
    if 0x20 <= point < 0x7F:
        return True
    if point in _HIDDEN:
        return False
    return unicodedata.category(character) not in ("Cc", "Cs", "Cf", "Co", "Cn", "Zl", "Zp")


def _escaped(character: str) -> str:
    point = ord(character)
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
