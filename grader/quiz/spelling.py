"""Comparing short texts as a kind reader would: case, blanks, punctuation, one typo."""

from __future__ import annotations

import re
import unicodedata

SHORTEST_FOR_TYPO = 5
MAX_LENGTH = 200


def normal(text: str) -> str:
    """The text without case, accents, quotes, hyphens, articles at its start, extra blanks."""
    folded = unicodedata.normalize("NFKD", text[:MAX_LENGTH]).casefold()
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    plain = re.sub("[`'\"\u2018\u2019\u201c\u201d.,;:!?]", "", plain)
    plain = re.sub(r"^\s*(?:the|a|an)\s+(?=\S)", "", plain)  # before hyphens go: a-cyclic
    return " ".join(re.sub(r"[-\u2010-\u2015_/]", " ", plain).split())


def one_typo_apart(typed: str, wanted: str) -> bool:
    """Whether one letter was changed, left out, added, or two neighbours exchanged.

    Words of fewer than five letters allow none; neither do digits and signs.
    """
    if typed == wanted or abs(len(typed) - len(wanted)) > 1:
        return False
    typed_words, wanted_words = typed.split(" "), wanted.split(" ")
    if len(typed_words) != len(wanted_words):
        return typed.replace(" ", "") == wanted.replace(" ", "")
    pairs = zip(typed_words, wanted_words, strict=True)
    differing = [(a, b) for a, b in pairs if a != b]
    if len(differing) != 1:
        return False
    one, other = differing[0]
    if len(other) < SHORTEST_FOR_TYPO or not (one.isalpha() and other.isalpha()):
        return False
    return _one_edit(one, other)


def _one_edit(one: str, other: str) -> bool:
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    if len(one) == len(other):
        exchanged = one[start : start + 2] == other[start : start + 2][::-1]
        return one[start + 1 :] == other[start + 1 :] or (
            exchanged and one[start + 2 :] == other[start + 2 :]
        )
    shorter, longer = sorted((one, other), key=len)
    return shorter[start:] == longer[start + 1 :]
