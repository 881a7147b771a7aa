"""A play module of a few numbers: every step lets the drop fall once."""

import time
from pathlib import Path

import numpy as np
from heights import first_height

STAGES = (
    {"name": "slow", "title": "drops that fall", "needs": ("fall",)},
    {"name": "wide", "title": "drops that splash", "needs": ("splash",)},
)
OPTIONS = {
    "temperature": {"default": 1.0, "low": 0.5, "high": 2.0},
    "tune": {"default": "rain", "choices": ("rain", "hail")},
}
TOTAL, PAUSE = 20, 0.02
learner = None
_run = {}


def begin(stage, options, seed):
    rng = np.random.default_rng(seed)
    _run.update(stage=stage, step=0, w=np.array([first_height(), rng.random()]))


def advance(seconds):
    time.sleep(PAUSE)
    function = learner("fall" if _run["stage"] == "slow" else "splash")
    _run["w"] = np.asarray(function(_run["w"]))
    _run["step"] += 1
    bits = float(abs(_run["w"][0]))
    report = {
        "step": _run["step"],
        "of_total": TOTAL,
        "loss": bits,
        "bits": bits,
        "best_bits": bits,
        "samples": [f"drop {bits:.4f}\x1b[2J"],
        "done": _run["step"] == TOTAL,
    }
    return [report]


def best():
    return {"parameters": {"w": _run["w"]}}


def perform(stage, parameters, options, seed):
    return {"falls": [float(parameters["w"][0] * options["temperature"])]}


def look(stage, parameters, options, seed):
    values = np.outer(np.arange(3.0), np.arange(4.0))
    return [
        {
            "title": "wet",
            "rows": ["a", "b", "c"],
            "columns": list("0123"),
            "values": values,
            "note": "how wet",
        },
        {"title": "no picture", "values": None},
    ]


def judge(stage, parameters, options, seed):
    if parameters["w"].shape != (2,):
        raise ValueError("w has two numbers")
    bits = float(abs(parameters["w"][0]))
    return {
        "bits": bits,
        "measure": "bits a drop",
        "grade": "pass" if bits <= 1 else None,
        "thresholds": {"pass": 1.0},
        "counting": {"guessing": 3.0},
        "shown": {"drops that are new": "100%"},
    }


def write(stage, performance, folder, options, seed):
    falls = performance["falls"]
    (Path(folder) / "falls.txt").write_text(f"{options['tune']} {falls[0]:.6f} {seed}\n")
    grid = np.array([[2, 1, 0, 0], [0, 0, 2, 0]])
    roll = {"grid": grid, "highest": 61, "columns_per_bar": 4, "chords": ("C7",)}
    return {"files": ("falls.txt",), "notes": ("It rained.",), "lines": ("plop",), "roll": roll}
