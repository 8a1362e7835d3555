"""The intake's way to its database."""

from kiosk.database import (
    NewTablesError,
    OldTablesError,
    is_lock_timeout,
    open_engine,
    require_tables,
)

__all__ = [
    "NewTablesError",
    "OldTablesError",
    "is_lock_timeout",
    "open_engine",
    "require_tables",
]
