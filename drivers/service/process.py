"""What a device process asks of the kernel about itself."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import signal
import sys
import threading
import traceback

import setproctitle

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4


def title(role: str) -> None:
    """Name this process in process lists."""
    setproctitle.setproctitle(f"kiosk-devices: {role}")


def end_with_parent() -> None:
    """Ask for SIGTERM when the parent ends; ends at once if it already has."""
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent or parent == 1:  # it ended before we asked
        os.kill(os.getpid(), signal.SIGTERM)


def leave_no_dump() -> None:
    """Forbid core files, and reading this process's memory by others of its user."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def settle() -> None:
    """Take what was made for good out of the garbage collector's sight; once, when all is up.

    Then `gc.collect` costs under a millisecond, for it sees what came since.  By itself the
    collector looks at all only when what is new has become a quarter of what is old, hundreds of
    visits later: until then what a visit left in circles is neither free nor overwritten.
    """
    gc.collect()
    gc.freeze()


def tell_no_words() -> None:
    """Let errors that nobody caught say type and places on standard error, never their message.

    A message quotes what it was made of, such as what a card said; what is printed is kept.
    """

    def in_a_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_type is not SystemExit:
            _say(args.exc_value)

    sys.excepthook = lambda _kind, error, _places: _say(error)
    threading.excepthook = in_a_thread
    sys.unraisablehook = lambda unraisable: _say(unraisable.exc_value)


def _say(error: BaseException | None) -> None:
    if error is None or sys.stderr is None:
        return
    frames = traceback.walk_tb(error.__traceback__)
    where = [f"{os.path.basename(one.f_code.co_filename)}:{line}" for one, line in frames]  # noqa: PTH119
    told = {"event": "uncaught", "error": type(error).__name__, "where": where}
    print(json.dumps(told), file=sys.stderr, flush=True)
