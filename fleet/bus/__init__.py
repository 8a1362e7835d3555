"""The centre's end of the bus: hears all terminals, gives commands.

What may be done in this room: connect to the broker as the centre, parse what comes, hand it on.
What it means is for the rooms that keep it.
"""

from fleet.bus.centre import Centre, Ears

__all__ = ["Centre", "Ears"]
