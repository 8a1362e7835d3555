"""One session process as the shell sees it: a pid and a control socket.

Sessions are forked from a *nursery*: one process without window, keys, secrets or threads
that has loaded our code and Kivy's, but not opened a window. A session then starts in the
time its window takes. What a session is given travels through a pipe of its own to the
forked child; the nursery never sees it.

The control socket carries JSON lines. Shell → session: ``show`` (with ``after``, what
the next page must explain), ``picture``, ``end``. Session → shell: ``ready``, ``seen``, ``frame``,
``visit``, ``staff``, ``handing_over``, ``submitted``, ``picture`` (with a memory file, or ``why``
there is none), ``ended``. A line that is not understood ends
the process: a session that talks nonsense cannot be trusted with the screen.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import asdict
from multiprocessing.reduction import DupFd
from typing import Protocol

from kiosk.channel import last_words
from kiosk.channel.process import die_with_pipe
from kiosk.shell.policy import After

MAX_LINE = 4096
"""Longest control line, bytes."""
COMMAND = "kiosk.cli"
PRELOADED = ("screens.preload", COMMAND)
"""Modules the nursery loads; named, not imported: the shell itself carries none of them."""

SESSION_ENVIRONMENT = {
    # Freed memory is overwritten, so what a citizen typed does not linger in it: all of it is
    # glibc's, which overwrites what is freed unless a thread's cache takes it (mallopt(3)).
    # Python's own debug allocator left more behind, took 24 bytes more an object, and time.
    "PYTHONMALLOC": "malloc",
    "MALLOC_PERTURB_": "165",
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0",
    "PYTHONDONTWRITEBYTECODE": "1",
    # A session writes nothing to disk, shader caches included.
    "MESA_SHADER_CACHE_DISABLE": "true",
    "MESA_GLSL_CACHE_DISABLE": "true",
    "KIVY_NO_FILELOG": "1",
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_ENV_CONFIG": "1",
}

_FORKING = multiprocessing.get_context("forkserver")


class Nonsense(Exception):
    """The session wrote something that is not a control line."""


class HungUp(Nonsense):
    """The session closed its end; it is dead or as good as dead."""


def open_nursery() -> None:
    """Say what the nursery loads; it takes this process's environment when it starts."""
    _FORKING.set_forkserver_preload(list(PRELOADED))


class SlotProcess:
    """A started session process."""

    def __init__(self, arguments: Sequence[str], greeting: str) -> None:
        """Start the process.

        Args:
            arguments: of the ``kiosk`` command; ``--control-fd N`` is added.
            greeting: the JSON line for its standard input (secrets and settings).
        """
        ours, theirs = socket.socketpair()
        self._buffer = b""
        self._files: list[int] = []
        self.control = ours
        self.control.setblocking(False)
        life, self._lifeline = os.pipe()
        try:
            with theirs:
                passed = DupFd(theirs.fileno()), DupFd(life)
                self._process = _FORKING.Process(
                    target=last_words.run,
                    args=(_begin, list(arguments), greeting, *passed),
                    name="session",
                    daemon=True,
                )
                self._process.start()
        except OSError:
            os.close(self._lifeline)
            ours.close()
            raise
        finally:
            os.close(life)
        pid = self._process.pid
        if pid is None:
            raise RuntimeError("a started process has a pid")
        self.pid = pid
        try:
            self.ended = os.pidfd_open(pid)
        except ProcessLookupError:  # dead already; its sentinel tells the same
            self.ended = os.dup(self._process.sentinel)

    def show(self, after: After | None) -> None:
        """Tell the session to raise its window."""
        self._send({"op": "show", "after": asdict(after) if after else None})

    def want_picture(self) -> None:
        """Ask the session for a picture of its page."""
        self._send({"op": "picture"})

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
        self._process.join()
        status = self._process.exitcode
        self._process.close()
        self.control.close()
        for file in self._files:
            os.close(file)
        os.close(self.ended)
        os.close(self._lifeline)
        return -1 if status is None else status

    def _let_go_of_files(self, keep: list[int]) -> None:
        """Close what nobody asked for; a session that sends files unasked fills nothing."""
        if keep:
            for file in self._files:
                os.close(file)
            self._files = keep

    def _send(self, message: dict[str, object]) -> None:
        with contextlib.suppress(OSError):
            self.control.send(json.dumps(message).encode() + b"\n")


class _Passed(Protocol):
    """A descriptor on its way to a forked process."""

    def detach(self) -> int:
        """Return the descriptor's number in this process."""


def _begin(arguments: list[str], greeting: str, control: _Passed, life: _Passed) -> None:
    """Run the session's command in a freshly forked process.

    It ends with the shell, not with the nursery: a citizen is served on when only that one dies.
    """
    die_with_pipe(os.dup(life.detach()))
    fd = os.dup(control.detach())
    sys.stdin = io.StringIO(greeting)
    command = importlib.import_module(COMMAND)
    sys.exit(command.main([*arguments, "--control-fd", str(fd)]))


def _parse(line: bytes) -> dict[str, object]:
    try:
        message = json.loads(line)
    except ValueError as error:
        raise Nonsense("not JSON") from error
    if not isinstance(message, dict) or not isinstance(message.get("op"), str):
        raise Nonsense("no operation")
    return message
