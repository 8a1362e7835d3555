"""What maintenance mode may ask of the agent, on ``agent.sock``.

Theory of operation
-------------------
The maintenance session paints and reads cards; whoever stands before it is known here, where the
list, the counts and the files are.  A connection is one way in: nothing but ``begin``, ``card``,
``code``, ``pin``, ``refused`` and ``leave`` is answered before somebody signed in, and then only
what their role may do.  When the connection ends, so does what it had.

===============  =============================  ==================================================
operation        fields                         answer
===============  =============================  ==================================================
``begin``        ``how``                        ``key`` (of card hashes), ``terminal, known``
``card``         ``card`` (keyed hash)          nothing
``code``         ``code``                       nothing
``pin``          ``pin``                        ``work_no, role, rights``
``refused``      ``reason``                     nothing; a card that could not be read is counted
``look``         –                              ``out, outbox, station, version, stick, checked,
                                                orders``
``examine``      –                              ``findings, verdict`` of ``kiosk doctor``
``retry``        –                              ``done``
``export``       –                              ``done``
``serve``        ``out``, ``reason, until``     nothing
``order``        ``what``: restart, shut_down   nothing
``bundle``       –                              ``file, bytes``
``keep_pdf``     ``name``, one memory file      ``file``
``check_began``  –                              nothing
``check_ended``  ``check``                      nothing
``station``      ``sound, brightness``          nothing
``find``         ``local_no``                   ``state, age_s, reason``
``audit``        ``event, fields``              nothing; the person is added here
``leave``        ``how``                        nothing
===============  =============================  ==================================================

Refusals: `sign_in.Refused`'s reasons (``left``, ``wait_s`` in the detail as ``left/wait_s``),
``not_allowed``, ``no_stick``, ``not_here``, ``unusable``, ``bad_request``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from kiosk.agent import machine_orders, sign_in
from kiosk.agent.service import STATION, Out, Service, ServiceError
from kiosk.agent.sign_in import Gate, SignIn
from kiosk.agent.stick import NoStick, Stick
from kiosk.audit import Event
from kiosk.audit.events import may_write
from kiosk.channel import Caller, Refused, Request
from kiosk.channel.server import Handler
from kiosk.maintenance.opening_check import FILE as CHECK_FILE
from kiosk.maintenance.opening_check import CheckError, Record, kept
from kiosk.maintenance.staff import RIGHTS, Right, StaffError
from kiosk.outbox import Entry, Outbox, OutboxError, counting
from kiosk.outbox.report import FILE, as_object, damaged_files

ROLE: Final = "maintenance"
_LEVELS: Final = range(11)
_HOW: Final = frozenset({"left", "idle", "cap"})
_OPENED: Final = frozenset({"hold", "switch", "command"})
_LOCAL_NO: Final = re.compile(r"L[0-9A-Z-]{1,31}\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Upkeep:
    """What maintenance works with on this machine.

    Attributes:
        state: the agent's directory.
        stick: where a USB stick is mounted.
        stick_folder: a plain directory there will do, as at a desk.
        restart: command of the operating system, or empty.
        shut_down: the same.
        settings: layers, for ``kiosk doctor``.
        version: of the software.
    """

    state: Path
    stick: Path = Path("/media/yiduan")
    stick_folder: bool = False
    restart: tuple[str, ...] = ()
    shut_down: tuple[str, ...] = ()
    settings: tuple[Path, ...] = field(default_factory=tuple)
    version: str = ""


class MaintenanceDesk:
    """The operations, over the gate, the store and the service."""

    def __init__(
        self,
        upkeep: Upkeep,
        gate: Gate,
        service: Service,
        outbox: Outbox,
        note: Callable[..., None],
    ) -> None:
        self._upkeep, self._gate, self._service = upkeep, gate, service
        self._outbox, self._note = outbox, note
        self._stick = Stick(upkeep.stick, folder=upkeep.stick_folder)

    def operations(self) -> Mapping[tuple[str, str], Handler]:
        """Return the table for the server."""
        free: dict[str, Handler] = {
            "begin": self.begin,
            "card": self.card,
            "code": self.code,
            "pin": self.pin,
            "refused": self.refused,
            "leave": self.leave,
            "audit": self.audit,
        }
        by_right: dict[str, tuple[Right, Handler]] = {
            "look": (Right.LOOK, self.look),
            "examine": (Right.REPORT, self.examine),
            "retry": (Right.RETRY, self.retry),
            "export": (Right.EXPORT, self.export),
            "serve": (Right.SERVICE, self.serve),
            "order": (Right.POWER, self.order),
            "bundle": (Right.DIAGNOSTICS, self.bundle),
            "keep_pdf": (Right.REPORT, self.keep_pdf),
            "check_began": (Right.CHECK, self.check_began),
            "check_ended": (Right.CHECK, self.check_ended),
            "station": (Right.SOUND, self.station),
            "find": (Right.HELP, self.find),
        }
        held = {name: self._held(*own) for name, own in by_right.items()}
        return {(ROLE, name): handler for name, handler in {**free, **held}.items()}

    def left(self, caller: Caller) -> None:
        """End what a connection had: the session is gone, however."""
        if caller.role == ROLE and caller.memory.pop("opened", None):
            self._close(caller, "lost")

    # -- who is there

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
        person = self._own(request).person
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
        person = self._own(request).person
        if not may_write(ROLE, name) or person is None or not isinstance(fields, dict):
            raise Refused("bad_request", "no event of maintenance")
        told = {str(key): str(value)[:40] for key, value in fields.items()}
        self._note(Event(name), **{**told, "person": person.work_no})

    # -- how the terminal is

    def look(self, request: Request) -> Mapping[str, object]:
        """Tell what a glance shows besides the devices."""
        del request
        out = self._service.out
        station = self._gate.keeping.document(STATION)
        checks = kept(self._gate.keeping.document(CHECK_FILE))
        return {
            "out": None if out is None else {"reason": out.reason, "until": out.until},
            "outbox": self._counted(),
            "station": {name: station.get(name, 7) for name in ("sound", "brightness")},
            "version": self._upkeep.version,
            "stick": self._stick.there,
            "checked": checks[-1].as_document() if checks else None,
            "orders": [
                what
                for what, command in (
                    ("restart", self._upkeep.restart),
                    ("shut_down", self._upkeep.shut_down),
                )
                if command
            ],
        }

    def examine(self, request: Request) -> Mapping[str, object]:
        """Have the doctor look at everything; takes some seconds."""
        del request
        try:
            return machine_orders.examine(self._upkeep.state, self._upkeep.settings)
        except machine_orders.NotDone as error:
            raise Refused("unusable", str(error)) from error

    def find(self, request: Request) -> Mapping[str, object]:
        """Tell where a local number stands; nothing of whom or what."""
        local_no = request.text("local_no").strip().upper()
        if not _LOCAL_NO.match(local_no):
            raise Refused("bad_request", "no local number")
        try:
            found = counting.find(self._upkeep.state / FILE, local_no)
        except OutboxError as error:
            raise Refused("unusable", str(error)) from error
        state = "none" if found is None else str(found["state"])
        self._note(Event("slip_looked_up"), person=self._person(request), found=state)
        return {"state": state} if found is None else found

    # -- what is done

    def retry(self, request: Request) -> Mapping[str, object]:
        """Send everything again that waits or was refused; what was stopped on purpose stays so."""
        entries, stopped = self._owed()
        well = [self._release(one, request.caller.uid) for one in entries if one.row not in stopped]
        left = len(entries) - len(well)
        return {"done": sum(well), "stopped": left, "failed": well.count(False)}

    def _release(self, entry: Entry, uid: int) -> bool:
        """Send one again; says whether the store took it."""
        try:
            self._outbox.release(entry)
        except OutboxError:
            return False
        self._note(Event("submission_released"), local_no=entry.local_no, uid=uid)
        return True

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

    def serve(self, request: Request) -> None:
        """Take the terminal out of service, or back."""
        person = self._person(request)
        try:
            if request.fields.get("out") is True:
                out = Out(reason=request.text("reason"), until=request.text("until"))
                self._service.stop(out, person)
            else:
                self._service.resume(person)
        except (ServiceError, OSError) as error:
            raise Refused("unusable", str(error)) from error

    def order(self, request: Request) -> None:
        """Have the machine restart or shut down."""
        commands = {"restart": self._upkeep.restart, "shut_down": self._upkeep.shut_down}
        what = request.text("what")
        if not commands.get(what):
            raise Refused("not_here", "this machine has no command for it")
        self._note(Event("machine_ordered"), person=self._person(request), what=what)
        machine_orders.order(commands[what])

    def bundle(self, request: Request) -> Mapping[str, object]:
        """Write the diagnostics bundle to the stick."""
        from kiosk.agent.diagnostics import bundle  # noqa: PLC0415 - zip and all: rarely needed

        try:
            path = self._stick.path(f"diagnostics-{self._gate.terminal}", "zip")
            size = bundle(path, self._upkeep, self._counted())
            self._stick.check()
        except NoStick as error:
            raise Refused("no_stick", str(error)) from error
        except OSError as error:
            raise Refused("unusable", str(error)) from error
        self._note(Event("diagnostics_taken"), person=self._person(request), bytes=size)
        return {"file": path.name, "bytes": size}

    def keep_pdf(self, request: Request) -> Mapping[str, object]:
        """Write the readiness report to the stick."""
        if len(request.fds) != 1:
            raise Refused("bad_request", "one file")
        try:
            path = self._stick.path(f"report-{self._gate.terminal}", "pdf")
            self._stick.take(path, request.fds[0])
        except NoStick as error:
            raise Refused("no_stick", str(error)) from error
        except OSError as error:
            raise Refused("unusable", str(error)) from error
        return {"file": path.name}

    def check_began(self, request: Request) -> None:
        """Note that the opening check was begun."""
        self._note(Event("opening_check_began"), person=self._person(request))

    def check_ended(self, request: Request) -> None:
        """Keep an opening check with its date and the work number."""
        person = self._person(request)
        keeping = self._gate.keeping
        now = datetime.fromtimestamp(self._gate.wall()).astimezone()
        try:
            record = Record.of(request.fields.get("check"), by=person, at=now)
            keeping.keep(CHECK_FILE, record.after(kept(keeping.document(CHECK_FILE))))
        except CheckError as error:
            raise Refused("bad_request", str(error)) from error
        except OSError as error:
            raise Refused("unusable", str(error)) from error
        self._note(Event("opening_check_ended"), person=person, **record.figures())

    def station(self, request: Request) -> None:
        """Keep how loud and how bright it is, each 0 to 10."""
        levels = {name: int(request.number(name)) for name in ("sound", "brightness")}
        if not all(level in _LEVELS for level in levels.values()):
            raise Refused("bad_request", "0 to 10")
        try:
            self._gate.keeping.keep(STATION, dict(levels))
        except OSError as error:
            raise Refused("not_kept", str(error)) from error

    # -- inside

    def _held(self, right: Right, handler: Handler) -> Handler:
        """Let only those with the right reach a handler."""

        def held(request: Request) -> Mapping[str, object] | None:
            if not self._own(request).may(right):
                raise Refused("not_allowed", right.value)
            return handler(request)

        return held

    def _try(self, act: Callable[[SignIn], object], request: Request) -> None:
        try:
            act(self._own(request))
        except sign_in.Refused as no:
            raise Refused(no.reason, f"{no.left}/{no.wait_s:.0f}") from no

    @staticmethod
    def _own(request: Request) -> SignIn:
        own = request.caller.memory.get("own")
        if not isinstance(own, SignIn):
            raise Refused("not_allowed", "begin first")
        return own

    def _person(self, request: Request) -> str:
        person = self._own(request).person
        if person is None:
            raise Refused("not_allowed")
        return person.work_no

    def _close(self, caller: Caller, how: str) -> None:
        own = caller.memory.pop("own", None)
        person = own.person if isinstance(own, SignIn) else None
        self._note(
            Event("maintenance_closed"), how=how, person="-" if person is None else person.work_no
        )

    def _counted(self) -> dict[str, object]:
        try:
            return as_object(self._outbox.counts(), damaged_files(self._upkeep.state))
        except OutboxError as error:
            return {"unusable": type(error).__name__}

    def _owed(self) -> tuple[tuple[Entry, ...], frozenset[int]]:
        """Return what is here, and the rows of it that were stopped."""
        try:
            return self._outbox.owed(), self._outbox.stopped()
        except OutboxError as error:
            raise Refused("unusable", str(error)) from error
