"""What sessions and the shell may ask of the agent, on ``agent.sock``.

========  ==============  =====================================================
role      operation       fields → answer
========  ==============  =====================================================
session   ``open_visit``  ``visit`` → ``relay``, ``relay_secret``
session   ``submit``      ``visit, submission_id, local_no, thing, size`` and one
                          frozen memory file → ``stored``
session   ``state``       ``submission_id, wait`` → ``state, application_no,
                          items, reason``
session   ``room``        ``bytes`` → nothing
both      ``audit``       ``event, fields`` → nothing
shell     ``public``      → ``sealing_public``: the keys that sessions seal for
shell     ``ping``        → nothing
========  ==============  =====================================================

Refusals: ``disk_full``, ``too_large``, ``damaged``, ``duplicate_conflict``, ``unusable``,
``unknown_submission``, ``another_visit``, ``no_relay``, ``bad_request``.

A connection belongs to the first visit it names, and learns only about that visit's
submissions; to ask about another one is answered like asking about none.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Mapping

from kiosk.agent.identity import Recipients
from kiosk.agent.visits import RelayFailed, Visits
from kiosk.audit import AuditLog, Event
from kiosk.audit.events import may_write
from kiosk.channel import Caller, Refused, Request
from kiosk.channel.server import Handler
from kiosk.crypto import SealedError
from kiosk.crypto.sealed import SealedView, is_frozen
from kiosk.outbox import (
    Outbox,
    OutboxConflict,
    OutboxError,
    OutboxFull,
    Parcel,
    Status,
)

MAX_SUBMISSION = 64 << 20
"""Largest sealed submission, bytes."""
MAX_WAIT = 30.0
"""Longest long poll, seconds."""


class Endpoint:
    """The operations, over the store, the visits and the log."""

    def __init__(
        self,
        outbox: Outbox,
        visits: Visits,
        log: AuditLog,
        *,
        recipients: Recipients,
        on_stored: Callable[[Parcel], None],
        on_refused: Callable[[str], None],
    ) -> None:
        """Take what the operations work on.

        Args:
            outbox: the store.
            visits: the open visits.
            log: the audit log.
            recipients: whom a submission must be sealed for.
            on_stored: told of each submission once it is durable.
            on_refused: told the reason when one could not be stored.
        """
        self._outbox = outbox
        self._visits = visits
        self._log = log
        self._recipients = recipients
        self._on_stored = on_stored
        self._on_refused = on_refused

    def operations(self) -> Mapping[tuple[str, str], Handler]:
        """Return the table for the server."""
        return {
            ("session", "open_visit"): self.open_visit,
            ("session", "submit"): self.submit,
            ("session", "state"): self.state,
            ("session", "room"): self.room,
            ("session", "audit"): self.audit,
            ("shell", "audit"): self.audit,
            ("shell", "public"): self.public,
            ("shell", "ping"): self.ping,
        }

    def public(self, request: Request) -> Mapping[str, object]:
        """Tell the public keys that sessions seal for."""
        del request
        return {"sealing_public": self._recipients.now().to_json()}

    def left(self, caller: Caller) -> None:
        """End what a caller had, when its connection ends."""
        self._visits.leave(caller)

    def open_visit(self, request: Request) -> Mapping[str, object]:
        """Start the visit's relay."""
        visit = _bind(request)
        try:
            line = self._visits.open(visit, request.caller)
        except RelayFailed as error:
            raise Refused("no_relay", str(error)) from error
        return {"relay": str(line.path), "relay_secret": line.secret}

    def submit(self, request: Request) -> Mapping[str, object]:
        """Store a sealed submission; the answer comes after the durable commit."""
        try:
            parcel = self._parcel(request)
            self._outbox.put(parcel)
        except OutboxError as error:
            refusal = _refusal(error)
            self._on_refused(refusal.code)
            raise refusal from error
        except Refused as refusal:
            self._on_refused(refusal.code)
            raise
        self._on_stored(parcel)
        return {"stored": True}

    def state(self, request: Request) -> Mapping[str, object]:
        """Tell where a submission of this visit stands, waiting for its end if asked."""
        name = request.text("submission_id")
        status = self._visible(request, self._outbox.status(name))
        wait = min(max(0.0, request.number("wait")), MAX_WAIT)
        if wait > 0:
            status = self._outbox.wait(name, wait) or status
        return {
            "state": str(status.state),
            "application_no": status.application_no,
            "items": [dict(item) for item in status.items],
            "reason": status.reason,
        }

    def room(self, request: Request) -> None:
        """Say whether a submission of that size would fit now."""
        size = int(request.number("bytes"))
        if size > MAX_SUBMISSION:
            raise Refused("too_large", f"at most {MAX_SUBMISSION} bytes")
        try:
            self._outbox.room(size)
        except OutboxError as error:
            raise _refusal(error) from error

    def audit(self, request: Request) -> None:
        """Write an event that happened in the caller's process, and that is the caller's word."""
        name, fields = request.text("event"), request.fields.get("fields")
        if not may_write(request.caller.role, name):
            raise Refused("bad_request", f"no event of the role {request.caller.role}")
        try:
            self._log.append(Event(name), **_event_fields(fields))
        except (ValueError, TypeError) as error:
            raise Refused("bad_request", str(error)) from error

    def ping(self, request: Request) -> None:
        """Answer."""

    def _parcel(self, request: Request) -> Parcel:
        """Read the memory file in place and check all that can be checked unopened."""
        visit = _bind(request)
        view = _sealed(request)
        submission_id = request.text("submission_id")
        if view.submission_id != submission_id or not self._recipients.fit(view.key_ids):
            raise Refused("damaged", "sealed for another submission or for other keys")
        return Parcel(
            submission_id=submission_id,
            visit=visit,
            local_no=request.text("local_no"),
            thing=request.text("thing"),
            fingerprint=view.fingerprint,
            pieces=view.pieces,
            jurisdiction=view.jurisdiction,
        )

    @staticmethod
    def _visible(request: Request, status: Status | None) -> Status:
        visit = request.caller.memory.get("visit", request.fields.get("visit"))
        if status is None or status.visit != visit:
            raise Refused("unknown_submission")
        return status


