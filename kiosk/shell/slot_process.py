"""One session process as the shell sees it: a pid, a pipe and a control socket.

The control socket carries JSON lines. Shell → session: ``show`` (with ``after``, what
the next page must explain), ``end``. Session → shell: ``ready``, ``seen``, ``frame``,
``visit``, ``submitted``, ``ended``. A line that is not understood ends the process: a
session that talks nonsense cannot be trusted with the screen.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from kiosk.shell.policy import After

MAX_LINE = 4096
"""Longest control line, bytes."""

SESSION_ENVIRONMENT = {
    # Freed memory is overwritten, so what a citizen typed does not linger in it.
    "PYTHONMALLOC": "debug",
    "MALLOC_PERTURB_": "165",
    "PYTHONDONTWRITEBYTECODE": "1",
    # A session writes nothing to disk, shader caches included.
    "MESA_SHADER_CACHE_DISABLE": "true",
    "MESA_GLSL_CACHE_DISABLE": "true",
    "KIVY_NO_FILELOG": "1",
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_ENV_CONFIG": "1",
}


class Nonsense(Exception):
    """The session wrote something that is not a control line."""


class SlotProcess:
    """A started session process."""

    def __init__(
        self, command: Sequence[str], greeting: str, environment: Mapping[str, str]
    ) -> None:
        """Start the process.

        Args:
            command: argument list; ``--control-fd N`` is added.
            greeting: the JSON line for its standard input (secrets and settings).
            environment: the variables it gets.
        """
        ours, theirs = socket.socketpair()
        os.set_inheritable(theirs.fileno(), True)
        self._buffer = b""
        self.control = ours
        self.control.setblocking(False)
        self._process = subprocess.Popen(
            [*command, "--control-fd", str(theirs.fileno())],
            stdin=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
            env={**environment, **SESSION_ENVIRONMENT},
            start_new_session=True,
        )
        theirs.close()
        stdin = self._process.stdin
        if stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                stdin.write(greeting.encode())
                stdin.close()
        self.pid = self._process.pid
        self.pidfd = os.pidfd_open(self.pid)

    def show(self, after: After | None) -> None:
        """Tell the session to raise its window."""
        self._send({"op": "show", "after": asdict(after) if after else None})

    def messages(self) -> list[dict[str, object]]:
        """Return what the session said since the last look.

        Raises:
            Nonsense: it said something that is not a control line.
        """
        try:
            heard = self.control.recv(1 << 16)
        except BlockingIOError:
            return []
        except ConnectionResetError:
            heard = b""
        if not heard:
            raise Nonsense("closed")
        self._buffer += heard
        *lines, self._buffer = self._buffer.split(b"\n")
        if len(self._buffer) > MAX_LINE:
            raise Nonsense("line too long")
        return [_parse(line) for line in lines]

    def kill(self) -> None:
        """End it and its children at once; works on a stopped process too."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def reap(self) -> int:
        """Return the exit status of the dead process and close what belongs to it."""
        status = self._process.wait()
        self.control.close()
        os.close(self.pidfd)
        return status

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
