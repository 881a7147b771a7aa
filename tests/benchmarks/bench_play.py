"""What ``play --reference`` reaches, and in how many processor seconds; about two minutes:

python -m pytest tests/benchmarks/bench_play.py -s
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEED = "7"


def played(folder: Path, name: str, stage: str) -> tuple[dict, float]:
    """Manifest's entry of one stage, and the processor seconds of all its processes."""
    for side in ("exercises", "solutions"):
        shutil.copytree(ROOT / side, folder / side, ignore=shutil.ignore_patterns("__pycache__"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "grader.cli", "play", name, "--reference", "--json",
         "--seed", SEED, "--stage", stage],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    (entry,) = json.loads(done.stdout)["stages"]
    print(f"\n{name}/{stage}: {entry['bits']} {entry['measure']}, {entry['seconds']} s training, "
          f"{seconds:.1f} processor s in all, {entry['shown']}")  # fmt: skip
    return entry, seconds


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "stage", "bar", "most"),
    [("dinosaur_island", "plain", 2.50, 30), ("dinosaur_island", "batched", 2.35, 30),
     ("jazz", "solo", 2.25, 60)],
)  # fmt: skip
def test_the_reference_reaches_its_bar_in_time(
    tmp_path: Path, name: str, stage: str, bar: float, most: float
) -> None:
    entry, seconds = played(tmp_path, name, stage)
    assert entry["bits"] <= bar
    assert seconds <= most
    if name == "dinosaur_island":
        assert float(entry["shown"]["names that are new"].rstrip("%")) >= 90
