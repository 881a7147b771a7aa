"""What cold ``grade`` is measured against: the same checks in one process, and a small course.

Every rival runs the very check functions that ``grade`` runs, on the same submission and the
same draws, in its own process and with nothing between the learner's code and the checks.
"""

import ast
import json
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = "building_rnn"
SMALL = {"rnn_cell_forward": 3, "rnn_forward": 3, "lstm_cell_forward": 4}  # ten checks

COMMON = '''
import sys
import zlib
from pathlib import Path

sys.path.insert(0, {root!r})
import numpy as np

from grader.checking.local_student import LocalStudent
from grader.checking.suite import load_suite
from grader.content.code import Code, Loader

COURSE, SUBMISSION = Path({course!r}), Path({submission!r})
EXERCISES = COURSE / "exercises" / {name!r}
SUITE = load_suite({name!r}, COURSE / "solutions" / {name!r}, EXERCISES, {stubs!r})
LOADER = Loader((SUBMISSION, EXERCISES), "submission")
OWN = Code({{stub[:-3]: vars(LOADER.load(stub[:-3])) for stub in {stubs!r}}})
CHECKS = {{check.id: check for check in SUITE.checks}}


def carry_out(name):
    """Run one check on the submission, in this process."""
    draws = np.random.default_rng((1, zlib.crc32(name.encode())))
    student, reference = LocalStudent(OWN), SUITE.reference()
    CHECKS[name].run({{"student": student, "reference": reference, "rng": draws}})
'''

UNITTEST = """
import unittest

from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner


class TestSubmission(unittest.TestCase):
{methods}


if __name__ == "__main__":
    tests = unittest.defaultTestLoader.loadTestsFromTestCase(TestSubmission)
    with open("results.json", "w") as results:
        outcome = JSONTestRunner(visibility="visible", stream=results).run(tests)
    sys.exit(0 if outcome.wasSuccessful() and outcome.testsRun == {count} else 1)
"""


def stubs() -> tuple[str, ...]:
    """File names that a submission to the assignment has."""
    for assignment in _course()["assignments"]:
        if assignment["id"] == ASSIGNMENT:
            return tuple(assignment["stubs"])
    raise LookupError(ASSIGNMENT)


def write_submission(folder: Path, edits: dict[str, list[tuple[str, str]]] | None = None) -> Path:
    """Write the reference as a submission, with texts replaced in some of its files."""
    folder.mkdir(parents=True)
    for name in stubs():
        text = (ROOT / "solutions" / ASSIGNMENT / name).read_text()
        for find, put in (edits or {}).get(name, []):
            if text.count(find) != 1:
                raise ValueError(f"{find!r} stands {text.count(find)} times in {name}")
            text = text.replace(find, put)
        (folder / name).write_text(text)
    return folder


def write_small_course(folder: Path) -> Path:
    """The course with its first assignment cut down to three tasks and ten checks."""
    for half in ("exercises", "solutions"):
        ignore = shutil.ignore_patterns("__pycache__", "checks_*.py", "right_answers")
        shutil.copytree(ROOT / half / ASSIGNMENT, folder / half / ASSIGNMENT, ignore=ignore)
    course = _course()
    for assignment in course["assignments"]:
        if assignment["id"] == ASSIGNMENT:
            assignment["tasks"] = [t for t in assignment["tasks"] if t["id"] in SMALL]
            for task, points in zip(assignment["tasks"], (30, 30, 40), strict=True):
                task["points"] = points
    written = yaml.safe_dump(course, allow_unicode=True, sort_keys=False, width=100)
    (folder / "exercises" / "course.yaml").write_text(written)
    hidden = ROOT / "solutions" / ASSIGNMENT
    for path in sorted(hidden.glob("checks_*.py")):
        text = _cut(path.read_text())
        if text:
            (folder / "solutions" / ASSIGNMENT / path.name).write_text(text)
    return folder


def _course() -> dict:
    return yaml.safe_load((ROOT / "exercises" / "course.yaml").read_text())


def _cut(text: str) -> str:
    """A file of checks with the first few of a task that is kept; empty where none is."""
    tree = ast.parse(text)
    tasks = [_task_of(node) for node in tree.body]
    if any(tasks) and not any(task in SMALL for task in tasks):
        return ""
    seen: dict[str, int] = {}
    kept = []
    for node, task in zip(tree.body, tasks, strict=True):
        seen[task] = seen.get(task, 0) + 1
        if not task or seen[task] <= SMALL.get(task, 0):
            kept.append(node)
    return ast.unparse(ast.Module(kept, [])) + "\n"


def _task_of(node: ast.stmt) -> str:
    """The task of a check, from its decorator; empty for everything else."""
    for decorator in getattr(node, "decorator_list", []):
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "check":
            return next(k.value.value for k in decorator.keywords if k.arg == "task")
    return ""


def check_ids(course: Path) -> list[str]:
    """The names of all checks of the assignment."""
    found = []
    for path in sorted((course / "solutions" / ASSIGNMENT).glob("checks*.py")):
        body = ast.parse(path.read_text()).body
        found += [node.name for node in body if _task_of(node)]
    return found


def write_pytest(folder: Path, course: Path, submission: Path) -> Path:
    """A test file with one test function for every check."""
    tests = [f"def test_{name}():\n    carry_out({name!r})\n" for name in check_ids(course)]
    return _written(folder / "test_submission.py", course, submission, "\n\n".join(tests))


def write_unittest(folder: Path, course: Path, submission: Path) -> Path:
    """A test case of gradescope-utils with one method for every check."""
    names = check_ids(course)
    methods = [f"@weight(1)\ndef test_{n}(self):\n    carry_out({n!r})\n" for n in names]
    body = UNITTEST.format(methods=textwrap.indent("\n".join(methods), "    "), count=len(names))
    return _written(folder / "run_tests.py", course, submission, body)


def _written(path: Path, course: Path, submission: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    head = COMMON.format(
        root=str(ROOT),
        course=str(course),
        submission=str(submission),
        name=ASSIGNMENT,
        stubs=stubs(),
    )
    path.write_text(f"{head}\n\n{body}")
    return path


def install_gradescope(folder: Path) -> str:
    """Install gradescope-utils into ``folder``; why it cannot be, or nothing."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--target", str(folder), "gradescope-utils==0.5.0"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return ""
    return (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]


def summary(report: str) -> tuple[int, bool]:
    """How many checks a JSON report of ``grade`` holds, and whether all of them passed."""
    checks = [check for task in json.loads(report)["tasks"] for check in task["checks"]]
    return len(checks), all(check["status"] == "passed" for check in checks)
