import time
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from grader.content.yaml_records import Reading, convert, load_as, plain
from grader.content.yaml_source import load_yaml, parse_yaml
from grader.errors import ContentError


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("12:30", "12:30"), ("1e-3", 0.001), ("012",
         12),
        ("true", True), ("False", False), ("~", None), ("", None), ("0x1F", 31), ("0o17", 15),
        ("-7", -7), ("+3", 3), (".5", 0.5), ("5.", 5.0), ("1_000", "1_000"), ("2001-01-01",
         "2001-01-01"),
        ("'no'", "no"), ("'1'", "1"), ('"true"', "true"), ("<<", "<<"), (".inf", float("inf")),
        ("1.2.3", "1.2.3"), ("-", None), ("=", "="),
    ],
)  # fmt: skip
def test_scalars_are_read_as_yaml_1_2_core(written: str, value: object) -> None:
    source = f"key: {written}" if written != "-" else "key:"
    read = plain(load_yaml(source))["key"]
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("a: 1\nb: 2\na: 3", "duplicate-key", 3),
        ("a: &x 1", "anchor", 1),
        ("a: &x 1\nb: *x", "alias", 2),
        ("a: 1\nb: !!python/object:os.system x", "tag", 2),
        ("a: 1\n---\nb: 2", "documents", 2),
        ('a: 1\nb: "\\e[31m red"', "control-character", 2),
        ("a: 1\nb: x\x1b[0m", "control-character", 2),
        ("a: |\n  one\n  t\two", "control-character", 3),
        ("a: \"\\u202e\"", "control-character", 1),
        ("a: [1, 2\nb: 3", "syntax", 2),
        ("? [a]\n: 1", "key", 1),
        ("", "empty", 1),
        ("a: " + "9" * 5000, "number", 1),
    ],
)  # fmt: skip
def test_what_must_be_refused_is_told_with_its_line(text: str, rule: str, line: int) -> None:
    _, findings = parse_yaml(text, "f.yaml")
    assert (rule, line) in [(finding.rule, finding.line) for finding in findings]
    assert all(finding.file == "f.yaml" for finding in findings)


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 100_000, "{" * 100_000, "- " * 100_000, "- a\n" * 250_000, "a: " * 100_000,
        "&a " * 100_000, "'" * 900_000, "x" * 900_000 + ": 1", " " * 900_000 + "a", "? " * 200_000,
        "\x1b" * 900_000, "a: \n" * 100_000, "x" * 1_000_001, "#" * 900_000, "!" * 100_000,
        "a: &a [x]\nb: &b [*a,*a]\n" + "c: [*b,*b]\n" * 1000, "[a," * 100_000,
    ],
)  # fmt: skip
def test_hostile_yaml_is_dealt_with_in_seconds(hostile: str) -> None:
    begun = time.process_time()
    _, findings = parse_yaml(hostile, "hostile.yaml")
    assert time.process_time() - begun < 4  # a slow machine under load takes 1.4
    assert len(findings) <= 100


def test_the_pure_python_parser_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: [1, {b: no}]\nc: |\n  x\n"
    fast = load_yaml(text)
    monkeypatch.delattr("yaml.CSafeLoader", raising=False)
    assert load_yaml(text) == fast


def test_all_findings_of_a_file_come_at_once() -> None:
    _, findings = parse_yaml("a: 1\na: 2\nb: &x 3\nc: !t 4\n", "f")
    assert [finding.rule for finding in findings] == ["duplicate-key", "anchor", "tag"]


class Part(msgspec.Struct, frozen=True):
    name: str
    size: float = 1.0
    line: int = 0


class Whole(msgspec.Struct, frozen=True):
    kind: Literal["a", "b"]
    parts: tuple[Part, ...]
    note: str | None = None
    pair: tuple[int, int] = (0, 0)


def test_records_know_their_lines_and_whole_numbers_are_numbers() -> None:
    whole = convert(
        load_yaml("kind: a\nparts:\n- name: x\n- {name: y, size: 2}\npair: [1, 2]"), Whole
    )
    assert [part.line for part in whole.parts] == [3, 4]
    assert whole.parts[1].size == 2.0
    assert whole.pair == (1, 2)


def test_every_wrong_field_is_told_with_a_mend() -> None:
    source = "kind: c\nprats: []\nparts:\n- {name: 3, size: x}\n- 7\nnote: [1]\npair: [1]"
    with pytest.raises(ContentError) as caught:
        convert(load_yaml(source), Whole, "f.yaml")
    told = {(f.line, f.rule) for f in caught.value.findings}
    assert told == {(1, "unknown-value"), (2, "unknown-field"), (4, "wrong-type"), (5,
    "wrong-type"),
                    (6, "wrong-type"), (7, "wrong-type")}  # fmt: skip
    assert "did you mean `parts`?" in str(caught.value)


def test_booleans_are_no_numbers() -> None:
    reading = Reading("f")
    assert reading.record(load_yaml("name: x\nsize: true"), Part) is None
    assert "should be a number" in reading.findings[0].message


def test_findings_of_syntax_and_of_fields_come_together(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text("kind: a\nkind: b\nparts: [{}]\n")
    with pytest.raises(ContentError) as caught:
        load_as(path, Whole)
    assert [f.rule for f in caught.value.findings] == ["duplicate-key", "missing-field"]


def test_a_missing_file_a_folder_and_other_encodings_are_told(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"a: 1\nb: caf\xe9\n")
    for path, rule in [
        (tmp_path / "none.yaml", "unreadable"),
        (tmp_path, "not-a-file"),
        (latin, "not-utf8"),
    ]:
        with pytest.raises(ContentError) as caught:
            load_yaml(path)
        assert caught.value.findings[0].rule == rule
