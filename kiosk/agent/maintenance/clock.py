"""Setting the clock for an engineer: by the time servers, or to what was set by touch.

The agent may not set it (``ProtectClock``): it runs the command of the settings with the place
``{}`` filled by ``step`` or by the seconds since 1970; on an installed terminal that starts
``kiosk-clock@….service``, which runs `kiosk.commands.clock` as root.  Nothing here or in the store
waits by the wall clock, so what is owed is neither hurried nor delayed (`kiosk.outbox.turns`).

=============  ===================================  ================================
operation      fields                               answer
=============  ===================================  ================================
``set_clock``  ``how``: step, set; ``at`` for set   ``moved_s``: how far it was moved
=============  ===================================  ================================
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import Final

from kiosk.agent.maintenance.presence import Note, work_no
from kiosk.audit import Event
from kiosk.channel import Refused, Request
from kiosk.channel.server import Handler
from kiosk.maintenance.clock_moves import EARLIEST, LATEST
from kiosk.maintenance.staff import Right

PLACE: Final = "{}"
WITHIN_S: Final = 25.0


class Clock:
    """The operation that sets it."""

    def __init__(self, command: Sequence[str], note: Note) -> None:
        self._command, self._note = tuple(command), note

    def operations(self) -> Mapping[str, tuple[Right, Handler]]:
        """Return it by name, with the right it takes."""
        return {"set_clock": (Right.CLOCK, self.set)}

    def set(self, request: Request) -> Mapping[str, object]:
        """Have it set, and write down how far it moved."""
        if not self._command:
            raise Refused("not_here", "this machine has no command for it")
        how = request.text("how")
        word = "step" if how == "step" else str(_seconds(request))
        before = time.time() - time.monotonic()
        self._run(word)
        moved = round(time.time() - time.monotonic() - before)
        self._note(Event("clock_set"), person=work_no(request), how=how, seconds=moved)
        return {"moved_s": moved}

    def _run(self, word: str) -> None:
        command = [part.replace(PLACE, word) for part in self._command]
        try:
            done = subprocess.run(
                command,
                check=False,
                timeout=WITHIN_S,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Refused("unusable", type(error).__name__) from error
        if done.returncode:
            raise Refused("unusable", f"status {done.returncode}")


def _seconds(request: Request) -> int:
    at = int(request.number("at"))
    if request.text("how") != "set" or not EARLIEST.timestamp() <= at < LATEST.timestamp():
        raise Refused("bad_request", "step, or set to a time of this machine's life")
    return at
