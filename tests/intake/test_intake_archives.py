"""Intake of archives: read in memory, dangerous ones refused whole."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from grader.content.intake.reading import read_submission
from grader.content.intake.submission import Submission
from grader.errors import SubmissionError

RNN = b"def rnn_forward(x):\n    return x\n"
LSTM = b"def lstm_forward(x):\n    return x\n"


def read(tmp_path: Path, data: bytes, name: str) -> Submission:
    (tmp_path / name).write_bytes(data)
    return read_submission(tmp_path / name, ("rnn_forward", "lstm_forward"), ["rnn.py"], [])


def refusal(tmp_path: Path, data: bytes, name: str) -> str:
    before = set(tmp_path.iterdir())
    with pytest.raises(SubmissionError) as caught:
        read(tmp_path, data, name)
    assert set(tmp_path.iterdir()) - before <= {tmp_path / name}
    return str(caught.value)


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = 8) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def zip_member(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.create_system = 3
    return info


def tarred(
    *members: tuple[str, bytes], style: int = tarfile.GNU_FORMAT, mode: str = "w:gz"
) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode, format=style) as archive:  # type: ignore[call-overload]
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def tar_with(kind: bytes, target: str = "rnn.py") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        info = tarfile.TarInfo("link.py")
        info.type, info.linkname = kind, target
        archive.addfile(info)
    return stream.getvalue()


def test_a_zip_of_files_is_a_folder(tmp_path: Path) -> None:
    submission = read(tmp_path, zipped(("rnn.py", RNN), ("lstm.py", LSTM)), "a.zip")
    assert submission.found == {"rnn_forward": ("rnn.py", 1), "lstm_forward": ("lstm.py", 1)}
    assert submission.name == "a.zip"


def test_folders_that_wrap_everything_are_dropped(tmp_path: Path) -> None:
    data = zipped(
        ("__MACOSX/week1/._rnn.py", b"\0"),
        ("week1/", b""),
        ("week1/building/rnn.py", RNN),
        ("week1/building/.git/hook.py", LSTM),
        ("week1/building/old/lstm.py", LSTM),
    )
    submission = read(tmp_path, data, "week1.zip")
    assert submission.found == {"rnn_forward": ("rnn.py", 1)}


def test_one_level_below_is_read_when_the_top_has_nothing(tmp_path: Path) -> None:
    data = zipped(("a/rnn.py", RNN), ("b/lstm.py", LSTM), ("c/d/e.py", b"x = 1"))
    assert len(read(tmp_path, data, "a.zip").found) == 2


@pytest.mark.parametrize("style", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("name", ["a.tar.gz", "a.tgz", "a.tar"])
def test_tar_archives_of_every_format_are_read(tmp_path: Path, name: str, style: int) -> None:
    mode = "w" if name == "a.tar" else "w:gz"
    deep = "d" * 60 + "/" + "e" * 60
    members = ((f"{deep}/rnn.py", RNN), (f"{deep}/lstm.py", LSTM), (f"{deep}/x.csv", b"1"))
    submission = read(tmp_path, tarred(*members, style=style, mode=mode), name)
    assert submission.found == {"rnn_forward": ("rnn.py", 1), "lstm_forward": ("lstm.py", 1)}


@pytest.mark.parametrize("style", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_very_long_names_in_tar_archives_are_read(tmp_path: Path, style: int) -> None:
    members = (("x" * 300 + "/rnn.py", RNN), ("\xe9/lstm.py", LSTM))
    assert len(read(tmp_path, tarred(*members, style=style), "a.tgz").found) == 2


def test_the_last_member_of_a_name_counts(tmp_path: Path) -> None:
    submission = read(tmp_path, tarred(("rnn.py", RNN), ("rnn.py", LSTM)), "a.tgz")
    assert list(submission.found) == ["lstm_forward"]


@pytest.mark.parametrize(
    "name",
    ["../rnn.py", "a/../../rnn.py", "/etc/rnn.py", "C:\\rnn.py", "..\\rnn.py", "\\\\h\\r.py"],
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    assert "outside of the archive" in refusal(tmp_path, zipped((name, RNN)), "a.zip")
    assert "outside of the archive" in refusal(tmp_path, tarred((name, RNN)), "a.tgz")


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO])
def test_links_and_devices_in_a_zip_are_refused(tmp_path: Path, mode: int) -> None:
    data = zipped(("rnn.py", RNN), (zip_member("link.py", mode | 0o777), b"/etc/passwd"))
    assert "a link or a device (link.py)" in refusal(tmp_path, data, "a.zip")


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE],
)
def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path, kind: bytes) -> None:
    assert "a link or a device (link.py)" in refusal(tmp_path, tar_with(kind), "a.tar.gz")


def test_archives_that_unpack_to_far_more_are_refused(tmp_path: Path) -> None:
    zeros = b" " * 15_000_000
    assert "far more than its size" in refusal(tmp_path, zipped(("rnn.py", zeros)), "a.zip")
    assert "far more than its size" in refusal(tmp_path, tarred(("rnn.py", zeros)), "a.tgz")
    many = zipped(*((f"{k}.csv", zeros[:900_000]) for k in range(120)))
    assert "far more than its size" in refusal(tmp_path, many, "many.zip")
    nested = gzip.compress(gzip.compress(zeros))
    assert "damaged" in refusal(tmp_path, nested, "b.tgz")


def test_archives_with_too_many_members_are_refused(tmp_path: Path) -> None:
    started = time.monotonic()
    files = [(f"{number}.py", b"") for number in range(2_001)]
    assert "more than 2000 files" in refusal(tmp_path, zipped(*files), "a.zip")
    assert "more than 2000 files" in refusal(tmp_path, tarred(*files), "a.tgz")
    million = b"PK\x03\x04" + b"PK\x01\x02" * 100_000
    assert "more than 2000 files" in refusal(tmp_path, million, "b.zip")
    assert time.monotonic() - started < 5


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped(("rnn.py", RNN * 50)))
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = (10).to_bytes(4, "little")
    assert "damaged" in refusal(tmp_path, bytes(data), "a.zip")


def test_encrypted_and_exotic_zips_say_what_to_do(tmp_path: Path) -> None:
    data = bytearray(zipped(("rnn.py", RNN)))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in refusal(tmp_path, bytes(data), "a.zip")
    lzma = zipped(("rnn.py", RNN), method=zipfile.ZIP_LZMA)
    assert "make an ordinary zip" in refusal(tmp_path, lzma, "b.zip")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"PK\x03\x04 nonsense", "a.zip"),
        (b"no zip at all", "a.zip"),
        (zipped(("rnn.py", RNN))[:-30], "a.zip"),
        (b"\x1f\x8b nonsense", "a.tar.gz"),
        (tarred(("rnn.py", RNN))[:-10], "a.tar.gz"),
        (gzip.compress(b"print('no tar')"), "a.tar.gz"),
        (gzip.compress(b"x" * 2000), "a.tar.gz"),
        (b"x" * 2000, "a.tar"),
        (tarred(("rnn.py", RNN * 99), mode="w")[:700], "a.tar"),
    ],
)
def test_damaged_archives_are_refused(tmp_path: Path, data: bytes, name: str) -> None:
    assert "damaged" in refusal(tmp_path, data, name)


@pytest.mark.parametrize("record", [b"0 path=a\n", b"-5 path=a\n", b"5", b"99999999999 path=a\n"])
def test_crafted_headers_of_tar_end_in_a_refusal(tmp_path: Path, record: bytes) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        info = tarfile.TarInfo("header")
        info.type, info.size = tarfile.XHDTYPE, len(record)
        archive.addfile(info, io.BytesIO(record))
    started = time.monotonic()
    refusal(tmp_path, stream.getvalue(), "a.tar")
    assert time.monotonic() - started < 2


def test_an_archive_without_code_is_refused(tmp_path: Path) -> None:
    assert "no Python file or notebook" in refusal(tmp_path, zipped(("a.txt", b"x")), "a.zip")
    assert "no Python file or notebook" in refusal(tmp_path, zipped(), "b.zip")
