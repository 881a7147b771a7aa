"""The shape of the engine: floors, doors of the libraries, no cycles, no names of content."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
GRADER = ROOT / "grader"

FLOORS = {
    "": 0,
    "results": 0,
    "errors": 0,
    "lean_start": 0,
    "content": 1,
    "checking": 2,
    "sandbox": 2,
    "grading": 3,
    "quiz": 3,
    "playing": 3,
    "class_run": 4,
    "proof": 4,
    "views": 5,
    "store": 5,
    "cli": 6,
}
OUTSIDE = "worker"

# Each library comes in through one door: the packages that may import it.
DOORS = {
    "rich": {"views"},
    "yaml": {"content"},
    "sqlite3": {"store"},
    "dask": {"class_run"},
    "distributed": {"class_run"},
    "click": {"cli"},
    "watchfiles": {"cli"},
    "fsrs": {"quiz"},
    "jinja2": {"views"},
    "pickle": set(),
    "marshal": set(),
    "shelve": set(),
}


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the engine by its dotted name."""
    found = {}
    for path in sorted(GRADER.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return found


def package_of(module: str) -> str:
    """The floor's name that a module stands on: ``grader.checking.check`` -> ``checking``."""
    return (module.split(".") + [""])[1]


def imports_of(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Names of imported modules (and of what may be a module) with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: relative import"
            assert node.module is not None
            yield node.module, node.lineno
            for alias in node.names:
                if f"{node.module}.{alias.name}" in modules():
                    yield f"{node.module}.{alias.name}", node.lineno


def top_level(tree: ast.Module) -> ast.Module:
    """What runs when the module is imported: no functions, nothing for type checkers only."""
    kept: list[ast.stmt] = []
    for node in tree.body:
        typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not typing_only and not isinstance(node, ast.FunctionDef | ast.ClassDef):
            kept.append(node)
    return ast.Module(kept, [])


def ours(tree: ast.AST) -> list[tuple[str, int]]:
    return [(name, line) for name, line in imports_of(tree) if name.split(".")[0] == "grader"]


def test_every_package_stands_on_a_floor() -> None:
    assert {package_of(name) for name in modules()} <= FLOORS.keys() | {OUTSIDE}


def test_modules_import_lower_floors_only() -> None:
    wrong = []
    for name, tree in modules().items():
        here = package_of(name)
        for other, line in ours(tree):
            there = package_of(other)
            if there == here or there == "":
                continue
            if there == OUTSIDE and FLOORS.get(here, 0) >= FLOORS["checking"]:
                continue
            if here == OUTSIDE or there == OUTSIDE or FLOORS[there] >= FLOORS[here]:
                wrong.append(f"{name}:{line} imports {other}")
    assert wrong == []


def test_worker_needs_the_standard_library_and_numpy_only() -> None:
    allowed = set(sys.stdlib_module_names) | {"numpy", "grader"}
    wrong = [
        f"{name}:{line} imports {other}"
        for name, tree in modules().items()
        if package_of(name) == OUTSIDE
        for other, line in imports_of(tree)
        if other.split(".")[0] not in allowed
        or (other.startswith("grader.") and package_of(other) != OUTSIDE)
    ]
    assert wrong == []


# A lazy import that closes a circle, with its reason.
CLOSING = {
    # Worker.start hands out a PortableWorker, which is a Worker, where there is no fork.
    ("grader.sandbox.worker", "grader.sandbox.portable"),
}


def test_imports_go_round_in_no_circle() -> None:
    """Imports inside functions and for type checkers count as well."""
    # `from package import module` names the package, too, whose own imports are not meant then.
    edges = {
        name: {
            other
            for other, _ in ours(tree)
            if other in modules() and not f"{name}.".startswith(f"{other}.")
        }
        for name, tree in modules().items()
    }
    for name, other in CLOSING:
        edges[name].remove(other)
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path[path.index(name) :], name))
        if name not in done:
            for other in sorted(edges[name]):
                visit(other, (*path, name))
            done.add(name)

    for name in edges:
        visit(name, ())


