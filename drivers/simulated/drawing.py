"""Threads that draw with OpenCV end before the interpreter does, or it aborts the process.

A daemon thread is stopped wherever it is when the interpreter ends; inside OpenCV that is a C++
thread torn down in its own call.
"""

from __future__ import annotations

import atexit
import threading
from typing import Final
from weakref import WeakKeyDictionary

LONGEST_S: Final = 10.0
"""Longest the end of the process waits for a scene that is being drawn."""

_drawing: Final[WeakKeyDictionary[threading.Thread, threading.Event]] = WeakKeyDictionary()


def start_drawing(thread: threading.Thread, ending: threading.Event) -> None:
    """Start a thread that stops soon after `ending` is set, and see it off at the end."""
    _drawing[thread] = ending
    thread.start()


@atexit.register
def _see_off() -> None:
    threads = dict(_drawing)
    for ending in threads.values():
        ending.set()
    for thread in threads:
        thread.join(LONGEST_S)
