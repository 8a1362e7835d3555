"""The web console: server-rendered pages, a little plain JavaScript, live by server-sent events.

What may be done in this room: show what the rooms beside keep, and pass on what persons want, after
asking `fleet.people` whether they may. No rule of terminals, rollouts or persons stands here.
"""

from fleet.console.app import create
from fleet.console.services import Console

__all__ = ["Console", "create"]
