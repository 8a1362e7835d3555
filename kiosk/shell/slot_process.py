"""A session process that this shell started.

Sessions are forked from a *nursery*: one process without window, keys, secrets or threads
that has loaded our code and Kivy's, but not opened a window. A session then starts in the
time its window takes. What a session is given travels through a pipe of its own to the
forked child; the nursery never sees it.
"""

from __future__ import annotations

import importlib
import io
import multiprocessing
import os
import socket
import sys
from collections.abc import Sequence
from multiprocessing import forkserver

from kiosk.channel import last_words
from kiosk.channel.passing import PassedFile
from kiosk.channel.process import die_with_pipe
from kiosk.shell.held_process import UNKNOWN, HeldProcess

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


def open_nursery() -> None:
    """Start the nursery, which takes this process's environment; it loads while we go on."""
    _FORKING.set_forkserver_preload(list(PRELOADED))
    forkserver.ensure_running()


class SlotProcess(HeldProcess):
    """A session process that is our child."""

    def __init__(self, arguments: Sequence[str], greeting: str) -> None:
        """Start the process.

        Args:
            arguments: of the ``kiosk`` command; ``--control-fd N`` is added.
            greeting: the JSON line for its standard input (secrets and settings).

        Raises:
            OSError: there is no memory, no process to be had, or the nursery died.
        """
        ours, theirs = socket.socketpair()
        life, lifeline = os.pipe()
        try:
            with theirs:
                passed = PassedFile(theirs.fileno()), PassedFile(life)
                self._process = _FORKING.Process(
                    target=last_words.run,
                    args=(_begin, list(arguments), greeting, *passed),
                    name="session",
                    daemon=True,
                )
                self._process.start()
        except EOFError as error:  # the nursery died over it
            os.close(lifeline)
            ours.close()
            raise ChildProcessError("no nursery") from error
        except OSError:
            os.close(lifeline)
            ours.close()
            raise
        finally:
            os.close(life)
        pid = self._process.pid
        if pid is None:
            raise RuntimeError("a started process has a pid")
        self.pid = pid
        try:
            ended = os.pidfd_open(pid)
        except ProcessLookupError:  # dead already; its sentinel tells the same
            ended = os.dup(self._process.sentinel)
        super().__init__(ours, ended, lifeline)

    def reap(self) -> int:
        """Return the exit status of the dead process and close what belongs to it."""
        self._process.join()
        status = self._process.exitcode
        self._process.close()
        super().reap()
        return UNKNOWN if status is None else status


def _begin(arguments: list[str], greeting: str, control: PassedFile, life: PassedFile) -> None:
    """Run the session's command in a freshly forked process.

    It ends with the shell, not with the nursery: a citizen is served on when only that one dies.
    """
    die_with_pipe(life.fd)
    sys.stdin = io.StringIO(greeting)
    command = importlib.import_module(COMMAND)
    sys.exit(command.main([*arguments, "--control-fd", str(control.fd)]))
