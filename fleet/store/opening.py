"""Opening the fleet's database and bringing its tables up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Engine, inspect, make_url

from fleet.errors import FleetError
from fleet.store.model import Base, Terminal
from kiosk.database import Revisions, bring_up_to_date, open_engine

LOCK_WAIT_S: Final = 10.0
REVISIONS: Final = Revisions(head="0006", directory=Path(__file__).parent, wanted=Base.metadata)


def open_used_store(url: str) -> Engine:
    """The same of a database that is in use already: a mistyped address makes no empty one.

    Raises:
        FleetError: there is no such database, or it is not of the console.
    """
    wanted = make_url(url)
    if wanted.get_backend_name() == "sqlite" and not Path(wanted.database or "").is_file():
        raise FleetError(f"there is no database {wanted.database}: name the console's own")
    engine = open_engine(url, LOCK_WAIT_S)
    if not inspect(engine).has_table(Terminal.__tablename__):
        engine.dispose()
        raise FleetError(f"{wanted.render_as_string()} is not the console's database")
    engine.dispose()
    return open_store(url)


def open_store(url: str) -> Engine:
    """Return the engine of a SQLAlchemy URL, its tables up to date.

    Raises:
        kiosk.database.NewTablesError: a newer program has used it.
        sqlalchemy.exc.SQLAlchemyError: it can't be reached or changed.
    """
    engine = open_engine(url, LOCK_WAIT_S)
    bring_up_to_date(engine, REVISIONS)
    return engine
