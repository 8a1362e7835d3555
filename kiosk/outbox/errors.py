"""The exception family of this room; each says who must act.

::

    OutboxError
    ├── OutboxFull       no room: staff must see to it; nothing was stored
    ├── OutboxConflict   the same submission id with other bytes: a developer must act
    └── OutboxUnusable   the file can't be opened, written or trusted: staff must act
"""

from __future__ import annotations


class OutboxError(Exception):
    """A submission could not be kept, or the store not be used."""


class OutboxFull(OutboxError):
    """The disk, or the store's own bound, leaves no room."""


class OutboxConflict(OutboxError):
    """This submission id is already stored with other bytes."""


class OutboxUnusable(OutboxError):
    """The store can't be relied upon; what it says afterwards is not to be believed."""
