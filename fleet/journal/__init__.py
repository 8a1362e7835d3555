"""What persons did at the console, in an order nobody can change unseen.

What may be done in this room: append an entry in the transaction of the act it tells of, read
entries, and verify their chain.
"""

from fleet.journal.entries import ACTIONS, JournalBroken, append, newest, verify

__all__ = ["ACTIONS", "JournalBroken", "append", "newest", "verify"]
