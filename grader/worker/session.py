"""One session: a forked copy of the loaded submission that answers calls until hung up on."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from grader.worker.arguments import Arguments
from grader.worker.calls import OutOfTimeError, StandInError, perform
from grader.worker.codec import CodecError
from grader.worker.sockets import Socket
from grader.worker.submission import Submission
from grader.worker.wire import pack, receive


def serve(channel: Socket, submission: Submission) -> None:
    """Answer calls until the other end closes."""
    while (frame := receive(channel)) is not None:
        request = frame.message()
        identity = request["id"]
        reply = perform(submission, request, Arguments(request["args"]), _asker(channel, identity))
        reply["id"] = identity
        channel.sendall(_packed(reply))


def _packed(reply: dict[str, Any]) -> bytes:
    """Encode a reply; one that is too large says so instead, first without its locals."""
    try:
        return pack(reply)
    except (CodecError, MemoryError, RecursionError) as error:
        problem = str(error) or type(error).__name__
    if reply.get("locals"):
        return _packed({**reply, "locals": []})
    unsendable = {"kind": "limit", "which": f"reply: {problem}", "id": reply["id"]}
    return pack({**unsendable, "stdout": reply.get("stdout", "")})


def _asker(channel: Socket, identity: str) -> Any:
    def ask(name: str, arguments: list[Any], named: dict[str, Any]) -> dict[str, Any]:
        question = {"id": identity, "kind": "ask", "name": name, "args": arguments, "named": named}
        channel.sendall(pack(question))
        answer = receive(channel)
        if answer is None:
            raise StandInError("nobody answered")
        return answer.message()

    return ask


def watch_for_hangs(trace: int) -> None:
    """Make SIGPROF write where the code is into `trace`, also from within C code.

    A second signal raises in Python code, so that an honest loop ends with what it printed.
    """
    import faulthandler

    def give_up(number: int, frame: object) -> None:
        raise OutOfTimeError("it took too long")

    signal.signal(signal.SIGVTALRM, give_up)
    faulthandler.register(signal.SIGPROF, file=trace, all_threads=False, chain=False)


def forget_parent_state() -> None:
    """Undo what the process we were forked from may have set up for itself."""
    sys.settrace(None)
    sys.setprofile(None)
    os.environ.clear()
    sys.argv = [""]
