"""Commands to terminals: signed here, given over the bus, answered by each terminal.

What may be done in this room: make a command and keep what became of it. Who may give one is said
by `fleet.people`; what it does, by the terminal.
"""

from fleet.orders.desk import CommandDesk, Wanted
from fleet.orders.key import command_key

__all__ = ["CommandDesk", "Wanted", "command_key"]
