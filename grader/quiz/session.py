"""One sitting as a state machine: a queue of questions, in which wrong ones come back.

A session is a value: ``after`` gives the next one. It is rebuilt exactly from its plan and the
answers so far, so nothing but answers needs to be stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from grader.quiz.events import Answered, Event, Mode, SessionPlan

OTHERS_BETWEEN = 3  # a wrong item returns after at least three others
MOST_RETURNS = 3  # then it rests until another day


@dataclass(frozen=True)
class Entry:
    """A question in the queue; `returns` counts how often it came back."""

    question: str
    returns: int = 0


@dataclass(frozen=True)
class Session:
    """Where a sitting stands; equal histories give equal sessions."""

    id: str
    mode: Mode
    target: str
    seed: str
    queue: tuple[Entry, ...]
    asked: tuple[tuple[str, bool], ...] = ()  # (question, right), in order

    @property
    def done(self) -> bool:
        """Whether nothing is left to ask."""
        return not self.queue

    @property
    def current(self) -> Entry:
        """What is asked now."""
        return self.queue[0]

    @property
    def draw_seed(self) -> str:
        """The seed of the current draw; a question that returns is drawn anew."""
        return f"{self.seed}.{len(self.asked)}"

    @property
    def score(self) -> tuple[int, int]:
        """First tries that were right, and questions tried."""
        first: dict[str, bool] = {}
        for question, right in self.asked:
            first.setdefault(question, right)
        return sum(first.values()), len(first)

    def after(self, right: bool) -> Session:
        """The session after the current question was answered."""
        entry, rest = self.queue[0], self.queue[1:]
        asked = (*self.asked, (entry.question, right))
        if not right and self.mode in ("practice", "review") and entry.returns < MOST_RETURNS:
            rest = _with_return(entry, rest, self.asked)
        return replace(self, queue=rest, asked=asked)


def _with_return(
    entry: Entry, rest: tuple[Entry, ...], asked: tuple[tuple[str, bool], ...]
) -> tuple[Entry, ...]:
    """Put `entry` behind three others; near the end, known questions fill the gap.

    Fillers are questions that were right when last asked, the longest ago first. They do not
    come back themselves, so a sitting ends. With too few of them, `entry` waits for next time.
    """
    waiting = {entry.question, *(other.question for other in rest)}
    latest = dict(asked)  # in the order of first asking
    known = [question for question, right in latest.items() if right and question not in waiting]
    missing = max(0, OTHERS_BETWEEN - len(rest))
    if len(known) < missing:
        return rest
    others = rest + tuple(Entry(question, MOST_RETURNS) for question in known[:missing])
    back = Entry(entry.question, entry.returns + 1)
    return (*others[:OTHERS_BETWEEN], back, *others[OTHERS_BETWEEN:])


def begin(session_id: str, plan: SessionPlan, known: Collection[tuple[str, int]]) -> Session:
    """A fresh session, without questions that left the banks or have a new rev."""
    queue = tuple(Entry(question) for question, rev in plan.plan if (question, rev) in known)
    return Session(session_id, plan.mode, plan.target, plan.seed, queue)


def resumed(
    session_id: str,
    plan: SessionPlan,
    answered: Iterable[Answered],
    known: Collection[tuple[str, int]],
) -> Session:
    """The session as it stood after `answered` (in any order; doubles count once)."""
    session = begin(session_id, plan, known)
    by_number = {one.answer.number: one.answer for one in answered}
    for number in sorted(by_number):
        answer = by_number[number]
        if session.done:
            break
        if session.current.question == answer.question:
            session = session.after(answer.right)
        else:  # its question has left the bank: keep the count, so that seeds stay in step
            session = replace(session, asked=(*session.asked, (answer.question, answer.right)))
    return session


def open_sessions(events: list[Event]) -> list[Event]:
    """Session events without an end, newest first."""
    ended = {event.session for event in events if event.kind == "end"}
    started = [e for e in events if e.kind == "session" and e.session not in ended]
    return sorted(started, key=lambda event: event.at, reverse=True)
