"""Waiting in tests: poll a condition up to a deadline, never sleep for a guess."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(predicate: Callable[[], T | None], timeout: float = 10.0, every: float = 0.01) -> T:
    """Return the first true value of ``predicate``; fail after ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        value = predicate()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not reached within {timeout} s: {predicate}")
        time.sleep(every)
