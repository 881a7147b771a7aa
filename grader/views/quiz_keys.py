"""Single keys from a terminal, without waiting for Enter."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

ENTER, BACKSPACE, END = "\n", "\x7f", ""


class Keys(Protocol):
    """Where keys come from."""

    def key(self) -> str:
        """The next key; "" when input has ended."""


class TerminalKeys:
    """Keys of a real terminal; its settings are put back after every key."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def key(self) -> str:
        """One key; arrows and other escape sequences are swallowed whole and ignored."""
        with _key_mode(self._descriptor):
            while True:
                byte = os.read(self._descriptor, 1)
                if byte in (b"", b"\x04", b"\0"):  # 0: a Ctrl-D from before the mode changed
                    return END
                if byte == b"\x1b":
                    self._swallow()
                    continue
                if byte in (b"\r", b"\n"):
                    return ENTER
                if byte in (b"\x7f", b"\x08"):
                    return BACKSPACE
                text = byte.decode("latin-1")
                if text.isascii() and text.isprintable():
                    return text.lower()

    def _swallow(self) -> None:
        """Read the rest of an escape sequence (ECMA-48: up to its final byte), and no more."""
        first = self._waiting()
        if first not in (b"[", b"O"):
            return
        byte = self._waiting()
        while byte and not 0x40 <= byte[0] <= 0x7E:
            byte = self._waiting()

    def _waiting(self) -> bytes:
        ready = select.select([self._descriptor], [], [], 0.02)[0]
        return os.read(self._descriptor, 1) if ready else b""


def restore_echo(descriptor: int) -> bool:
    """Make a terminal show and edit lines again that a killed program left without; say if so."""
    import termios

    settings = termios.tcgetattr(descriptor)
    wanted = settings[3] | termios.ECHO | termios.ICANON | termios.ISIG
    if settings[3] == wanted:
        return False
    settings[3] = wanted
    termios.tcsetattr(descriptor, termios.TCSADRAIN, settings)
    return True


@contextmanager
def _key_mode(descriptor: int) -> Iterator[None]:
    import termios
    import tty

    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor, termios.TCSADRAIN)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
