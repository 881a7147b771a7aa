"""Names for the parts of what a function returns, so that messages can speak of them.

A label is a name (``"a_next"``), a pair of a name and the labels of a tuple
(``("cache", ("a_next", "a_prev"))``), or a pair of a name and ``each(label)`` for a list.
Dictionaries label themselves by their keys.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class Each(msgspec.Struct, frozen=True):
    """Every item of a list has this label."""

    label: Label


Label: TypeAlias = "str | tuple[str, Labels]"
Labels: TypeAlias = "tuple[Label, ...] | Each"


def each(label: Label) -> Each:
    """Label every item of a list alike."""
    return Each(label)


def name_of(label: Label) -> str:
    """The name that a label gives to the value itself."""
    return label if isinstance(label, str) else label[0]


def inner(label: Label | None) -> Labels | None:
    """The labels of what stands inside the value, or None where none are given."""
    return label[1] if isinstance(label, tuple) else None


def label_of_item(labels: Labels | None, index: int) -> Label | None:
    """The label of item ``index`` of a tuple or list."""
    if isinstance(labels, Each):
        return labels.label
    if labels is not None and index < len(labels):
        return labels[index]
    return None
