"""What is kept of a session: a folder with a manifest, the models and what they made."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from grader import __version__
from grader.playing.records import Options, Parameters, Played

FORMAT = 1
MANIFEST = "manifest.json"


def new_folder(results: Path, assignment: str, at: datetime, seed: str) -> Path:
    """Make the folder of a session: ``results/<assignment>/<time>-<seed>``."""
    name = f"{at:%Y%m%d-%H%M%S}-{re.sub(r'[^A-Za-z0-9_-]', '_', seed)[:40]}"
    place, number = results / assignment / name, 1
    while place.exists():
        number += 1
        place = results / assignment / f"{name}-{number}"
    place.mkdir(parents=True)
    return place


def save_model(path: Path, parameters: Parameters) -> None:
    """Write the arrays of a model as ``.npz``; the same model gives the same bytes."""
    named = {name.replace("/", "_"): array for name, array in sorted(parameters.items())}
    with path.open("wb") as file:
        np.savez(file, **named)  # type: ignore[arg-type]


def manifest(
    assignment: str,
    seed: str,
    options: Options,
    source: str,
    at: datetime,
    played: Sequence[tuple[Played, str, str]],
) -> dict[str, Any]:
    """What was done, with which settings, and how to do it again.

    Parameters
    ----------
    source : str
        Whose code was trained.
    played : sequence of Played with the folder of its files and the command to replay it
    """
    return {
        "format": FORMAT,
        "assignment": assignment,
        "at": at.isoformat(timespec="seconds"),
        "seed": seed,
        "options": dict(options),
        "trained": source,
        "versions": {
            "unroll": __version__,
            "python": platform.python_version(),
            "numpy": np.__version__,
        },
        "stages": [_entry(*one) for one in played],
    }


def _entry(played: Played, place: str, replay: str) -> dict[str, Any]:
    judgement, progress = played.judgement, played.progress
    return {
        "stage": played.stage.name,
        "title": played.stage.title,
        "replay": replay,
        "stopped_by": played.stopped or None,
        "steps": progress.step,
        "of_total": progress.of_total,
        "seconds": round(played.seconds, 1),
        "loss": round(progress.loss, 4),
        "validation_bits": progress.best_bits,
        "bits": round(judgement.bits, 4),
        "measure": judgement.measure,
        "grade": judgement.grade,
        "thresholds": dict(judgement.thresholds),
        "counting": {name: round(bits, 4) for name, bits in judgement.counting.items()},
        "shown": dict(judgement.shown),
        "files": [f"{place}{name}" for name in ("model.npz", *played.written.files)],
    }


def write_manifest(folder: Path, content: dict[str, Any]) -> None:
    """Write the manifest as indented JSON."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
