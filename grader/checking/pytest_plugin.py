"""Let pytest collect the hidden tests: each check runs against the reference, over many seeds.

``pytest`` alone thus proves that the reference keeps every promise of the course.
``--check-seeds N`` sets how many draws each check sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.checking.check import Check, checks_in
from grader.checking.suite import Suite, load_suite

DEFAULT_SEEDS = 20


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--check-seeds``."""
    group = parser.getgroup("unroll")
    group.addoption("--check-seeds", type=int, default=DEFAULT_SEEDS, help="draws per check")


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    """Collect ``solutions/<assignment>/checks*.py``."""
    hidden = file_path.parent.parent.name == "solutions" and file_path.name.startswith("checks")
    if hidden and file_path.suffix == ".py":
        return ChecksFile.from_parent(parent, path=file_path)
    return None


def suite_of(folder: Path) -> Suite:
    """The suite whose hidden side stands in ``solutions/<assignment>``."""
    exercises = folder.parent.parent / "exercises" / folder.name
    hidden = {"contract", "cases"}
    modules = [
        path.name
        for path in sorted(folder.glob("*.py"))
        if path.stem not in hidden and not path.stem.startswith("checks")
    ]
    return load_suite(folder.name, folder, exercises, modules)


class ChecksFile(pytest.File):
    """One file of hidden tests."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item per check."""
        suite = suite_of(self.path.parent)
        namespace = suite.loader.load(self.path.stem).__dict__
        for check in checks_in(namespace, str(self.path)):
            yield CheckItem.from_parent(self, name=check.id, check=check, suite=suite)


class CheckItem(pytest.Item):
    """One check, run against the reference for every seed."""

    def __init__(self, *, check: Check, suite: Suite, **others: Any) -> None:
        super().__init__(**others)
        self.check = check
        self.suite = suite

    def runtest(self) -> None:
        """Run the check on fresh draws; the first that fails names its seed."""
        for seed in range(self.config.getoption("--check-seeds")):
            try:
                self.check.run(
                    {
                        "student": self.suite.reference(),
                        "reference": self.suite.reference(),
                        "rng": np.random.default_rng(seed),
                    }
                )
            except Exception as error:
                error.add_note(f"with seed {seed}")
                raise

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where pytest says that the check stands."""
        return self.path, self.check.first_line, f"{self.check.task}: {self.check.id}"
