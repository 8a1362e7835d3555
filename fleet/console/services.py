"""What the pages stand on, given to each request by the application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine

from fleet.attachments import Kept
from fleet.console.live import Hub
from fleet.console.painter import Painter
from fleet.enrolments import LettingIn
from fleet.metrics import Metrics
from fleet.orders import CommandDesk
from fleet.orders.windows import Windows
from fleet.people import SigningIn
from fleet.release.repository import Repository
from fleet.reports import Reports


@dataclass(frozen=True, kw_only=True, slots=True)
class Console:
    """The rooms behind the pages.

    Attributes:
        title: whose terminals these are, as the overview names them.
        engine: of the fleet's database.
        door: who may come in.
        desk: gives commands.
        hub: tells open pages what changed.
        files: what terminals sent with their answers.
        reports: sums of days.
        connected: whether the bus is there.
        secure: browsers come by TLS.
        repository: of releases; none: their pages say so.
        letting_in: where terminals enrol; none: the page says so.
        windows: of maintenance; none: they can't be planned here.
        metrics: for Prometheus; none: there is no such page.
        painter: paints releases, where this machine can.
    """

    title: str
    engine: Engine
    door: SigningIn
    desk: CommandDesk
    hub: Hub
    files: Kept
    reports: Reports
    connected: Callable[[], bool]
    secure: bool
    repository: Repository | None = None
    letting_in: LettingIn | None = None
    windows: Windows | None = None
    metrics: Metrics | None = None
    painter: Painter = field(default_factory=Painter)

    @property
    def cookie(self) -> str:
        """Name of the cookie; with TLS browsers hold it to this very host."""
        return "__Host-yiduan" if self.secure else "yiduan"


def _console(request: Request) -> Console:
    console: Console = request.app.state.console
    return console


Rooms = Annotated[Console, Depends(_console)]
