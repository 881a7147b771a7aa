"""Time, processor time and memory of whole commands, for the benchmarks."""

import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.003


@dataclass(frozen=True)
class Side:
    """One command to be measured; ``codes`` are the exit codes of a run that counts."""

    name: str
    command: tuple[str, ...]
    folder: Path
    environment: dict[str, str]
    codes: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Run:
    """What one run took: seconds of wall and processor (children included), and its output."""

    wall: float
    cpu: float
    output: str


def run(side: Side) -> Run:
    """Run a side once, in a process of its own.

    Raises
    ------
    RuntimeError
        With the end of its output, where it ends with another code than expected.
    """
    with tempfile.TemporaryFile() as written:
        begun = time.perf_counter()
        process = _started(side, written)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        written.seek(0)
        output = written.read().decode(errors="replace")
    if process.returncode not in side.codes:
        raise RuntimeError(f"{side.name} ended with {process.returncode}:\n{output[-2000:]}")
    return Run(wall, used.ru_utime + used.ru_stime, output)


def interleaved(sides: list[Side], rounds: int) -> dict[str, list[Run]]:
    """Runs of every side in turn, A, B, C, A, B, C and so on, after one round that warms up."""
    for side in sides:
        run(side)
    runs: dict[str, list[Run]] = {side.name: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            runs[side.name].append(run(side))
    return runs


def median_wall(runs: list[Run]) -> float:
    """The median of the wall seconds."""
    return statistics.median(one.wall for one in runs)


def median_cpu(runs: list[Run]) -> float:
    """The median of the processor seconds."""
    return statistics.median(one.cpu for one in runs)


def median_ratio(ours: list[Run], theirs: list[Run]) -> float:
    """The median of the ratios of wall seconds, each of two runs that were neighbours."""
    return statistics.median(a.wall / b.wall for a, b in zip(ours, theirs, strict=True))


@dataclass(frozen=True)
class Memory:
    """The most that a process and all its descendants held at one sample, in bytes.

    Attributes
    ----------
    proportional : int
        Sum of PSS: a page that several of them share counts once. 0 where Linux does not tell.
    resident : int
        Sum of RSS: a shared page counts once for every process.
    """

    proportional: int
    resident: int


def peak_memory(side: Side) -> Memory:
    """Run a side and sample the memory of its process tree every few milliseconds."""
    with tempfile.TemporaryFile() as written:
        process = _started(side, written)
        proportional = resident = 0
        while process.poll() is None:
            held = [_memory_of(pid) for pid in _tree(process.pid)]
            proportional = max(proportional, sum(pss for pss, _ in held))
            resident = max(resident, sum(rss for _, rss in held))
            time.sleep(SAMPLE_SECONDS)
    return Memory(proportional, resident)


def _started(side: Side, written) -> subprocess.Popen:
    return subprocess.Popen(
        side.command,
        cwd=side.folder,
        env=os.environ | side.environment,
        stdin=subprocess.DEVNULL,
        stdout=written,
        stderr=subprocess.STDOUT,
    )


def _tree(pid: int) -> list[int]:
    try:
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return [pid]
    return [pid, *(found for child in children for found in _tree(child))]


def _memory_of(pid: int) -> tuple[int, int]:
    """PSS and RSS of one process in bytes; zeros when it has just ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0, _resident(pid)
    sizes = {line.split()[0]: int(line.split()[1]) * 1024 for line in lines[1:]}
    return sizes.get("Pss:", 0), sizes.get("Rss:", 0)


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
