"""The bars of cold commands, measured against other ways to run the same checks.

    python3 run.py python tests/benchmarks/bench_cold_grade.py [--rounds 11] [--json]

All sides take turns (A, B, C, A, B, C ...) after one round that warms up: every file's byte code
is there then, unless PYTHONDONTWRITEBYTECODE keeps Python from writing it, which all sides feel
alike; each run is a fresh process. Shown are medians; a ratio is the median of the
ratios of neighbours. Exit status 1 where a bar is missed. Takes two minutes.
"""

import argparse
import json
import statistics
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from cold_measures import Side, interleaved, median_cpu, median_ratio, median_wall, peak_memory, run
from cold_rivals import (
    ASSIGNMENT,
    ROOT,
    check_ids,
    install_gradescope,
    summary,
    write_pytest,
    write_small_course,
    write_submission,
    write_unittest,
)

HELP_MS, DIAGNOSIS_MS, MEMORY_MB = 150.0, 150.0, 120.0
TEN = 10
COMMANDS = ("grade", "quiz", "play", "teach")
# One mistake of the catalogue, and one that is not in it.
WRONG = {
    "lstm.py": [("    a_next = a0\n", "    a_next = np.zeros((n_a, m))\n")],
    "rnn.py": [
        (
            "a_next = np.tanh(Waa @ a_prev + Wax @ xt + ba)",
            "a_next = np.tanh(Waa @ a_prev + Wax @ xt + ba) ** 3 + 0.25 * a_prev",
        )
    ],
}


@dataclass(frozen=True)
class Row:
    """One line of the table; ``bar`` is None where it is shown for information only."""

    what: str
    value: float | None
    unit: str
    bar: float | None
    detail: str

    @property
    def missed(self) -> bool:
        """Whether the bar is missed; what could not be measured misses none."""
        return self.bar is not None and self.value is not None and self.value > self.bar


def sides_in(folder: Path) -> tuple[list[Side], str]:
    """Everything that takes turns, and why a rival is missing, if it is."""
    right = write_submission(folder / "right")
    wrong = write_submission(folder / "wrong", WRONG)
    small = write_small_course(folder / "small")
    home = {"UNROLL_HOME": str(folder / "home")}
    sides = [
        _grade("grade all", ROOT, right, home),
        _pytest("pytest all", write_pytest(folder / "all", ROOT, right)),
        _pytest("pytest ten", write_pytest(folder / "ten", small, right)),
        _grade("grade ten", small, right, home),  # between its two rivals
    ]
    reason = install_gradescope(folder / "gradescope")
    if not reason:
        path = write_unittest(folder / "cases", small, right)
        packages = {"PYTHONPATH": str(folder / "gradescope")}
        sides.append(Side("gradescope ten", (sys.executable, str(path)), path.parent, packages))
    for mode in ("with", "without"):
        command = (sys.executable, str(Path(__file__).with_name("timed_diagnosis.py")))
        sides.append(Side(f"{mode} diagnosis", (*command, mode, str(wrong)), ROOT, home))
    present = [c for c in COMMANDS if (ROOT / "grader" / "cli" / f"{c}.py").is_file()]
    sides += [_command(f"{name} --help", (name, "--help"), ROOT, home) for name in present]
    return sides, reason


def _grade(name: str, course: Path, submission: Path, home: dict[str, str]) -> Side:
    arguments = ("grade", ASSIGNMENT, "--submission", str(submission), "--json")
    return _command(name, arguments, course, home)


def _command(name: str, arguments: tuple[str, ...], folder: Path, home: dict[str, str]) -> Side:
    """One of our commands as it is typed: the installed script, where there is one."""
    script = Path(sys.executable).with_name(arguments[0])
    start = (
        (str(script),) if script.is_file() else (sys.executable, "-m", "grader.cli", arguments[0])
    )
    return Side(name, (*start, *arguments[1:]), folder, home)


def _pytest(name: str, path: Path) -> Side:
    """Plain pytest: no plugin of ours or of anybody else, no settings, no cache."""
    empty = path.with_name("pytest.ini")
    empty.write_text("[pytest]\n")
    options = ("-q", "-p", "no:cacheprovider", "-c", str(empty), "--rootdir", str(path.parent))
    command = (sys.executable, "-m", "pytest", *options, str(path))
    return Side(name, command, path.parent, {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})


