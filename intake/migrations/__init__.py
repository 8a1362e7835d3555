"""The revisions of the intake's tables; `kiosk.database.migrating` runs what a database lacks.

A change of the tables is a new file in ``versions`` beside the change in the model;
``tests/unit/test_intake_migrations.py`` says when the two differ. Databases from before there were
revisions have no ``alembic_version``: revision 0001 makes what they lack.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from intake.records.model import Base
from kiosk.database import Revisions, revision_of
from kiosk.database import bring_up_to_date as upgrade

__all__ = ["DIRECTORY", "HEAD", "bring_up_to_date", "revision_of"]

HEAD: Final = "0005"
"""The revision this program works with."""
DIRECTORY: Final = Path(__file__).parent


def bring_up_to_date(engine: Engine) -> None:
    """Make the intake's tables, or change them to what it needs; others wait meanwhile.

    Raises:
        kiosk.database.OldTablesError: tables from before there were revisions lack a column.
        kiosk.database.NewTablesError: the database has been used by a newer program.
    """
    upgrade(engine, Revisions(head=HEAD, directory=DIRECTORY, wanted=Base.metadata))
