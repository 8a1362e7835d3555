"""What happened on this terminal, in an order nobody can change unseen.

What may be done here: the catalogue of events, and the hash-chained log.
What may not: values of citizens. An event's fields are types, counts, device
names and numbers that belong to the terminal.
"""

from kiosk.audit.events import Event
from kiosk.audit.log import AuditLog, verify

__all__ = ["AuditLog", "Event", "verify"]
