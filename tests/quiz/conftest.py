from pathlib import Path

import pytest

from grader.content.question_library import Library

from .toy import library, make_workspace


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library(make_workspace(tmp_path_factory.mktemp("toy") / "course"))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "course")
