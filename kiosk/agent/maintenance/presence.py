"""Who is at the terminal: a connection is one way in, and what it has ends with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kiosk.agent import sign_in
from kiosk.agent.sign_in import Gate, SignIn
from kiosk.audit import Event
from kiosk.audit.events import may_write
from kiosk.channel import Caller, Refused, Request
from kiosk.channel.server import Handler
from kiosk.maintenance.staff import RIGHTS, StaffError

ROLE: Final = "maintenance"
_HOW: Final = frozenset({"left", "idle", "cap"})
_OPENED: Final = frozenset({"hold", "switch", "command"})

Note = Callable[..., None]


class Presence:
    """The operations that need no right: in, out, and what the session did to a device."""

    def __init__(self, gate: Gate, note: Note) -> None:
        self._gate, self._note = gate, note

    def operations(self) -> Mapping[str, Handler]:
        """Return them by name."""
        return {
            "begin": self.begin,
            "card": self.card,
            "code": self.code,
            "pin": self.pin,
            "refused": self.refused,
            "leave": self.leave,
            "audit": self.audit,
        }

    def left(self, caller: Caller) -> None:
        """End what a connection had: the session is gone, however."""
        if caller.role == ROLE and caller.memory.pop("opened", None):
            self._close(caller, "lost")

    def begin(self, request: Request) -> Mapping[str, object]:
        """Open maintenance; the key lets the session hash a card, and is worth nothing alone."""
        how = request.text("how")
        if how not in _OPENED or "opened" in request.caller.memory:
            raise Refused("bad_request", "opened once, and how")
        request.caller.memory["opened"] = how
        request.caller.memory["own"] = SignIn(self._gate)
        self._note(Event("maintenance_opened"), how=how)
        try:
            key = self._gate.keeping.key().hex()
            known = bool(self._gate.keeping.staff().people)
        except StaffError:
            key, known = "", False
        return {"key": key, "terminal": self._gate.terminal, "known": known}

    def card(self, request: Request) -> None:
        """Take a card's keyed hash."""
        self._try(lambda own: own.card(request.text("card")), request)

    def code(self, request: Request) -> None:
        """Take a one-time code."""
        self._try(lambda own: own.code(request.text("code")), request)

    def pin(self, request: Request) -> Mapping[str, object]:
        """Take the PIN."""
        self._try(lambda own: own.pin(request.text("pin")), request)
        person = signing_in(request).person
        if person is None:
            raise Refused("not_allowed")
        rights = sorted(RIGHTS[person.role])
        return {"work_no": person.work_no, "role": person.role.value, "rights": rights}

    def refused(self, request: Request) -> None:
        """Count a card that the reader could not believe: worn, copied, of another kind."""
        self._try(lambda own: own.unreadable(), request)

    def leave(self, request: Request) -> None:
        """Close maintenance."""
        how = request.text("how")
        if request.caller.memory.pop("opened", None):
            self._close(request.caller, how if how in _HOW else "lost")

    def audit(self, request: Request) -> None:
        """Write what the session did to a device."""
        name, fields = request.text("event"), request.fields.get("fields")
        person = signing_in(request).person
        if not may_write(ROLE, name) or person is None or not isinstance(fields, dict):
            raise Refused("bad_request", "no event of maintenance")
        told = {str(key): str(value)[:40] for key, value in fields.items()}
        self._note(Event(name), **{**told, "person": person.work_no})

    @staticmethod
    def _try(act: Callable[[SignIn], object], request: Request) -> None:
        try:
            act(signing_in(request))
        except sign_in.Refused as no:
            raise Refused(no.reason, f"{no.left}/{no.wait_s:.0f}") from no

    def _close(self, caller: Caller, how: str) -> None:
        own = caller.memory.pop("own", None)
        person = own.person if isinstance(own, SignIn) else None
        self._note(
            Event("maintenance_closed"), how=how, person="-" if person is None else person.work_no
        )


def signing_in(request: Request) -> SignIn:
    """Return the way in of a connection.

    Raises:
        Refused: it did not begin.
    """
    own = request.caller.memory.get("own")
    if not isinstance(own, SignIn):
        raise Refused("not_allowed", "begin first")
    return own


def work_no(request: Request) -> str:
    """Return who is signed in.

    Raises:
        Refused: nobody is.
    """
    person = signing_in(request).person
    if person is None:
        raise Refused("not_allowed")
    return person.work_no
