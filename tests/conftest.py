"""What holds for every test: commands are spoken of as after `source .venv/bin/activate`."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def commands_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget that the tests themselves may have been started through ``run.py``."""
    monkeypatch.delenv("UNROLL_RUN", raising=False)
