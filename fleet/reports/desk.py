"""What pages of reports stand on."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from fleet.reports.closing import Closing
from fleet.reports.names import Names
from fleet.reports.promised import Figures
from fleet.reports.ranking import Busiest


class Reports:
    """Sums of days, names of what is counted, and what the catalogue promises.

    Attributes:
        closing: sums of days by place.
        busiest: terminals by their visits.
        names: of things and places.
        promised: the four figures of a place's things.
    """

    def __init__(self, engine: Engine, config: Path | None) -> None:
        """Names come from the configuration directory; without one codes are shown."""
        self.closing = Closing(engine)
        self.busiest = Busiest(engine)
        self.names = Names(config)
        self.promised = Figures()
