"""How the terminal itself is: its power and its cabinet, from the services of UPS and panel.

Not every terminal has them. A service that is not there, or does not know, narrows nothing; one
that does not answer for a moment is taken at its last word.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

from drivers.service.client import CommandFailed, Event, ServiceClient, ServiceUnavailable
from kiosk.journey.facts import Power, Terminal
from kiosk.session.errands import start

STATUS_S = 2.0

log = structlog.get_logger()

_POWER = {
    "onLine": Power.MAINS,
    "onBattery": Power.BATTERY,
    "lowBattery": Power.LOW,
}
_DOOR = "Door"
"""Ends the name of every door in the standard's Auxiliaries, such as ``cabinetFrontDoor``."""
_OPENED = frozenset({"open", "tampered"})
_RUN = "run"
_STAFF = frozenset({"maintenance", "supervisor"})

Payload = Mapping[str, object]


class Machine:
    """Watches UPS and panel for one session.

    Args:
        run: directory of sockets.
        secret: of the role ``session``.
    """

    def __init__(self, run: Path, secret: str) -> None:
        self._paths = {name: run / "xfs4iot" / f"{name}.sock" for name in ("Ups", "Panel")}
        self._secret = secret
        self._clients: dict[str, ServiceClient] = {}
        self._last: dict[str, Payload] = {}
        self._turn = threading.Lock()
        self._key = ""
        self.turned: Callable[[], None] = lambda: None
        """Called when the key switch was turned from *run* to *maintenance* or *supervisor*."""

    def watch(self, changed: Callable[[Terminal], None]) -> None:
        """Call this now and after every change with how the terminal is; returns at once.

        Services whose socket does not stand are not looked for again in this session.
        """
        there = [name for name, path in self._paths.items() if path.exists()]
        if not there:
            return

        def look() -> None:
            with self._turn:
                changed(self.look())

        def happened(event: Event) -> None:
            if event.name == "Common.StatusChangedEvent":
                start("machine", look, lambda: None)

        for name in there:
            client = ServiceClient(self._paths[name], name, self._secret)
            client.on_unsolicited(happened)
            client.on_connection(lambda _there: start("machine", look, lambda: None))
            self._clients[name] = client
        start("machine", look, lambda: None)

    def look(self) -> Terminal:
        """Ask both; blocks for at most twice `STATUS_S`."""
        ups, panel = (self._status(name) for name in ("Ups", "Panel"))
        self._see_key(panel)
        return terminal(ups, panel)

    def _see_key(self, panel: Payload) -> None:
        """Hear the key only when it is turned: one that was left turned opens nothing again."""
        sensors = panel.get("auxiliaries")
        word = sensors.get("operatorSwitch") if isinstance(sensors, Mapping) else None
        before, self._key = self._key, str(word or "")
        if before == _RUN and self._key in _STAFF:
            self.turned()

    def close(self) -> None:
        """Let go of the services."""
        for client in self._clients.values():
            client.close()

    def _status(self, name: str) -> Payload:
        client = self._clients.get(name)
        if client is None:
            return {}
        try:
            self._last[name] = client.call("Common.Status", None, STATUS_S).payload
        except (CommandFailed, ServiceUnavailable) as gone:
            log.warning("machine_not_told", service=name, problem=type(gone).__name__)
        return self._last.get(name, {})


def terminal(ups: Payload, panel: Payload) -> Terminal:
    """Return how the terminal is, by the statuses of both services; empty where there is none."""
    own = ups.get("xUps")
    word = own.get("power") if isinstance(own, Mapping) else None
    sensors = panel.get("auxiliaries")
    sensors = sensors if isinstance(sensors, Mapping) else {}
    opened = any(str(name).endswith(_DOOR) and word in _OPENED for name, word in sensors.items())
    return Terminal(
        power=_POWER.get(str(word), Power.UNKNOWN),
        opened=opened or sensors.get("tamperSensor") == "on",
    )
