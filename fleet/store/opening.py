"""Opening the fleet's database and bringing its tables up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from fleet.store.model import Base
from kiosk.database import Revisions, bring_up_to_date, open_engine

LOCK_WAIT_S: Final = 10.0
REVISIONS: Final = Revisions(head="0005", directory=Path(__file__).parent, wanted=Base.metadata)


def open_store(url: str) -> Engine:
    """Return the engine of a SQLAlchemy URL, its tables up to date.

    Raises:
        kiosk.database.NewTablesError: a newer program has used it.
        sqlalchemy.exc.SQLAlchemyError: it can't be reached or changed.
    """
    engine = open_engine(url, LOCK_WAIT_S)
    bring_up_to_date(engine, REVISIONS)
    return engine
