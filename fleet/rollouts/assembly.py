"""Puts together who carries rollouts, for the console and for the command beside it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from fleet.bus import Centre
from fleet.keys import holders
from fleet.orders import CommandDesk
from fleet.release import checking
from fleet.release.repository import Repository
from fleet.rollouts.carrier import Carrier, Means


def carrier_of(
    engine: Engine, repository: Path, online: Path, desk: CommandDesk, centre: Centre | None
) -> Carrier:
    """Return who carries rollouts, over a connection to the bus or without one.

    Args:
        engine: of the fleet's database.
        repository: of releases.
        online: directory of the publishing machine's keys.
        desk: gives commands.
        centre: the bus.
    """
    return Carrier(
        Means(
            engine=engine,
            repository=Repository(repository),
            online=lambda: holders.online(online),
            check=checking.check,
            desk=desk,
            nudge=lambda group, version: centre is not None and centre.nudge(group, version),
            connected=lambda: centre is not None and centre.connected,
        )
    )
