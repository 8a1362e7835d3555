"""What maintenance mode may ask of the agent: who is there, and what their role may have done.

What may be done here: operations on ``agent.sock`` for the role ``maintenance``, one module a
group of them; each group names the right that every operation takes.  What may not: a page, a
device, a citizen's data.  `desk` has the table and how a stay begins and ends.
"""

from kiosk.agent.maintenance.desk import MaintenanceDesk
from kiosk.agent.maintenance.upkeep import Upkeep

__all__ = ["MaintenanceDesk", "Upkeep"]
