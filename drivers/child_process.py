"""A process of our own for work that may go wrong: started, asked within a limit, killed in time.

Pictures are unpacked, read and compared by large libraries in C, so that happens in processes that
hold nothing else.  This is both ends of such a process: `ChildProcess` for who asks, `begin` and
`bound_memory` for the process itself.  A question is one packet, a memory file with its bytes
beside it where it has any; an answer is one packet.  What does not answer is killed, for its late
answer would be taken for the next, and is started again at the next question.

No message of this module holds anything of a question or an answer: they may be a citizen's.
"""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from drivers.memory_file import sealed_file
from drivers.service.process import end_with_parent, leave_no_dump, title

LONGEST_PACKET: Final = 128 * 1024
"""Bytes of the longest question or answer; a longer one is none."""

_LOOK_S = 0.05
_POISON = ("PYTHONMALLOC", "MALLOC_PERTURB_")
"""Not for a process that ends with its owner: it would make its work half as fast."""


class Ending(StrEnum):
    """Why there is no answer; the process is killed each time."""

    TOO_SLOW = "tooSlow"
    ENDED = "ended"
    """It died of the question, or was killed."""
    GIVEN_UP = "givenUp"
    """Who asked does not want to know any more."""
    NONSENSE = "nonsense"
    """It said what is no answer, or that its work failed."""


class NoAnswer(Exception):
    """There is no answer; `ending` says why, and nothing says what was asked."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.value)
        self.ending = ending


class ChildProcess:
    """One process, or none yet; used by one thread at a time.

    Args:
        module: What is run, as ``python -P -m MODULE FD ARGUMENTS…``.
        arguments: What it is told beside its socket.
        grace_s: Seconds an answer may still take once it is not wanted any more; then it is killed.
    """

    def __init__(self, module: str, *arguments: str, grace_s: float = 0.0) -> None:
        self._module = module
        self._arguments = arguments
        self._grace_s = grace_s
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    @property
    def pid(self) -> int | None:
        """Return the process id, ``None`` while there is no process."""
        return self._process.pid if self._process else None

    def start(self) -> bool:
        """Start it unless it runs, and return at once; whether it was started.

        Must be called by a thread that lives as long as the process shall: it ends with it.
        """
        if self._process is not None and self._process.poll() is None:
            return False
        self.close()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            program = [sys.executable, "-P", "-m", self._module, str(theirs.fileno())]
            self._process = subprocess.Popen(
                [*program, *self._arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # what a library would say may quote what it sees
                pass_fds=[theirs.fileno()],
                env=_environment(),
            )
        self._line = ours
        return True

    def ask(
        self,
        question: bytes,
        data: bytes | memoryview | None,
        limit_s: float,
        cancelled: threading.Event,
    ) -> bytes:
        """Return the answer to a question, for which there is a process.

        Raises:
            NoAnswer: there is none; the process was killed.
        """
        try:
            _send(self._connected(), question, data)
        except OSError as error:
            raise self.failed(Ending.ENDED) from error
        return self.hear(limit_s, cancelled)

    def hear(self, limit_s: float, cancelled: threading.Event) -> bytes:
        """Return the next packet.

        Raises:
            NoAnswer: none came in time; the process was killed.
        """
        line = self._connected()
        line.settimeout(_LOOK_S)
        until, given_up = time.monotonic() + limit_s, False
        while True:
            if cancelled.is_set() and not given_up:
                until, given_up = min(until, time.monotonic() + self._grace_s), True
            if time.monotonic() >= until:
                raise self.failed(Ending.GIVEN_UP if given_up else Ending.TOO_SLOW)
            try:
                data = line.recv(LONGEST_PACKET + 1)
            except TimeoutError:
                continue
            except OSError as error:
                raise self.failed(Ending.ENDED) from error
            if not 0 < len(data) <= LONGEST_PACKET:
                raise self.failed(Ending.NONSENSE if data else Ending.ENDED)
            return data

    def failed(self, ending: Ending = Ending.NONSENSE) -> NoAnswer:
        """Kill the process, and return what is to be raised."""
        self.close()
        return NoAnswer(ending)

    def close(self) -> None:
        """Kill the process, and with it all it knew."""
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _connected(self) -> socket.socket:
        if self._line is None:
            raise NoAnswer(Ending.ENDED)
        return self._line


def begin(arguments: Sequence[str], name: str) -> socket.socket:
    """Be such a process: named, ended with its owner, without a dump; return its socket."""
    line = socket.socket(fileno=int(arguments[0]))
    title(name)
    end_with_parent()
    leave_no_dump()
    return line


def bound_memory(room: int) -> None:
    """Let the address space grow by so many bytes from what is loaded now, and no more."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + room
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _send(line: socket.socket, question: bytes, data: bytes | memoryview | None) -> None:
    if data is None:
        line.send(question)
        return
    descriptor = sealed_file("question", data)
    try:
        socket.send_fds(line, [question], [descriptor])
    finally:
        os.close(descriptor)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _POISON}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
