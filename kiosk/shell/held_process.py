"""A session process as the shell holds it: a control socket, a process descriptor, a lifeline.

The control socket carries JSON lines. Shell → session: ``show`` (with ``after``, what the next page
must explain), ``picture``, ``again``, ``end``. Session → shell: ``ready``, ``seen``, ``frame``,
``visit``, ``staff``, ``handing_over``, ``submitted``, ``picture`` (with a memory file, or ``why``
there is none), ``ended``. A line that is not understood ends the process: a session that talks
nonsense cannot be trusted with the screen.

The three descriptors are all there is to it: who has them has the session, whoever forked it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
from dataclasses import asdict
from typing import Final

from kiosk.shell.slot import After

MAX_LINE: Final = 4096
"""Longest control line, bytes."""
UNKNOWN: Final = -1
"""Instead of the exit status of a process that is not our child."""


class Nonsense(Exception):
    """The session wrote something that is not a control line."""


class HungUp(Nonsense):
    """The session closed its end; it is dead or as good as dead."""


class HeldProcess:
    """A running session process.

    Args:
        control: our end of its control socket.
        ended: becomes readable with its death: a process descriptor.
        lifeline: the pipe whose last writer's end is its end.
    """

    def __init__(self, control: socket.socket, ended: int, lifeline: int) -> None:
        self.control, self.ended, self.lifeline = control, ended, lifeline
        self.control.setblocking(False)
        self._buffer = b""
        self._files: list[int] = []

    def show(self, after: After | None) -> None:
        """Tell the session to raise its window."""
        self._send({"op": "show", "after": asdict(after) if after else None})

    def want_picture(self) -> None:
        """Ask the session for a picture of its page."""
        self._send({"op": "picture"})

    def ask_again(self) -> None:
        """Let the session say once more how far it is: the shell before may have died over it."""
        self._send({"op": "again"})

    def file(self) -> int | None:
        """Return the file that came with the picture that was told last; the caller closes it."""
        return self._files.pop() if self._files else None

    def messages(self) -> list[dict[str, object]]:
        """Return what the session said since the last look.

        Raises:
            Nonsense: it said something that is not a control line.
            HungUp: it closed its end.
        """
        try:
            heard, files, _, _ = socket.recv_fds(self.control, 1 << 16, 1)
        except BlockingIOError:
            return []
        except ConnectionResetError:
            heard, files = b"", []
        self._let_go_of_files(keep=files)
        if not heard:
            raise HungUp
        self._buffer += heard
        *lines, self._buffer = self._buffer.split(b"\n")
        if len(self._buffer) > MAX_LINE:
            raise Nonsense("line too long")
        return [_parse(line) for line in lines]

    def kill(self) -> None:
        """End it at once; works on a stopped process too."""
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(self.ended, signal.SIGKILL)

    def reap(self) -> int:
        """Return the exit status of the dead process and close what belongs to it."""
        self.control.close()
        for file in self._files:
            os.close(file)
        os.close(self.ended)
        os.close(self.lifeline)
        return UNKNOWN

    def _let_go_of_files(self, keep: list[int]) -> None:
        """Close what nobody asked for; a session that sends files unasked fills nothing."""
        if keep:
            for file in self._files:
                os.close(file)
            self._files = keep

    def _send(self, message: dict[str, object]) -> None:
        with contextlib.suppress(OSError):
            self.control.send(json.dumps(message).encode() + b"\n")


def _parse(line: bytes) -> dict[str, object]:
    try:
        message = json.loads(line)
    except ValueError as error:
        raise Nonsense("not JSON") from error
    if not isinstance(message, dict) or not isinstance(message.get("op"), str):
        raise Nonsense("no operation")
    return message
