"""What happened on this terminal, in an order nobody can change unseen.

What may be done here: the catalogue of events, and the hash-chained log.
What may not: values of citizens. An event's fields are types, counts, device
names and numbers that belong to the terminal.
"""

from kiosk.audit.chain import AuditBroken, Head
from kiosk.audit.events import Event
from kiosk.audit.log import AuditLog
from kiosk.audit.verification import Verified, verify

__all__ = ["AuditBroken", "AuditLog", "Event", "Head", "Verified", "verify"]
