"""What marking says about one answer."""

from __future__ import annotations

from typing import Literal

import msgspec

Status = Literal["right", "wrong", "unreadable"]


class Remark(msgspec.Struct, frozen=True):
    """One sentence for the learner, and the misconception it speaks to."""

    text: str
    misconception: str | None = None
    kind: str = "why"  # why, power-of-ten, sign, unit, wrong-order, axis, typo, missed


class Verdict(msgspec.Struct, frozen=True):
    """How one answer was marked.

    ``unreadable`` is no wrong answer: `remarks` then says how to write it, and nothing counts.
    `credit` (0 to 1) is feedback only; mastery asks for ``right``. `given` is the answer in a
    stable form for statistics: keys of options in the order of the file, numbers as numbers.
    """

    status: Status
    credit: float = 0.0
    remarks: tuple[Remark, ...] = ()
    given: str = ""
    traps: tuple[str, ...] = ()  # which foreseen wrong answers were given: "option b", "trap 1"

    @property
    def right(self) -> bool:
        """Whether the answer counts as known."""
        return self.status == "right"


def right(given: str, *remarks: Remark) -> Verdict:
    """A right answer."""
    return Verdict("right", 1.0, remarks, given)


def unreadable(how: str) -> Verdict:
    """An answer that cannot be read, and how to write one."""
    return Verdict("unreadable", remarks=(Remark(how, kind="how"),))
