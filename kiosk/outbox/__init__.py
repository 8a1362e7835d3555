"""The durable store of sealed submissions; one agent owns it.

What may be done here: keeping bytes and numbers so that nothing acknowledged is lost,
and erasing them when they are no longer owed. What may not: opening what is sealed,
talking to anybody, deciding when to try again.
"""

from kiosk.outbox.errors import (
    OutboxConflict,
    OutboxError,
    OutboxFull,
    OutboxUnusable,
)
from kiosk.outbox.records import Counts, Entry, Numbers, Parcel, State, Status
from kiosk.outbox.store import Outbox

__all__ = [
    "Counts",
    "Entry",
    "Numbers",
    "Outbox",
    "OutboxConflict",
    "OutboxError",
    "OutboxFull",
    "OutboxUnusable",
    "Parcel",
    "State",
    "Status",
]
