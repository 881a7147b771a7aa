"""Import of GIFT's common subset: choice, several answers, number, short answer, matching."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

LIMIT = 1_000_000
TO_WRITE = "To be written: say what is wrong with this answer."
_TITLE = re.compile(r"::((?:\\.|[^:\\])*)::")
_ANSWER = re.compile(
    r"([=~])(?:%(-?[0-9.]+)%)?((?:\\.|[^=~#\\])*)(?:#((?:\\.|[^=~#\\])*))?", re.DOTALL
)


@dataclass(frozen=True)
class Imported:
    """A quiz file's text, and what could not be carried."""

    yaml: str
    reports: tuple[str, ...]
    carried: int


@dataclass(frozen=True)
class _Choice:
    right: bool
    weight: float
    text: str
    why: str


def unescaped(text: str) -> str:
    """The text without GIFT's backslashes."""
    lined = re.sub(r"(?<!\\)\\n", "\n", text.strip())
    return re.sub(r"\\([\\:#={}~])", r"\1", lined).strip()


def import_gift(text: str, bank_id: str) -> Imported:
    """Turn a GIFT file into a quiz file; reasons that GIFT lacks are marked to be written."""
    reports: list[str] = []
    questions: list[dict[str, Any]] = []
    taken: set[str] = set()
    for number, block in enumerate(_blocks(text[:LIMIT]), 1):
        name, question = _question(block, number, bank_id, reports)
        if question is None:
            continue
        while question["id"] in taken:
            question["id"] += f"-{number}"
        taken.add(question["id"])
        if TO_WRITE in json.dumps(question):
            reports.append(f"{name}: some wrong answers have no feedback; write their `why`")
        questions.append(question)
    head = (
        f"format: 1\nbank: {{id: {bank_id}, title: {json.dumps(bank_id)}, lesson: 1}}\nquestions:\n"
    )
    return Imported(head + "\n".join(map(_yaml, questions)), tuple(reports), len(questions))


def _blocks(text: str) -> list[str]:
    """Questions stand apart by blank lines; one inside braces does not part them."""
    found: list[list[str]] = [[]]
    depth = 0
    for line in text.splitlines():
        if line.lstrip().startswith("//"):
            continue
        if not line.strip() and depth == 0:
            found.append([])
        elif line.startswith("$CATEGORY:"):
            continue
        else:
            found[-1].append(line)
            bare = re.sub(r"\\.", "", line)
            depth = max(0, depth + bare.count("{") - bare.count("}"))
    return [block for lines in found if (block := "\n".join(lines).strip())]


def _question(
    block: str, number: int, bank_id: str, reports: list[str]
) -> tuple[str, dict[str, Any] | None]:
    title = _TITLE.match(block)
    name = unescaped(title[1]) if title else f"question {number}"
    rest = block[title.end() :] if title else block
    body = re.search(r"(?<!\\)\{((?:\\.|[^{}\\])*)\}", rest, re.DOTALL)
    if not block or body is None:
        if block:
            reports.append(f"{name}: no answer in braces; a description is not imported")
        return name, None
    after = rest[body.end() :].strip()
    prompt = re.sub(r"^\[(?:markdown|html|plain|moodle)\]", "", rest[: body.start()].strip())
    prompt += f" ... {after}" if after else ""
    inside, _, general = body[1].partition("####")
    kind, fields = _answers(inside.strip(), reports, name)
    if kind is None:
        return name, None
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower().rpartition(".")[2]).strip("-") or f"q{number}"
    return name, {
        "id": f"{bank_id}.{slug}", "rev": 1, "type": kind,
        "prompt": _template(unescaped(prompt)), **fields,
        "explain": _template(unescaped(general)) or "To be written.",
    }  # fmt: skip


def _answers(inside: str, reports: list[str], name: str) -> tuple[str | None, dict[str, Any]]:
    if re.fullmatch(r"(?:T|F|TRUE|FALSE)(?:#.*)?", inside, re.DOTALL):
        reports.append(f"{name}: true/false needs reasons here; not imported")
        return None, {}
    if not inside:
        reports.append(f"{name}: an essay cannot be marked; not imported")
        return None, {}
    if inside.startswith("#"):
        return _number(inside[1:], reports, name)
    chosen = [
        _Choice(m[1] == "=", float(m[2] or (100 if m[1] == "=" else 0)), unescaped(m[3]),
                unescaped(m[4] or ""))
        for m in _ANSWER.finditer(inside)
    ]  # fmt: skip
    chosen = [one for one in chosen if one.text]
    if not chosen:
        reports.append(f"{name}: its answers cannot be read; not imported")
        return None, {}
    if all(one.right and "->" in one.text for one in chosen):
        halves = (one.text.partition("->") for one in chosen)
        pairs = [{"left": _template(left.strip()), "right": _template(right.strip()),
                  "why": TO_WRITE} for left, _, right in halves]  # fmt: skip
        return "match", {"pairs": pairs}
    if all(one.right for one in chosen):
        return _text(chosen)
    return _choice(chosen)


def _text(chosen: list[_Choice]) -> tuple[str, dict[str, Any]]:
    good = [one.text for one in chosen if one.weight == 100]
    traps = [{"value": _template(one.text), "why": _why(one)} for one in chosen if one.weight < 100]
    first, *others = good or [chosen[0].text]
    return "text", {"answer": first, "accept": others, "traps": traps}


def _choice(chosen: list[_Choice]) -> tuple[str, dict[str, Any]]:
    options = []
    for one in chosen:
        if one.right or one.weight > 0:
            options.append({"text": _template(one.text), "correct": True})
        else:
            options.append({"text": _template(one.text), "why": _why(one)})
    several = sum("correct" in option for option in options) > 1
    return ("multi" if several else "single"), {"options": options}


def _number(inside: str, reports: list[str], name: str) -> tuple[str | None, dict[str, Any]]:
    body = inside if re.match(r"\s*=", inside) else f"={inside}"
    good: list[tuple[float, float]] = []
    traps = []
    for found in _ANSWER.finditer(body):
        read = _value(unescaped(found[3]))
        if read is None:
            reports.append(f"{name}: the number {found[3]!r} cannot be read; not imported")
            return None, {}
        if float(found[2] or 100) == 100:
            good.append(read)
        else:
            one = _Choice(False, 0, "", unescaped(found[4] or ""))
            traps.append({"value": read[0], "why": _why(one)})
    if not good:
        reports.append(f"{name}: no right number; not imported")
        return None, {}
    if not traps:
        reports.append(f"{name}: add at least one trap")
    slack = good[0][1]
    tolerance: Any = {"abs": slack} if slack else "exact"
    rest = [value for value, _ in good[1:]]
    return "numeric", {"answer": good[0][0], "accept": rest, "tolerance": tolerance, "traps": traps}


def _value(text: str) -> tuple[float, float] | None:
    """``5:0.1`` or ``4.9..5.1`` as (value, tolerance)."""
    try:
        if ".." in text:
            low, high = map(float, text.split(".."))
            return (low + high) / 2, (high - low) / 2
        value, _, slack = text.partition(":")
        return _whole(float(value)), float(slack or 0)
    except ValueError:
        return None


def _whole(value: float) -> float:
    return int(value) if value.is_integer() else value


def _why(one: _Choice) -> str:
    return _template(one.why) if len(one.why) >= 15 else TO_WRITE


def _template(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _yaml(question: dict[str, Any]) -> str:
    """A question as YAML: JSON is YAML, so every value is written as JSON."""
    lines = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in question.items()
        if value != [] or key == "traps"
    ]
    return "- " + "\n  ".join(lines) + "\n"
