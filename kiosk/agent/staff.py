"""What staff may do with what waits: look, try again, stop, take a sealed copy away.

The role ``staff`` proves itself with a secret that the agent makes anew at every start and
leaves beside its store, readable by the agent's own user and by root: who may read the
store may also say what becomes of it.

=========  ====================  ==============================================
operation  fields                answer
=========  ====================  ==============================================
``owed``   –                     ``entries``: ``row, local_no, size`` of each
``retry``  ``row``               nothing; due now, also what was refused
``hold``   ``row, reason``       nothing; not delivered before a ``retry``
``copy``   ``row``, one file     nothing; the sealed bytes are in the file
``open``   –                     nothing; maintenance mode opens between two citizens
``free``   –                     nothing; a visit that is stuck ends
``serve``  ``out``, ``words``    ``out``; out of service with a sentence, or back
``staff_changed``  ``what, person``  nothing; the change is in the log
=========  ====================  ==============================================

Nothing here deletes, and nothing here opens what is sealed.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from kiosk.agent import events
from kiosk.agent.service import OWN, Out, Service, ServiceError
from kiosk.agent.wishes import Wishes
from kiosk.audit import Event
from kiosk.channel import Client, Refused, Request
from kiosk.channel.server import Handler
from kiosk.crypto.provision import write_private
from kiosk.outbox import Entry, Outbox, OutboxError

ROLE = "staff"
DOOR_FILE = "staff.json"
MAX_REASON = 100


def new_secret(directory: Path, socket: Path) -> str:
    """Make the role's secret and leave it with the socket's path in the directory, mode 0600."""
    secret = secrets.token_hex(32)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    door = {"socket": str(socket.absolute()), "secret": secret}
    write_private(directory / DOOR_FILE, json.dumps(door).encode())
    return secret


def connect(directory: Path) -> Client:
    """Knock where the agent that owns this store listens.

    Raises:
        OSError: no agent ever ran here, or this user may not ask.
        ChannelClosed: none listens now.
    """
    door = json.loads((directory / DOOR_FILE).read_bytes())
    return Client(Path(door["socket"]), ROLE, door["secret"])


class StaffDesk:
    """The operations, over the store."""

    def __init__(
        self, outbox: Outbox, note: Callable[..., None], service: Service, wishes: Wishes
    ) -> None:
        """Take the store, who writes events to the log, and what the shell is asked through."""
        self._outbox, self._note = outbox, note
        self._service, self._wishes = service, wishes

    def operations(self) -> Mapping[tuple[str, str], Handler]:
        """Return the table for the server."""
        return {
            (ROLE, "owed"): self.owed,
            (ROLE, "retry"): self.retry,
            (ROLE, "hold"): self.hold,
            (ROLE, "copy"): self.copy,
            (ROLE, "open"): self.open,
            (ROLE, "free"): self.free,
            (ROLE, "serve"): self.serve,
            (ROLE, "staff_changed"): self.staff_changed,
        }

    def owed(self, request: Request) -> Mapping[str, object]:
        """List what could be tried again, stopped or copied."""
        del request
        return {
            "entries": [
                {"row": one.row, "local_no": one.local_no, "size": one.size}
                for one in self._entries()
            ]
        }

    def retry(self, request: Request) -> None:
        """Make an entry due now, whatever stood against it."""
        entry = self._named(request)
        self._do(self._outbox.release, entry)
        self._say(events.SUBMISSION_RELEASED, entry, request)

    def hold(self, request: Request) -> None:
        """Stop an entry, with a reason for the list."""
        entry = self._named(request)
        reason = request.text("reason")
        if not (0 < len(reason) <= MAX_REASON and reason.isprintable()):
            raise Refused("bad_request", f"a reason of 1 to {MAX_REASON} characters")
        self._do(self._outbox.stop, entry, reason)
        self._say(events.SUBMISSION_STOPPED, entry, request)

    def copy(self, request: Request) -> None:
        """Write an entry's sealed bytes into the caller's empty file."""
        entry = self._named(request)
        if len(request.fds) != 1 or not _empty_file(request.fds[0]):
            raise Refused("bad_request", "one empty file")
        try:
            for piece in self._outbox.pieces(entry):
                view = memoryview(piece)
                while view:
                    view = view[os.write(request.fds[0], view) :]
        except (OSError, OutboxError) as error:
            raise Refused("unusable", str(error)) from error
        self._say(events.SUBMISSION_COPIED, entry, request)

    def open(self, request: Request) -> None:
        """Have the shell open maintenance mode as soon as nobody is served."""
        del request
        self._wishes.put("maintenance")

    def free(self, request: Request) -> None:
        """Have the shell end a visit that is stuck; what was handed over is kept."""
        self._note(Event("visit_freed"), uid=request.caller.uid)
        self._wishes.put("free")

    def serve(self, request: Request) -> Mapping[str, object]:
        """Take the terminal out of service with a sentence, or back, or only tell how it is."""
        person = f"uid-{request.caller.uid}"
        try:
            match request.fields.get("out"):
                case True:
                    words = request.text("words")
                    if not words.strip():
                        raise Refused("bad_request", "a sentence that citizens read")
                    self._service.stop(Out(reason=OWN, words=words), person)
                case False:
                    self._service.resume(person)
        except (ServiceError, OSError) as error:
            raise Refused("unusable", str(error)) from error
        out = self._service.out
        return {"out": out is not None, "words": "" if out is None else out.words or out.reason}

    def staff_changed(self, request: Request) -> None:
        """Write down who changed the list of staff."""
        what, person = request.text("what")[:16], request.text("person")[:16]
        self._note(Event("staff_changed"), what=what, person=person, uid=request.caller.uid)

    def _named(self, request: Request) -> Entry:
        row = request.number("row")
        for entry in self._entries():
            if entry.row == row:
                return entry
        raise Refused("unknown_submission")

    def _entries(self) -> tuple[Entry, ...]:
        try:
            return self._outbox.owed()
        except OutboxError as error:
            raise Refused("unusable", str(error)) from error

    @staticmethod
    def _do(act: Callable[..., None], *arguments: object) -> None:
        try:
            act(*arguments)
        except OutboxError as error:
            raise Refused("unusable", str(error)) from error

    def _say(self, event: Event, entry: Entry, request: Request) -> None:
        self._note(event, local_no=entry.local_no, uid=request.caller.uid)


def _empty_file(fd: int) -> bool:
    """Say whether a write to it can neither block nor destroy."""
    about = os.fstat(fd)
    return stat.S_ISREG(about.st_mode) and about.st_size == 0
