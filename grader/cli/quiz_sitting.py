"""One sitting: plan or resume a session, ask, store every answer at once, sum up."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from grader.cli.exit_codes import Exit
from grader.cli.quiz_desk import Desk, make_screen, new_session, open_desk
from grader.cli.quiz_overview import show_overview
from grader.cli.quiz_plans import Wish, fits, plan_of, questions_json
from grader.cli.quiz_results import feedback_of, show_result
from grader.content.question_library import Library
from grader.quiz.asking import shown_question
from grader.quiz.drawing import Drawn, draw
from grader.quiz.events import Event, SessionPlan, answer_record, answers
from grader.quiz.marking import mark
from grader.quiz.progress import next_plan, progress
from grader.quiz.session import Session, begin, open_sessions, resumed
from grader.quiz.verdicts import Verdict
from grader.store.quiz_store import QuizStore, utc_now
from grader.views.quiz_screens import HELP, Screen

DONT_KNOW = Verdict("wrong", given="don't know")
_CONFIDENCE = "How sure are you? 1 guessed, 2 unsure, 3 sure"


@dataclass(frozen=True)
class Sitting:
    """Everything a session needs while it runs."""

    library: Library
    store: QuizStore
    screen: Screen
    confidence: bool = False
    clock: Callable[[], float] = time.monotonic


def sit(wish: Wish, *, as_json: bool) -> int:
    """Carry out ``quiz``, ``quiz LESSON``, ``--review`` or ``--retry-wrong``."""
    desk = open_desk()
    with desk.store() as store:
        events = store.events()
        state = progress(desk.library, answers(events), utc_now())
        if as_json:
            return questions_json(wish, desk, state, events)
        screen = make_screen(plain=wish.plain)
        sitting = Sitting(desk.library, store, screen, wish.confidence)
        session = _resumed(wish, desk, sitting, events)
        if session is None:
            if wish.bare:
                show_overview(screen, state)
                if not sys.stdin.isatty():
                    return Exit.WORK_TO_DO if state.due() or state.next_bank() else Exit.ALL_RIGHT
                if not next_plan(state, "").plan or screen.ask("Start now?", "yn") != "y":
                    return Exit.WORK_TO_DO if state.due() else Exit.ALL_RIGHT
            session = _started(plan_of(wish, desk, state, events), desk, store)
        if session.done:
            screen.note("Nothing to ask here: nothing is due. `quiz` shows what is next.")
            return Exit.ALL_RIGHT
        return conduct(sitting, session)


def _started(plan: SessionPlan, desk: Desk, store: QuizStore) -> Session:
    session = begin(new_session(), plan, desk.known())
    if not session.done:
        store.add("session", session.id, plan)
    return session


def _resumed(wish: Wish, desk: Desk, sitting: Sitting, events: list[Event]) -> Session | None:
    """The paused session that fits the wish, when the learner wants to go on with it."""
    for event in open_sessions(events):
        plan = msgspec.convert(event.body, SessionPlan)
        if not fits(wish, plan, desk) or event.origin != sitting.store.origin:
            continue
        mine = [one for one in answers(events) if one.session == event.session]
        session = resumed(event.session, plan, mine, desk.known())
        if session.done:  # ended between its last answer and its end mark
            sitting.store.add("end", event.session, {"reason": "done"})
            continue
        place = f"{len(session.asked)} answered, {len(session.queue)} to go"
        sitting.screen.note(f"A session is paused ({plan.target}: {place}).")
        choice = {True: "y", False: "n", None: ""}[wish.resume]
        if wish.bare and not choice and not sys.stdin.isatty():
            sitting.screen.note("`quiz --resume` goes on with it.")
            return None
        choice = choice or sitting.screen.ask("Go on with it?", "yn")
        if choice != "n":
            return session
        sitting.store.add("end", event.session, {"reason": "dropped"})
    return None


def conduct(sitting: Sitting, session: Session) -> int:
    """Ask until the session is done or paused."""
    if session.mode == "week":
        week = sitting.library.week
        sitting.screen.note(
            f"**{week.title}**: {len(session.queue)} questions to go; {week.pass_percent} % "
            "passes. Whether an answer is right is told at the end; there are no hints."
        )
    while not session.done:
        try:
            after = _one(sitting, session)
        except KeyboardInterrupt:
            after = None
        if after is None:
            sitting.screen.note("Paused; everything is stored. Start `quiz` again to go on.")
            return Exit.WORK_TO_DO
        session = after
    sitting.store.add("end", session.id, {"reason": "done"})
    return show_result(sitting.library, sitting.store, sitting.screen, session)


def _one(sitting: Sitting, session: Session) -> Session | None:
    """Ask the current question; None when the learner pauses, before or after it."""
    question = sitting.library.questions[session.current.question]
    drawn = draw(question, session.draw_seed)
    shown = shown_question(drawn, sitting.library)
    if session.mode == "week":
        shown = replace(shown, hints=0)
    place = f"{len(session.asked) + 1} of {len(session.asked) + len(session.queue)}"
    place += ", once more" if session.current.returns else ""
    sitting.screen.question(shown, place)
    begun, hints = sitting.clock(), 0
    while True:
        reply = sitting.screen.reply(shown)
        if reply.command == "pause":
            return None
        if reply.command == "help":
            sitting.screen.note(HELP)
            continue
        if reply.command == "hint":
            hints += _hint(sitting, session, drawn, shown.hints, hints)
            continue
        verdict = DONT_KNOW if reply.command == "unknown" else mark(drawn, reply.typed)
        if verdict.status != "unreadable":
            break
        text = verdict.remarks[0].text
        sitting.screen.note(f"That could not be read, and does not count. {text}")
        shown = replace(shown, how="")  # said just now
    ms = int((sitting.clock() - begun) * 1000)
    confidence = _confidence(sitting) if sitting.confidence else None
    typed = reply.typed[:500]
    answer = answer_record(drawn, verdict, typed, len(session.asked), ms, hints, confidence)
    sitting.store.add("answer", session.id, answer)
    after = session.after(verdict.right)
    if session.mode != "week":
        sitting.screen.feedback(feedback_of(drawn, verdict, sitting.library))
        if not after.done and not sitting.screen.proceed():
            return None
    return after


def _hint(sitting: Sitting, session: Session, drawn: Drawn, allowed: int, used: int) -> int:
    hints = drawn.question.hints[:allowed]
    if used >= len(hints):
        sitting.screen.note("There is no further hint." if hints else "There is no hint here.")
        return 0
    sitting.screen.note(f"Hint {used + 1} of {len(hints)}: {drawn.text(hints[used])}")
    body = {"number": len(session.asked), "question": drawn.question.id, "level": used + 1}
    sitting.store.add("hint", session.id, body)
    return 1


def _confidence(sitting: Sitting) -> int | None:
    level = sitting.screen.ask(_CONFIDENCE, "123")
    return int(level) if level else None
