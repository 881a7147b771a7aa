"""Reading the quiz banks: every file, every finding, at once.

library, findings = read_library(Path("quizzes"))     # for authors
library = load_library(Path("quizzes"))                # for learners: raises ContentError
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from grader.content.question_checks import check_question
from grader.content.question_library import Bank, Library, Misconception, Week
from grader.content.question_records import RECORD_OF_TYPE, BankHeader, Question, Record
from grader.content.yaml_records import Reading, closest
from grader.content.yaml_source import Items, Mapping, Node, Scalar, parse_yaml, read_yaml
from grader.errors import ContentError, Finding


class _BankFile(msgspec.Struct, frozen=True, kw_only=True):
    format: Literal[1]
    bank: BankHeader
    questions: Items


class _MisconceptionFile(msgspec.Struct, frozen=True, kw_only=True):
    format: Literal[1]
    misconceptions: tuple[Misconception, ...]


class _WeekFile(msgspec.Struct, frozen=True, kw_only=True):
    format: Literal[1]
    week: Week


def load_library(folder: Path) -> Library:
    """All banks in `folder`; raises ContentError with every finding of every file."""
    library, findings = read_library(folder)
    if findings:
        raise ContentError(findings)
    return library


def read_library(folder: Path) -> tuple[Library, list[Finding]]:
    """All sound questions, and everything that is wrong with the files."""
    findings: list[Finding] = []
    banks: list[Bank] = []
    misconceptions: dict[str, Misconception] = {}
    week = Week()
    for path in sorted(folder.glob("*.yaml")):
        node, found = read_yaml(path)
        reading = Reading(str(path), found)
        if node is not None:
            if path.name.startswith("misconceptions"):
                _add_misconceptions(reading, node, misconceptions)
            elif path.name == "week.yaml":
                record = reading.record(node, _WeekFile)
                week = record.week if record else week
            else:
                bank = _bank(reading, node)
                banks += [bank] if bank else []
        findings += sorted(reading.findings, key=lambda finding: finding.line)
    if not banks and not findings:
        message = "There is no quiz bank in this folder."
        findings.append(Finding(str(folder), 1, "no-banks", message, "add quizzes/<lesson>.yaml"))
    banks.sort(key=lambda bank: (bank.header.lesson, bank.header.id))
    library = Library(banks=tuple(banks), misconceptions=misconceptions, week=week)
    return library, findings + _duplicates(library) + _unknown_misconceptions(library)


def read_bank(text: str, file: str = "<text>") -> tuple[Bank | None, list[Finding]]:
    """One bank from its text, for tests and for importers."""
    node, found = parse_yaml(text, file)
    reading = Reading(file, found)
    bank = _bank(reading, node) if node is not None else None
    return bank, sorted(reading.findings, key=lambda finding: finding.line)


def _bank(reading: Reading, node: Node) -> Bank | None:
    head = reading.record(node, _BankFile)
    if head is None:
        items = node.entries.get("questions") if isinstance(node, Mapping) else None
        for item in items.items if isinstance(items, Items) else ():
            _question(reading, item)  # their findings are wanted too
        return None
    sound: list[Question] = []
    for item in head.questions.items:
        question, before = _question(reading, item), len(reading.findings)
        if question is not None:
            check_question(reading, question, head.bank)
            sound += [question] if len(reading.findings) == before else []
    return Bank(header=head.bank, questions=tuple(sound), file=reading.file)


def _question(reading: Reading, node: Node) -> Question | None:
    if not isinstance(node, Mapping):
        reading.note(node.line, "wrong-type", "A question should be a mapping.", "start with `id:`")
        return None
    kind = node.entries.get("type")
    value = kind.value if isinstance(kind, Scalar) else None
    if not isinstance(value, str) or value not in RECORD_OF_TYPE:
        message = f"`type` is {value!r}, which is not a type of question."
        line = kind.line if kind else node.line
        reading.note(line, "unknown-type", message, closest(str(value), RECORD_OF_TYPE))
        return None
    name = node.entries.get("id")
    where = f"question `{name.value}`" if isinstance(name, Scalar) else "this question"
    return reading.record(node, RECORD_OF_TYPE[value], f"{where} (type {value})")


def _add_misconceptions(reading: Reading, node: Node, known: dict[str, Misconception]) -> None:
    record = reading.record(node, _MisconceptionFile)
    for entry in record.misconceptions if record else ():
        if entry.id in known:
            message = f"The misconception `{entry.id}` is named twice."
            reading.note(entry.line, "duplicate-id", message, "keep one of them")
        known[entry.id] = entry


def _duplicates(library: Library) -> list[Finding]:
    findings: list[Finding] = []
    seen: dict[str, str] = {}
    for bank in library.banks:
        for record, name in [(bank.header, bank.header.id), *((q, q.id) for q in bank.questions)]:
            if name in seen:
                message = f"`{name}` is already used in {seen[name]}."
                findings.append(
                    Finding(bank.file, record.line, "duplicate-id", message, "choose another id")
                )
            seen[name] = f"{bank.file}:{record.line}"
    return findings


def _unknown_misconceptions(library: Library) -> list[Finding]:
    findings = []
    for bank in library.banks:
        for question in bank.questions:
            for line, name in referenced_misconceptions(question):
                if name not in library.misconceptions:
                    message = f"The misconception `{name}` is not described anywhere."
                    mend = closest(name, library.misconceptions)
                    if not mend.startswith("did you"):
                        mend = "add it to quizzes/misconceptions.yaml"
                    findings.append(
                        Finding(bank.file, line, "unknown-misconception", message, mend)
                    )
    return findings


def referenced_misconceptions(record: Record) -> list[tuple[int, str]]:
    """Every (line, misconception id) that a question or a part of it refers to."""
    found: list[tuple[int, str]] = []
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if name == "misconception":
            found += [(record.line, value)] if value else []
            continue
        parts = value.values() if isinstance(value, dict) else value
        for part in parts if isinstance(parts, tuple) or isinstance(value, dict) else ():
            found += referenced_misconceptions(part) if isinstance(part, Record) else []
    return found
