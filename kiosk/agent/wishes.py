"""What the shell is wished to do: it asks, and the question is kept open until there is a wish."""

from __future__ import annotations

import threading
from collections import deque

from kiosk.channel import Request

LONGEST = 60.0


class Wishes:
    """Wishes in their order; safe from any thread."""

    def __init__(self) -> None:
        self._waiting: deque[str] = deque(maxlen=8)
        self._changed = threading.Condition()

    def put(self, wish: str) -> None:
        """Wish for ``maintenance`` or ``renew``."""
        with self._changed:
            if wish not in self._waiting:
                self._waiting.append(wish)
            self._changed.notify()

    def wish(self, request: Request) -> dict[str, object]:
        """Answer the shell with the next wish, or with none after ``wait`` seconds."""
        wait = min(max(0.0, request.number("wait")), LONGEST)
        with self._changed:
            self._changed.wait_for(lambda: bool(self._waiting), wait)
            return {"wish": self._waiting.popleft() if self._waiting else None}
