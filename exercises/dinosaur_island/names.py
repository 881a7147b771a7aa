"""The list of dinosaurs: reading it, spelling with indices, and the fixed split. Given."""

import hashlib
from pathlib import Path

NEWLINE = "\n"
LETTERS = NEWLINE + "abcdefghijklmnopqrstuvwxyz"  # the newline has index 0, as it sorts first


def read_names(path=None):
    """The names of a file, one a line, lower case.

    Parameters
    ----------
    path : path or str, optional
        `dinosaurs.txt` beside this module where it is left out.

    Raises
    ------
    ValueError
        Where a line holds anything but the letters a-z.
    """
    path = Path(path) if path else Path(__file__).with_name("dinosaurs.txt")
    with open(str(path), encoding="utf-8") as file:  # a sandbox serves texts by name
        names = file.read().lower().split()
    for name in names:
        if not set(name) <= set(LETTERS[1:]):
            raise ValueError(f"{path.name}: {name!r} has other characters than a-z; respell it")
    return names


def char_to_ix():
    """Index of every letter: newline 0, a 1, ..., z 26."""
    return {letter: index for index, letter in enumerate(LETTERS)}


def ix_to_char():
    """Letter of every index."""
    return dict(enumerate(LETTERS))


def spell_out(name):
    """Indices of the letters of a name and of the newline that ends it."""
    table = char_to_ix()
    return [table[letter] for letter in name + NEWLINE]


def split_names(names):
    """Divide names into train, validation and test: about 80, 10 and 10 of every hundred.

    A name's place hangs on nothing but its own letters, so a longer list moves no name.

    Returns
    -------
    dict
        Lists under "train", "validation" and "test", each in the order given.
    """
    parts = {"train": [], "validation": [], "test": []}
    for name in names:
        parts[part_of(name)].append(name)
    return parts


def part_of(name):
    """Which part of the split a name belongs to, decided by a hash of it."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % 100
    if number < 80:
        return "train"
    return "validation" if number < 90 else "test"
