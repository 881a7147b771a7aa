"""`quiz` at a real terminal: single keys, pauses, pulled plugs, narrow windows."""

import os
from pathlib import Path

import pytest

from grader.content.question_library import Library

from .pty_learner import Terminal, current, drawn_now, keys_for
from .soak_kill import soak

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a pseudo-terminal")


def answer(terminal: Terminal, folder: Path, toy: Library, right: bool = True) -> str:
    terminal.wait_for("pause)")
    session = current(folder, toy)
    assert session is not None
    terminal.type(keys_for(drawn_now(session, toy), right))
    terminal.wait_for("\u2713 Right" if right else "\u2717 Not")
    return terminal.wait_for("Enter: next", "Done:")


@pytest.mark.parametrize("columns", [80, 40])
def test_a_whole_lesson_is_answered_with_keys(workspace: Path, toy: Library, columns: int) -> None:
    terminal = Terminal(workspace, ["toy", "--count", "11"], columns)
    while answer(terminal, workspace, toy) != "Done:":
        terminal.type("\n")
    terminal.wait_for("11 of 11 right")
    assert terminal.end() == 0
    assert max(len(line) for line in terminal.text.replace("\r", "\n").split("\n")) <= columns
    assert current(workspace, toy) is None


def test_a_pause_is_resumed_at_the_same_draw(workspace: Path, toy: Library) -> None:
    terminal = Terminal(workspace, ["toy"])
    answer(terminal, workspace, toy)
    terminal.type("q")
    assert terminal.end() == 1
    session = current(workspace, toy)
    assert session is not None
    assert len(session.asked) == 1
    again = Terminal(workspace, [])
    again.wait_for("1 answered, 9 to go")
    again.wait_for("Go on with it? [y/n]")
    again.type("y")
    again.wait_for(drawn_now(session, toy).prompt[:20].replace("*", "").replace("`", ""))
    again.type("q")
    assert again.end() == 1


@pytest.mark.parametrize("stop", ["\x03", "\x04"])
def test_ctrl_c_and_ctrl_d_are_a_pause(workspace: Path, toy: Library, stop: str) -> None:
    terminal = Terminal(workspace, ["toy"])
    terminal.wait_for("pause)")
    terminal.type(stop)
    terminal.wait_for("everything is stored")
    assert terminal.end() == 1


def test_hints_do_not_count_as_answers(workspace: Path, toy: Library) -> None:
    terminal = Terminal(workspace, ["toy"])
    terminal.wait_for("pause)")
    terminal.type("?")
    terminal.wait_for("What is anything times one?")
    terminal.wait_for("pause)")
    terminal.type("?")
    terminal.wait_for("no further hint")
    terminal.type("\x04")
    terminal.end()
    session = current(workspace, toy)
    assert session is not None
    assert session.asked == ()


def test_arrows_and_stray_keys_are_ignored(workspace: Path, toy: Library) -> None:
    terminal = Terminal(workspace, ["toy"])
    terminal.wait_for("pause)")
    terminal.type("\x1b[A")
    terminal.read(0.1)
    terminal.type("z5\x1b[3~")
    terminal.read(0.1)
    session = current(workspace, toy)
    assert session is not None
    terminal.type(keys_for(drawn_now(session, toy), right=True))
    terminal.wait_for("\u2713 Right")
    terminal.kill()


def test_no_color_means_no_colour(workspace: Path) -> None:
    terminal = Terminal(workspace, ["toy"], NO_COLOR="1")
    terminal.wait_for("pause)")
    terminal.kill()
    assert "\x1b[3" not in terminal.raw.replace("\x1b[3m", "")


def test_plain_lines_on_a_terminal_move_nothing(workspace: Path, toy: Library) -> None:
    terminal = Terminal(workspace, ["toy", "--plain"])
    terminal.wait_for("> ")
    terminal.type("a\n")
    terminal.wait_for("A factor near 1 keeps")
    terminal.kill()
    assert "\x1b" not in terminal.raw


def test_no_answer_is_lost_when_the_plug_is_pulled() -> None:
    soak(10, seed=7)
