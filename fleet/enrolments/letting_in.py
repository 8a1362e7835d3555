"""An approved terminal becomes one of the fleet: the office's word, our row and the journal.

Two databases can't be one transaction. The row and its entry are written first and committed last:
what the office refuses leaves nothing here. A death between the office's commit and ours leaves a
terminal with a certificate that the fleet does not know; whoever stands there sees it enrolled, and
it is let in once more with ``kiosk enrol --replaces``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, insert, select

from fleet import journal
from fleet.enrolments.office import Approved, DeskOffice, OfficeRefused
from fleet.rollouts.placing import OnTheMove, demand_may_join, demand_may_move
from fleet.store.model import Expected, Terminal
from fleet.terminals import finding
from kiosk.status.rings import LAST, ring_of

NotLetIn = OfficeRefused
ON_THE_MOVE: Final = "on_the_move"
"""Why somebody is not let in whom the office would: a release is on its way through the group."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placing:
    """Where a terminal stands and what it belongs to.

    Attributes:
        title: what people call it.
        site: where it stands.
        kind: of the site.
        group: of releases and commands; it says the ring, too (`kiosk.status.rings`).
        latitude: degrees north, or none.
        longitude: degrees east, or none.
    """

    title: str
    site: str = ""
    kind: str = "hall"
    group: str = LAST
    latitude: float | None = None
    longitude: float | None = None

    def row(self) -> dict[str, Any]:
        """Return the columns of `fleet.store.model.Terminal`."""
        return {
            "title": self.title,
            "site": self.site,
            "kind": self.kind,
            "release_group": self.group,
            "ring": ring_of(self.group),
            "latitude": self.latitude,
            "longitude": self.longitude,
        }


class LettingIn:
    """What operators do about terminals that wait."""

    def __init__(self, engine: Engine, office: DeskOffice) -> None:
        """Take the fleet's database and the desk's office."""
        self._engine = engine.execution_options(writes=True)
        self.office = office

    def approve(
        self,
        approved: Approved,
        placing: Placing,
        *,
        replaces: bool,
        now: datetime | None = None,
    ) -> str:
        """Let a terminal in that shows this code; returns its id.

        Args:
            approved: the code, who decides, the id where the terminal names none.
            placing: where it stands; of a replacement only what is not known yet counts.
            replaces: a new machine in the place of a dead one, as the list said.
            now: the time; without it, this machine's.

        Raises:
            NotLetIn: the office did not do it, or a release is on its way through the group;
                nothing was written.
        """
        now = now or datetime.now(UTC)
        with self._engine.begin() as connection:
            kept = self._kept(connection, approved.terminal)
            if replaces and kept is not None:
                placing = placing_of(kept)
            _demand_still(connection, kept.release_group if kept is not None else None, placing)
            approved = replace(approved, group=placing.group)
            name = self.office.approve(approved, now)
            values = placing.row() | {"jurisdiction": approved.jurisdiction, "enrolled_at": now}
            self._written(connection, name, values, there=kept is not None)
            action = "terminal_replaced" if replaces else "terminal_added"
            detail = f"{placing.title} / {placing.site} / {placing.group}"
            if approved.stolen:
                detail += " / 原机被盗"
            connection.execute(delete(Expected).where(Expected.name == name))
            journal.append(connection, approved.by, action, name, detail=detail)
        return name

    def refuse(self, code: str, by: str, what: str, now: datetime | None = None) -> None:
        """Turn a terminal away.

        Raises:
            NotLetIn: nobody shows this code.
        """
        with self._engine.begin() as connection:
            journal.append(connection, by, "enrolment_refused", what or "-")
            self.office.refuse(code, by, now or datetime.now(UTC))

    @staticmethod
    def _kept(connection: Connection, name: str) -> Any | None:
        return connection.execute(select(Terminal).where(Terminal.name == name)).one_or_none()

    @staticmethod
    def _written(
        connection: Connection, name: str, values: Mapping[str, Any], *, there: bool
    ) -> None:
        if there:
            finding.place(connection, name, values)
        else:
            connection.execute(insert(Terminal).values(name=name, **values))


def _demand_still(connection: Connection, kept: str | None, placing: Placing) -> None:
    """Refuse who would come into a ring, or change it, while a release is on its way there."""
    try:
        if kept is None:
            demand_may_join(connection, placing.group)
        else:
            demand_may_move(connection, kept, placing.group)
    except OnTheMove as error:
        raise NotLetIn(str(error), ON_THE_MOVE) from error


def placing_of(row: Any) -> Placing:
    """Return what is known of where a terminal stands."""
    return Placing(
        title=row.title,
        site=row.site,
        kind=row.kind,
        group=row.release_group,
        latitude=row.latitude,
        longitude=row.longitude,
    )