@pytest.mark.parametrize("library", DOORS)
def test_library_has_one_door(library: str) -> None:
    wrong = [
        f"{name}:{line}"
        for name, tree in modules().items()
        for other, line in imports_of(tree)
        if other.split(".")[0] == library and package_of(name) not in DOORS[library]
    ]
    assert wrong == []


@pytest.mark.parametrize("package", ["", "cli", "content", "errors", "results"])
def test_numpy_is_not_imported_on_the_way_to_a_help_text(package: str) -> None:
    wrong = [
        name
        for name, tree in modules().items()
        if package_of(name) == package
        for other, _ in imports_of(top_level(tree))
        if other.split(".")[0] == "numpy"
    ]
    assert wrong == []


def test_the_package_itself_is_free_to_import() -> None:
    assert not list(imports_of(modules()["grader"]))


# --- names of content


def content_names() -> frozenset[str]:
    course = yaml.safe_load((ROOT / "exercises" / "course.yaml").read_text(encoding="utf-8"))
    assignments = course["assignments"]
    names = {assignment["id"] for assignment in assignments}
    return frozenset(names | {task["id"] for one in assignments for task in one["tasks"]})


def words_of(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Identifiers, and the words of texts that are no documentation."""
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in documentation:
                yield from ((word, line) for word in re.findall(r"\w+", node.value))
        for field in ("id", "attr", "arg", "name"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield value, line


# Words of the language as well, which may be said without meaning the task.
ORDINARY = {"clip", "sample", "optimize", "model"}


def test_no_name_of_content_stands_in_the_engine() -> None:
    names = content_names() - ORDINARY
    assert names
    wrong = [
        f"{module}:{line} {word}"
        for module, tree in modules().items()
        for word, line in words_of(tree)
        if word in names
    ]
    assert wrong == []


# --- what the repository says of the machine it was made on


def tracked_files() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    names = done.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


MACHINE = re.compile(
    rb"/(?:home|Users)/[a-z]\w+/|/root/|/work/|file://(?!/?[<{$\"'`])"
    rb"|https?://[^\s\"'/]*(?:artifactory|nexus|pypi|jfrog|mirror)[^\s\"'/]*"
    rb"|--(?:extra-)?index-url|--trusted-host"
)
# Where such a text is an example of what is to be refused, or of a learner's path.
EXAMPLES = {"tests/test_floors_and_doors.py"}


def test_no_file_names_a_machine_or_a_registry() -> None:
    wrong = []
    for path in tracked_files():
        name = path.relative_to(ROOT).as_posix()
        if name in EXAMPLES:
            continue
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            found = MACHINE.search(line)
            if found:
                wrong.append(f"{name}:{number} {found.group().decode(errors='replace')}")
    assert wrong == []


# --- help texts

HEAVY = {"numpy", "pytest", "rich", "yaml", "msgspec", "jinja2", "sqlite3", "watchfiles"}


def commands() -> list[str]:
    names = ("grade", "quiz", "play", "teach")
    return [name for name in names if (GRADER / "cli" / f"{name}.py").is_file()]


@pytest.mark.parametrize("name", commands())
def test_help_is_written_and_loads_nothing_heavy(name: str, tmp_path: Path) -> None:
    code = (
        "import sys, runpy\n"
        f"sys.argv = ['{name}', '--help']\n"
        "try:\n"
        f"    from grader.cli.{name} import main\n"
        "    main()\n"
        "except SystemExit as ending:\n"
        "    status = ending.code\n"
        "print(status, *sorted(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    status, *loaded = done.stderr.split()
    assert status == "0"
    assert "Usage:" in done.stdout
    assert "--help" in done.stdout
    assert HEAVY & set(loaded) == set()
