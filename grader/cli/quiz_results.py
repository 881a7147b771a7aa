"""What is said after an answer, and at the end of a session."""

from __future__ import annotations

from grader.cli.exit_codes import Exit
from grader.content.question_library import Library
from grader.quiz.asking import given_in_words, references, shown_question
from grader.quiz.drawing import Drawn, draw
from grader.quiz.events import answers
from grader.quiz.marking import answer_text, explanation, mark
from grader.quiz.progress import progress, week_passed
from grader.quiz.session import Session
from grader.quiz.verdicts import Verdict
from grader.store.quiz_store import QuizStore, utc_now
from grader.views.quiz_screens import Feedback, Screen


def feedback_of(drawn: Drawn, verdict: Verdict, library: Library) -> Feedback:
    """Everything worth saying about one answer."""
    named = dict.fromkeys(remark.misconception for remark in verdict.remarks)
    known = [library.misconceptions[name] for name in named if name in library.misconceptions]
    return Feedback(
        right=verdict.right,
        credit=verdict.credit,
        remarks=tuple(remark.text for remark in verdict.remarks),
        answer=answer_text(drawn),
        explanation=explanation(drawn),
        misconceptions=tuple((one.title, one.text) for one in known),
        references=() if verdict.right else tuple(references(drawn.question, library)),
    )


def show_result(library: Library, store: QuizStore, screen: Screen, session: Session) -> int:
    """Sum up a finished session; the exit code says whether work is left."""
    if session.mode == "week":
        return _week_result(library, store, screen, session)
    right, tried = session.score
    latest = dict(session.asked)
    open_ones = [name for name, is_right in latest.items() if not is_right]
    screen.note(f"Done: {right} of {tried} right at the first try.")
    state = progress(library, answers(store.events()), utc_now())
    if open_ones:
        screen.note(f"Still wrong at the end: {', '.join(open_ones)}. `quiz --retry-wrong`")
    due = [s.due for name, s in state.standings.items() if name in latest]
    if due:
        screen.note(f"The first of these is due again on {min(due).astimezone():%d %B}.")
    return Exit.WORK_TO_DO if open_ones else Exit.ALL_RIGHT


def _week_result(library: Library, store: QuizStore, screen: Screen, session: Session) -> int:
    mine = [one.answer for one in answers(store.events()) if one.session == session.id]
    for number, answer in enumerate(mine, 1):
        question = library.questions.get(answer.question)
        if question is None or question.rev != answer.rev:
            continue
        drawn = draw(question, answer.seed)
        verdict = (
            mark(drawn, answer.typed) if answer.typed else Verdict("wrong", given="don't know")
        )
        screen.question(shown_question(drawn, library), f"{number} of {len(mine)}, looked at again")
        screen.note(f"You answered: {given_in_words(drawn, answer.given) or answer.typed}")
        screen.feedback(feedback_of(drawn, verdict, library))
    right, asked = session.score
    share = round(100 * right / asked) if asked else 0
    passed = week_passed(library, right, asked)
    verdict_text = "**passed**" if passed else "not passed yet"
    screen.note(f"{library.week.title}: {right} of {asked} right, {share} %: {verdict_text}.")
    if not passed:
        screen.note("`quiz --retry-wrong` repeats what was wrong; `quiz week` draws anew.")
    return Exit.ALL_RIGHT if passed else Exit.WORK_TO_DO
