"""The terminals as the office knows them: what they report, what is wrong, how long.

What may be done in this room: take states in, keep the newest, open and close alarms, count days,
and find terminals again. Nothing is asked of a terminal here; see `fleet.orders`.
"""

from fleet.terminals.level import Level, level_of
from fleet.terminals.taking_in import Intake

__all__ = ["Intake", "Level", "level_of"]