def _bind(request: Request) -> str:
    """Return the visit a connection belongs to, which the first call decides."""
    visit = request.text("visit")
    if not visit or request.caller.memory.setdefault("visit", visit) != visit:
        raise Refused("another_visit", "a connection belongs to one visit")
    return visit


def _sealed(request: Request) -> SealedView:
    """Map the memory file; the mapping ends with the last view of it."""
    if len(request.fds) != 1:
        raise Refused("bad_request", "one memory file")
    (fd,) = request.fds
    size = int(request.number("size"))
    if size > MAX_SUBMISSION:
        raise Refused("too_large", f"at most {MAX_SUBMISSION} bytes")
    if not is_frozen(fd) or size <= 0 or os.fstat(fd).st_size != size:
        raise Refused("damaged", "not a frozen memory file of that size")
    flags = mmap.MAP_PRIVATE | mmap.MAP_POPULATE
    try:
        return SealedView(memoryview(mmap.mmap(fd, size, flags=flags, prot=mmap.PROT_READ)))
    except SealedError as error:
        raise Refused("damaged", str(error)) from error


def _refusal(error: OutboxError) -> Refused:
    match error:
        case OutboxFull():
            return Refused("disk_full", str(error))
        case OutboxConflict():
            return Refused("duplicate_conflict", str(error))
        case _:
            return Refused("unusable", str(error))


def _event_fields(given: object) -> dict[str, str | int]:
    if not isinstance(given, dict):
        raise TypeError("fields must be an object")
    fields: dict[str, str | int] = {}
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise TypeError(f"{name} must be text or a whole number")
        fields[str(name)] = value
    return fields
