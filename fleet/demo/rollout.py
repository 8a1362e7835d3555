"""A rollout to look at: the second release goes from ring to ring, a minute each, by its gates."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import Engine

from fleet.bus import Centre, Ears
from fleet.demo.centre import NEXT
from fleet.demo.places import Places
from fleet.keys import holders
from fleet.orders import CommandDesk, command_key
from fleet.release.repository import Repository
from fleet.rollouts import ledger, office
from fleet.rollouts.carrier import Carrier, Means
from fleet.rollouts.gate import Limits
from kiosk.status.address import Address

SOAK: Final = timedelta(minutes=1)
"""A ring is watched; an hour and more outside of a demonstration."""
NOTE: Final = "等候时间改成 30 秒"


class Rollouts:
    """Carries rollouts beside the console, as `kiosk-fleet rollout carry` does.

    The terminal's check of a pack is left out, as at the first release: see
    `fleet.demo.centre.make_releases`.
    """

    def __init__(self, engine: Engine, places: Places, bus_port: int) -> None:
        """Connect to the bus and take the publishing machine's throw-away keys."""
        address = Address(
            host="localhost",
            port=bus_port,
            authority=places.desk / "ca.crt",
            certificate=places.console / "bus.crt",
            key=places.console / "bus.pem",
        )
        self._engine = engine
        self._repository = Repository(places.releases / "repository")
        self._centre = Centre(address, Ears(), name="carrier")
        key = command_key(places.console)
        self._carrier = Carrier(
            Means(
                engine=engine,
                repository=self._repository,
                online=lambda: holders.online(places.releases / "online"),
                check=lambda _pack: None,
                desk=CommandDesk(engine, key, self._send),
                nudge=self._centre.nudge,
                connected=lambda: self._centre.connected,
            )
        )

    def start(self, by: str, *, begin: bool) -> None:
        """Begin to carry; the first time, begin the rollout, too, unless a person shall."""
        self._centre.start()
        if begin and not ledger.newest(self._engine, 1):
            limits = Limits(soak_s=int(SOAK.total_seconds()))
            wanted = office.Wanted(release=NEXT, note=NOTE, by=by, limits=limits)
            office.begin(self._engine, self._repository, wanted)
        self._carrier.start()

    def stop(self) -> None:
        """End."""
        self._carrier.stop()
        self._centre.stop()

    def _send(self, recipient: str, data: bytes, seconds: int) -> bool:
        return self._centre.command(recipient, data, good_for_s=seconds)
