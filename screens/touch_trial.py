"""A new matrix on trial: ``python -m screens.touch_trial``; undone unless it is told to keep it.

A process of its own holds the old matrix: whatever becomes of the page that asks whether fingers
are felt where they are (killed, stopped, frozen), the old one comes back after `TRIAL_S`.

It takes one JSON line on standard input, ``[[number, name, scale, before, after], …]``, says
``set``, and waits for ``keep``.  The end of its input is a no.  ``YIDUAN_TOUCH_TRIAL_S`` shortens
its time where that is tried.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Final

from Xlib.display import Display as Connection

from kiosk.maintenance.touch_matrix import Matrix, NoPanel, Point, as_matrix, fitted
from screens.touch_panels import Panel, connection, matrix, panels, put

TRIAL_S: Final = 15.0
GRACE_S: Final = 2.0
"""Seconds more than the page counts: its last touch still arrives."""


class Trial:
    """One trial: begun, then kept or undone."""

    def __init__(self, felt: Sequence[Point], named: str = "") -> None:
        """Set the matrices that fit what was felt.

        Raises:
            NoPanel: there is nothing to set.
            Unfit: the points are not those of one panel.
            OSError: no process could be started.
        """
        with connection() as display:
            found = panels(display, named)
            before = [matrix(display, panel) for panel in found]
        if not found:
            raise NoPanel("no device feels fingers")
        self.after: Mapping[str, Matrix] = {
            panel.name: fitted(own, felt) for panel, own in zip(found, before, strict=True)
        }
        told = [
            (panel.number, panel.name, panel.scale, own, self.after[panel.name])
            for panel, own in zip(found, before, strict=True)
        ]
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "screens.touch_trial"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._say(json.dumps(told))
        if self._child.stdout is None or self._child.stdout.readline() != "set\n":
            self.undo()
            raise OSError("the trial did not begin")

    def keep(self) -> bool:
        """Keep the new ones; say whether the trial was still running."""
        self._say("keep")
        return self._child.wait(GRACE_S + TRIAL_S) == 0

    def undo(self) -> None:
        """Take the old ones back."""
        if self._child.stdin is not None:
            self._child.stdin.close()
        self._child.wait(GRACE_S + TRIAL_S)

    def _say(self, line: str) -> None:
        if self._child.stdin is None or self._child.stdin.closed:
            return
        try:
            self._child.stdin.write(line + "\n")
            self._child.stdin.flush()
        except OSError:  # it ended, and what it held is undone
            return


def main() -> int:
    """Hold the old matrices; the exit status is 0 when the new ones were kept."""
    told = json.loads(sys.stdin.readline())
    held = [
        (Panel(number=number, name=name, scale=tuple(scale)), as_matrix(before), as_matrix(after))
        for number, name, scale, before, after in told
    ]
    trial_s = float(os.environ.get("YIDUAN_TOUCH_TRIAL_S", TRIAL_S + GRACE_S))
    with connection() as display:
        try:
            for panel, _, after in held:
                put(display, panel, after)
            print("set", flush=True)
            if _is_kept(time.monotonic() + trial_s):
                return 0
        except BaseException:
            _undo(display, held)
            raise
        _undo(display, held)
    return 1


def _undo(display: Connection, held: Sequence[tuple[Panel, Matrix, Matrix]]) -> None:
    for panel, before, _ in held:
        put(display, panel, before)


def _is_kept(until: float) -> bool:
    """Wait for the word; the end of the input, or of the time, is none."""
    ready, _, _ = select.select([sys.stdin], [], [], max(0.0, until - time.monotonic()))
    return bool(ready) and sys.stdin.readline().strip() == "keep"


if __name__ == "__main__":
    sys.exit(main())
