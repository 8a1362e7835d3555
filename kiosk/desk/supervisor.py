"""The service manager of a desk: brings dead and silent processes back, within bounds.

On a terminal this is systemd by the units' ``Restart=``, ``RestartSec=``, ``WatchdogSec=`` and
``StartLimit…``; the figures here are theirs, so that what is tried on a desk holds there.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

from kiosk.desk.part import PartFailed, Running
from kiosk.desk.stack import Stack

RESTART_S = 1.0
"""Pause before a dead process is started again (``RestartSec``)."""
WATCHDOG_S = 5.0
"""Silence after which a process is hung (``WatchdogSec``)."""
WATCHED = frozenset({"agent", "devices", "shell"})
"""The processes that say from the loop of their work that they are alive."""
MOST_RESTARTS = 5
"""Of one process within `WINDOW_S`; then something is wrong that restarting does not mend."""
WINDOW_S = 60.0


class Supervisor:
    """Looks after a stack's processes; call `look` twice a second at least, from one thread.

    Args:
        stack: whose processes.
        say: told a line about every restart.
        most_restarts: of one process within a minute.
        restart_s: pause before a dead process is started again.
        watchdog_s: silence after which a process is hung.
    """

    def __init__(
        self,
        stack: Stack,
        *,
        say: Callable[[str], None] = lambda _: None,
        most_restarts: int = MOST_RESTARTS,
        restart_s: float = RESTART_S,
        watchdog_s: float = WATCHDOG_S,
    ) -> None:
        self._stack = stack
        self._say = say
        self._most = most_restarts
        self._restart_s, self._watchdog_s = restart_s, watchdog_s
        self._ended: dict[str, float] = {}
        self._restarts: dict[str, deque[float]] = defaultdict(deque)
        self.hands = threading.Lock()
        """Held while a process is stopped or started; who does so by hand holds it too."""

    def look(self) -> None:
        """Kill what is hung, start again what ended a moment ago.

        Raises:
            PartFailed: one process ended too often.
        """
        with self.hands:
            for name, running in list(self._stack.running.items()):
                self._look_at(name, running, time.monotonic())

    def _look_at(self, name: str, running: Running, now: float) -> None:
        if running.alive():
            if name in WATCHED and running.silent_for(now) > self._watchdog_s:
                self._say(f"{name} was silent for {self._watchdog_s:.0f} s, ending it")
                running.kill()
            return
        if now - self._ended.setdefault(name, now) >= self._restart_s:
            del self._ended[name]
            self._restart(name, running, now)

    def _restart(self, name: str, running: Running, now: float) -> None:
        before = self._restarts[name]
        before.append(now)
        while before[0] < now - WINDOW_S:
            before.popleft()
        if len(before) > self._most:
            raise PartFailed(f"{name} ended {len(before)} times within a minute; log {running.log}")
        self._say(f"{name} ended with status {running.process.returncode}, starting it again")
        self._stack.stop_part(name)
        self._stack.launch(running.part)
