"""Reading numbers as people write them: ``1/3``, ``2.5e-1``, ``1_000``, ``2×10^5``, ``40 %``."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

_DIGITS = r"(?:[0-9]+(?:[_ '\u2019][0-9]{3})+|[0-9]+(?:_[0-9]+)*)"
_DECIMAL = rf"(?:{_DIGITS}(?:\.[0-9]*)?|\.[0-9]+)"
_POWER = r"(?:[eE]\s*[-+]?[0-9]{1,3}|\s*(?:\*|x|X)\s*10\s*(?:\^|\*\*)\s*\(?[-+]?[0-9]{1,3}\)?)"
_NUMBER = re.compile(
    rf"(?P<sign>[-+]?)\s*(?:(?P<bare>10\s*(?:\^|\*\*)\s*\(?[-+]?[0-9]{{1,3}}\)?)"
    rf"|(?P<top>{_DECIMAL})(?P<power>{_POWER})?(?:\s*/\s*(?P<bottom>[-+]?{_DECIMAL}))?)"
    r"\s*(?P<unit>%|[^\W\d_][^\d,;()=+-]*)?\Z",
)
_SAME = str.maketrans(
    {"\u2212": "-", "\u2013": "-", "\u2012": "-", "\ufe63": "-", "\uff0d": "-", "\u00d7": "x",
     "\u00b7": "*", "\u22c5": "*", "\u2044": "/", "\u2215": "/", "\u00a0": " ", "\u2009": " ",
     "\u202f": " "}
)  # fmt: skip
_SUPERSCRIPT = re.compile("10([\u207a\u207b]?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+)")
MAX_LENGTH = 80

HOW = "Write a number such as 12, -0.5, 1/3, 2.5e-1 or 1_000."


@dataclass(frozen=True)
class ReadNumber:
    """A number that was typed, and the unit behind it."""

    value: float
    unit: str


def read_number(text: str) -> ReadNumber | None:
    """The number in `text`, or None when it cannot be read as one."""
    cleaned = _ascii(text)
    if not cleaned or len(cleaned) > MAX_LENGTH:
        return None
    found = _NUMBER.match(cleaned)
    if found is None:
        return None
    try:
        value = _magnitude(found)
    except (OverflowError, ZeroDivisionError, ValueError):
        return None
    if not math.isfinite(value):
        return None
    unit = (found["unit"] or "").strip().rstrip(".")
    return ReadNumber(-value if found["sign"] == "-" else value, unit)


def _ascii(text: str) -> str:
    text = _SUPERSCRIPT.sub(lambda m: "10^" + unicodedata.normalize("NFKC", m[1]), text)
    cleaned = text.translate(_SAME).strip().strip("`").removeprefix("=").strip()
    return _without_thousands_commas(cleaned)


def _without_thousands_commas(text: str) -> str:
    """``1,000`` and ``12,345.5`` lose their commas; ``0,5`` keeps it and cannot be read."""
    if re.match(r"[-+]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9,])", text):
        return text.replace(",", "")
    return text


def _magnitude(found: re.Match[str]) -> float:
    if found["bare"]:
        return _power_of_ten(found["bare"][2:])
    value = _digits(found["top"])
    if found["power"]:
        exponent = re.sub(r"^[\s*xX]*10", "", found["power"])
        value = float(f"{value!r}e{_exponent(exponent)}") if value else 0.0
    if found["bottom"]:
        bottom = found["bottom"]
        sign = -1 if bottom.startswith("-") else 1
        value /= sign * _digits(bottom.lstrip("+-"))
    return value


def _power_of_ten(text: str) -> float:
    return float(10.0 ** _exponent(text))


def _exponent(text: str) -> int:
    return int(re.sub(r"[\s^*()eE]", "", text))


def _digits(text: str) -> float:
    return float(re.sub(r"[_ '\u2019]", "", text))
