"""A terminal that a killed program left without echo is put right."""

import os

import pytest

termios = pytest.importorskip("termios")

from grader.views.quiz_keys import restore_echo  # noqa: E402


def test_echo_is_put_back_once() -> None:
    import pty
    import tty

    master, slave = pty.openpty()
    try:
        assert not restore_echo(slave)
        tty.setcbreak(slave)
        assert not termios.tcgetattr(slave)[3] & termios.ECHO
        assert restore_echo(slave)
        flags = termios.tcgetattr(slave)[3]
        assert flags & termios.ECHO
        assert flags & termios.ICANON
        assert not restore_echo(slave)
    finally:
        os.close(master)
        os.close(slave)
