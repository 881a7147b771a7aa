"""One worker and one copy of the toy course for all tests of the engine.

``pytest tests/engine --rewrite-golden`` writes the golden texts anew; look at the difference
before keeping it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from toy_world import ToyGrader, toy_copy

from grader.sandbox import Worker


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write golden texts anew")


@pytest.fixture(scope="session")
def rewrite_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--rewrite-golden", default=False))


@pytest.fixture(scope="session")
def worker() -> Iterator[Worker]:
    with Worker.start(fresh=True) as worker:
        yield worker


@pytest.fixture
def toy(worker: Worker, tmp_path: Path) -> ToyGrader:
    """Grades sources in a toy course that a test may change."""
    folder = toy_copy(tmp_path / "toy")
    scratch = tmp_path / "handed_in"
    scratch.mkdir()
    return ToyGrader(worker, folder, scratch)


@pytest.fixture
def toy_folder(tmp_path: Path) -> Path:
    """A learner's folder, laid out with the toy course."""
    return toy_copy(tmp_path / "workspace")
