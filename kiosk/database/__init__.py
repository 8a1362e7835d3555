"""A relational database as the services on the other end of the wire use one.

What may be done in this room: open SQLite or PostgreSQL with the settings that durability and
fairness need, bring tables up to date, keep times aware. No table of anybody's stands here, and no
terminal uses it: its own store is `kiosk.outbox`.
"""

from kiosk.database.engine import is_lock_timeout, open_engine
from kiosk.database.migrating import (
    NewTablesError,
    OldTablesError,
    Revisions,
    bring_up_to_date,
    require_tables,
    revision_of,
)
from kiosk.database.types import Utc

__all__ = [
    "NewTablesError",
    "OldTablesError",
    "Revisions",
    "Utc",
    "bring_up_to_date",
    "is_lock_timeout",
    "open_engine",
    "require_tables",
    "revision_of",
]