def measured(rounds: int) -> list[Row]:
    """The whole table."""
    with tempfile.TemporaryDirectory() as temporary:
        sides, reason = sides_in(Path(temporary).resolve())
        named = {side.name: side for side in sides}
        _counted(named["grade all"], len(check_ids(ROOT)))
        _counted(named["grade ten"], TEN)
        runs = interleaved(sides, rounds)
        memory = peak_memory(named["grade all"])
    rows = [
        _against(runs, "grade all", "pytest all", 0.7),
        _against(runs, "grade ten", "gradescope ten", 1.0, reason),
        _against(runs, "grade ten", "pytest ten", 0.5),
        _memory_row(memory),
        _diagnosis_row(runs),
    ]
    for name in (name for name in runs if name.endswith("--help")):
        detail = f"cpu {1000 * median_cpu(runs[name]):.0f} ms"
        rows.append(Row(name, 1000 * median_wall(runs[name]), "ms", HELP_MS, detail))
    return rows


def _counted(side: Side, checks: int) -> None:
    """A benchmark that grades nothing would be fast: every check must run, and pass."""
    count, complete = summary(run(side).output)
    if count != checks or not complete:
        raise RuntimeError(f"{side.name} ran {count} of {checks} checks, or not all passed")


def _against(runs: dict, ours: str, theirs: str, bar: float, reason: str = "") -> Row:
    what = f"{ours} / {theirs}"
    if theirs not in runs:
        return Row(what, None, "x", bar, f"SKIPPED: {reason}")
    shown = [
        f"{1000 * median_wall(runs[name]):.0f} ms (cpu {1000 * median_cpu(runs[name]):.0f})"
        for name in (ours, theirs)
    ]
    return Row(what, median_ratio(runs[ours], runs[theirs]), "x", bar, " / ".join(shown))


def _memory_row(memory) -> Row:
    resident = f"sum of RSS {memory.resident / 1e6:.0f} MB"
    if not memory.proportional:
        return Row("memory, grader and workers", memory.resident / 1e6, "MB", MEMORY_MB, resident)
    detail = f"peak of the sum of PSS over the process tree, sampled; {resident}"
    return Row("memory, grader and workers", memory.proportional / 1e6, "MB", MEMORY_MB, detail)


def _diagnosis_row(runs: dict) -> Row:
    with_it = [json.loads(one.output) for one in runs["with diagnosis"]]
    without = [json.loads(one.output) for one in runs["without diagnosis"]]
    extra = [a["ms"] - b["ms"] for a, b in zip(with_it, without, strict=True)]
    cpu = median_cpu(runs["with diagnosis"]) - median_cpu(runs["without diagnosis"])
    named = ", ".join(with_it[0]["diagnoses"]) or "nothing"
    failed = ", ".join(with_it[0]["failed"])
    before = statistics.median(one["ms"] for one in without)
    detail = f"on top of {before:.0f} ms (cpu +{1000 * cpu:.0f} ms); wrong: {failed}; named {named}"
    return Row("diagnosis", statistics.median(extra), "ms", DIAGNOSIS_MS, detail)


def show(rows: list[Row]) -> None:
    """Print the table."""
    print(f"{'what':32} {'measured':>11} {'bar':>9}  {'':6} detail")
    for row in rows:
        value = "-" if row.value is None else f"{row.value:.2f} {row.unit}"
        bar = "" if row.bar is None else f"{row.bar:g} {row.unit}"
        verdict = "MISSED" if row.missed else "" if row.value is None else "ok"
        print(f"{row.what:32} {value:>11} {bar:>9}  {verdict:6} {row.detail}")


def main() -> int:
    """Measure, show, and say by the exit status whether every bar is held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=11, help="runs of every side")
    parser.add_argument("--json", action="store_true", help="write JSON instead of the table")
    options = parser.parse_args()
    rows = measured(options.rounds)
    if options.json:
        print(json.dumps([asdict(row) | {"missed": row.missed} for row in rows], indent=1))
    else:
        show(rows)
    return 1 if any(row.missed for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
