"""Waiting in tests: poll a condition up to a deadline, never sleep for a guess."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 40.0
"""Seconds after which what was waited for does not come.

It costs nothing when all is well, and says nothing of how busy the machine is: a test asserts that
a wait ends and how, never how long it took.  How fast we are is for `make bench`.
"""


def until(predicate: Callable[[], T | None], timeout: float = PATIENCE_S, every: float = 0.01) -> T:
    """Return the first true value of ``predicate``; fail after ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        value = predicate()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not reached within {timeout} s: {predicate}")
        time.sleep(every)
