"""A release from a stick: what is on it, having it installed, how far that is.

`kiosk stick` looks, and the command of the settings installs (``maintenance.update``); both verify
as over the line.  The installing goes on without us: a trial may outlast this process.  How far it
is stands in the course file, which only the update writes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Final

import structlog

from kiosk.agent.maintenance.presence import Note, work_no
from kiosk.agent.maintenance.upkeep import Upkeep
from kiosk.agent.stick import Stick
from kiosk.audit import Event
from kiosk.channel import Refused, Request
from kiosk.channel.server import Handler
from kiosk.maintenance.staff import Right
from kiosk.release import course as courses
from kiosk.release.confirmed import confirm
from kiosk.release.telling import looked
from kiosk.settings import releases_root

LOOK_S: Final = 60.0
"""Seconds for a slow stick; a release is at most 4 MiB."""
_FOUND: Final = "stick_release"
"""Where a connection keeps which release it was shown."""

log = structlog.get_logger()


class Updating:
    """The operations on a release from a stick."""

    def __init__(self, upkeep: Upkeep, stick: Stick, note: Note) -> None:
        self._upkeep, self._stick, self._note = upkeep, stick, note
        self._ended: int | None = None

    def operations(self) -> Mapping[str, tuple[Right, Handler]]:
        """Return them by name, each with the right it takes."""
        return {
            "stick_look": (Right.UPDATE, self.look),
            "stick_update": (Right.UPDATE, self.update),
            "stick_progress": (Right.UPDATE, self.progress),
        }

    def look(self, request: Request) -> Mapping[str, object]:
        """Tell what is on the stick; what is no release for us is refused, and the log has it."""
        if not self._stick.there:
            raise Refused("no_stick", str(self._upkeep.stick))
        found = self._looked()
        word = str(found.get("word"))
        request.caller.memory[_FOUND] = str(found.get("digest", "")) if word == "new" else ""
        if word.startswith("release."):
            self._note(Event("stick_refused"), person=work_no(request), reason=word)
        return found

    def update(self, request: Request) -> None:
        """Begin to install what this connection was shown."""
        digest = request.text("digest")
        if not digest or digest != request.caller.memory.get(_FOUND):
            raise Refused("bad_request", "look first")
        if not self._upkeep.update:
            raise Refused("not_here", "this machine has no command for it")
        self._confirm(digest)
        self._note(Event("stick_update_began"), person=work_no(request), digest=digest[:16])
        self._ended = None
        threading.Thread(target=self._run, name="stick-update", daemon=True).start()

    @staticmethod
    def _confirm(digest: str) -> None:
        """Have the command install this one alone; the stick may be another by then."""
        try:
            confirm(releases_root(), digest)
        except OSError as error:
            raise Refused("unusable", f"not written down: {type(error).__name__}") from error

    def progress(self, request: Request) -> Mapping[str, object]:
        """Tell how far it is; ``ended`` is the command's exit status once it is over."""
        del request
        course = courses.read(releases_root())
        return {
            "stage": course.stage.value,
            "digest": course.offer.digest if course.offer else "",
            "code": course.code,
            "look": looked(releases_root()),
            "ended": self._ended,
        }

    def _looked(self) -> dict[str, object]:
        layers = [word for path in self._upkeep.settings for word in ("--settings", str(path))]
        command = [sys.executable, "-P", "-m", "kiosk", "stick", str(self._upkeep.stick), "--json"]
        try:
            done = subprocess.run(
                [*command, *layers], check=False, capture_output=True, timeout=LOOK_S
            )
            found = json.loads(done.stdout)
        except (OSError, subprocess.TimeoutExpired, ValueError) as error:
            raise Refused("unusable", f"kiosk stick: {type(error).__name__}") from error
        if not isinstance(found, dict):
            raise Refused("unusable", "kiosk stick: another form")
        return found

    def _run(self) -> None:
        """Run the command to its end; it lives on when this process does not."""
        command = list(self._upkeep.update)
        try:
            self._ended = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            ).wait()
        except OSError as error:
            log.error("update_failed", program=command[0], problem=type(error).__name__)  # noqa: TRY400
            self._ended = -1
