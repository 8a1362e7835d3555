"""What a process says of an error that nobody caught: its type and its places, never its words.

An error's message quotes what it was made of (``KeyError: '<what was typed>'``), and what a process
prints stands in the journal and leaves the terminal with the diagnostics. So no process that may
hold a citizen's data prints a message or a traceback: one JSON line on standard error instead. A
file's name and a line's number come from our code and hold nothing of anybody.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final

_ROOT: Final = Path(__file__).resolve().parents[2]
_OURS: Final = ("kiosk", "screens", "drivers", "standards")
FAILED: Final = 1
"""Exit status of a process that an error ended."""


def run(work: Callable[..., object], *arguments: object) -> None:
    """Do the work of a forked child; an error that nobody caught is told by its places.

    `multiprocessing` would print message and traceback by itself, whatever the hooks are.

    Raises:
        SystemExit: with `FAILED` after such an error, or as the work itself ends.
    """
    listen()
    try:
        work(*arguments)
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 - told by its places; then the process ends
        say(error)
        raise SystemExit(FAILED) from None


def listen() -> None:
    """Let the interpreter tell of an error in this process, or in a thread of it, by its places."""
    sys.excepthook = _uncaught
    threading.excepthook = _in_a_thread
    sys.unraisablehook = _nowhere


def say(error: BaseException) -> None:
    """Write type and places of an error as one line."""
    line = {"event": "uncaught", "error": type(error).__name__, "where": places(error)}
    if sys.stderr is not None:
        print(json.dumps(line), file=sys.stderr, flush=True)


def places(error: BaseException) -> list[str]:
    """Return ``file:line`` of our frames, the innermost last, and of the innermost whoever's."""
    frames = list(traceback.walk_tb(error.__traceback__))
    found = [(_name(frame.f_code.co_filename), line) for frame, line in frames]
    inner = len(found) - 1
    return [
        f"{name or os.path.basename(frames[at][0].f_code.co_filename)}:{line}"  # noqa: PTH119
        for at, (name, line) in enumerate(found)
        if name or at == inner
    ]


def _name(file: str) -> str:
    """Return the name of a file of ours from the root, of another's nothing."""
    path = Path(file)
    own = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else Path()
    return str(own) if own.parts[:1] and own.parts[0] in _OURS else ""


def _uncaught(
    _kind: type[BaseException], error: BaseException, _places: TracebackType | None
) -> None:
    say(error)


def _in_a_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and args.exc_type is not SystemExit:
        say(args.exc_value)


def _nowhere(unraisable: sys.UnraisableHookArgs) -> None:
    """Hear an error where nothing can be raised, as in what a library in C calls."""
    if unraisable.exc_value is not None:
        say(unraisable.exc_value)
