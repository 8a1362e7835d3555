"""The terminal as a whole: how it is, whether it serves, how loud, the opening check, its power."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from kiosk.agent import machine_orders
from kiosk.agent.maintenance.presence import Note, work_no
from kiosk.agent.maintenance.upkeep import Upkeep
from kiosk.agent.service import STATION, TOUCH, Out, Service, ServiceError
from kiosk.agent.sign_in import Gate
from kiosk.agent.stick import Stick
from kiosk.audit import Event
from kiosk.channel import Refused, Request
from kiosk.channel.server import Handler
from kiosk.maintenance.faults import Condition
from kiosk.maintenance.opening_check import FILE as CHECK_FILE
from kiosk.maintenance.opening_check import CheckError, Record, kept
from kiosk.maintenance.staff import Right
from kiosk.maintenance.touch_matrix import is_matrix

_LEVELS: Final = range(11)
MOST_PANELS: Final = 8


class Machine:
    """The operations on the terminal itself."""

    def __init__(
        self,
        upkeep: Upkeep,
        gate: Gate,
        service: Service,
        *,
        stick: Stick,
        counted: Callable[[], Mapping[str, object]],
        unprinted: Callable[[], int],
        stands: Callable[[], Iterable[Condition]],
        note: Note,
    ) -> None:
        self._upkeep, self._service, self._stick = upkeep, service, stick
        self._keeping, self._wall = gate.keeping, gate.wall
        self._counted, self._unprinted, self._note = counted, unprinted, note
        self._stands = stands
        self._orders = {"restart": upkeep.restart, "shut_down": upkeep.shut_down}
        self._offered = {**self._orders, "train": upkeep.training, "clock": upkeep.clock}

    def operations(self) -> Mapping[str, tuple[Right, Handler]]:
        """Return them by name, each with the right it takes."""
        return {
            "look": (Right.LOOK, self.look),
            "examine": (Right.REPORT, self.examine),
            "serve": (Right.SERVICE, self.serve),
            "order": (Right.POWER, self.order),
            "check_began": (Right.CHECK, self.check_began),
            "check_ended": (Right.CHECK, self.check_ended),
            "station": (Right.SOUND, self.station),
            "touch": (Right.TEST, self.touch),
        }

    def look(self, request: Request) -> Mapping[str, object]:
        """Tell what a glance shows besides the devices."""
        del request
        out = self._service.out
        station = self._keeping.document(STATION)
        checks = kept(self._keeping.document(CHECK_FILE))
        return {
            "out": None if out is None else {"reason": out.reason, "until": out.until},
            "outbox": self._counted(),
            "unprinted": self._unprinted(),
            "stands": [f"{one.subject}.{one.word}" for one in self._stands()],
            "station": {name: station.get(name, 7) for name in ("sound", "brightness")},
            "version": self._upkeep.version,
            "stick": self._stick.there,
            "checked": checks[-1].as_document() if checks else None,
            "orders": [what for what, command in self._offered.items() if command],
        }

    def examine(self, request: Request) -> Mapping[str, object]:
        """Have the doctor look at everything; takes some seconds."""
        del request
        try:
            return machine_orders.examine(self._upkeep.state, self._upkeep.settings)
        except machine_orders.NotDone as error:
            raise Refused("unusable", str(error)) from error

    def serve(self, request: Request) -> None:
        """Take the terminal out of service, or back."""
        person = work_no(request)
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
        what = request.text("what")
        if not self._orders.get(what):
            raise Refused("not_here", "this machine has no command for it")
        self._note(Event("machine_ordered"), person=work_no(request), what=what)
        machine_orders.order(self._orders[what])

    def check_began(self, request: Request) -> None:
        """Note that the opening check was begun."""
        self._note(Event("opening_check_began"), person=work_no(request))

    def check_ended(self, request: Request) -> None:
        """Keep an opening check with its date and the work number."""
        person = work_no(request)
        now = datetime.fromtimestamp(self._wall()).astimezone()
        try:
            record = Record.of(request.fields.get("check"), by=person, at=now)
            self._keeping.keep(CHECK_FILE, record.after(kept(self._keeping.document(CHECK_FILE))))
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
            self._keeping.keep(STATION, dict(levels))
        except OSError as error:
            raise Refused("not_kept", str(error)) from error

    def touch(self, request: Request) -> None:
        """Keep the matrices of touch panels, by the names of their devices."""
        told = request.fields.get("panels")
        panels = told if isinstance(told, dict) else {}
        if not 0 < len(panels) <= MOST_PANELS or not all(map(is_matrix, panels.values())):
            raise Refused("bad_request", "matrices by name")
        try:
            self._keeping.keep(TOUCH, {str(name)[:80]: own for name, own in panels.items()})
        except OSError as error:
            raise Refused("not_kept", str(error)) from error
        self._note(Event("touch_calibrated"), person=work_no(request))
