"""What waits on this terminal: counted, sent again, copied sealed, found by its local number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kiosk.agent.maintenance.presence import Note, work_no
from kiosk.agent.stick import NoStick, Stick
from kiosk.audit import Event
from kiosk.channel import Refused, Request
from kiosk.channel.server import Handler
from kiosk.maintenance.staff import Right
from kiosk.outbox import Entry, Outbox, OutboxError, counting
from kiosk.outbox.report import FILE, as_object, damaged_files

_LOCAL_NO: Final = re.compile(r"L[0-9A-Z-]{1,31}\Z")


class Submissions:
    """The operations on the outbox."""

    def __init__(self, state: Path, stick: Stick, outbox: Outbox, note: Note) -> None:
        self._state, self._stick = state, stick
        self._outbox, self._note = outbox, note

    def operations(self) -> Mapping[str, tuple[Right, Handler]]:
        """Return them by name, each with the right it takes."""
        return {
            "retry": (Right.RETRY, self.retry),
            "export": (Right.EXPORT, self.export),
            "find": (Right.HELP, self.find),
        }

    def counted(self) -> dict[str, object]:
        """Return what is here, by numbers and ages."""
        try:
            return as_object(self._outbox.counts(), damaged_files(self._state))
        except OutboxError as error:
            return {"unusable": type(error).__name__}

    def retry(self, request: Request) -> Mapping[str, object]:
        """Send everything again that waits or was refused; what was stopped on purpose stays so."""
        entries, stopped = self._owed()
        well = [self._release(one, request.caller.uid) for one in entries if one.row not in stopped]
        left = len(entries) - len(well)
        return {"done": sum(well), "stopped": left, "failed": well.count(False)}

    def export(self, request: Request) -> Mapping[str, object]:
        """Write sealed copies to the stick; only the recovery key opens them."""
        entries, _ = self._owed()
        try:
            for entry in entries:
                self._stick.copy(entry, self._outbox.pieces(entry))
                self._note(
                    Event("submission_copied"), local_no=entry.local_no, uid=request.caller.uid
                )
        except NoStick as error:
            raise Refused("no_stick", str(error)) from error
        except (OSError, OutboxError) as error:
            raise Refused("unusable", str(error)) from error
        return {"done": len(entries)}

    def find(self, request: Request) -> Mapping[str, object]:
        """Tell where a local number stands; nothing of whom or what."""
        local_no = request.text("local_no").strip().upper()
        if not _LOCAL_NO.match(local_no):
            raise Refused("bad_request", "no local number")
        try:
            found = counting.find(self._state / FILE, local_no)
        except OutboxError as error:
            raise Refused("unusable", str(error)) from error
        state = self._elsewhere() if found is None else str(found["state"])
        self._note(Event("slip_looked_up"), person=work_no(request), found=state)
        return {"state": state} if found is None else found

    def _elsewhere(self) -> str:
        """Return what is known of a number that is not here: a file set aside may have it."""
        return "set_aside" if damaged_files(self._state) else "none"

    def _release(self, entry: Entry, uid: int) -> bool:
        """Send one again; says whether the store took it."""
        try:
            self._outbox.release(entry)
        except OutboxError:
            return False
        self._note(Event("submission_released"), local_no=entry.local_no, uid=uid)
        return True

    def _owed(self) -> tuple[tuple[Entry, ...], frozenset[int]]:
        """Return what is here, and the rows of it that were stopped."""
        try:
            return self._outbox.owed(), self._outbox.stopped()
        except OutboxError as error:
            raise Refused("unusable", str(error)) from error
