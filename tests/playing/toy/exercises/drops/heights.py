"""Given: where a drop starts."""

from pathlib import Path


def first_height():
    with open(Path(__file__).with_name("heights.txt")) as file:
        return float(file.read())
