"""Files that terminals send with their answers: put together, kept for a while, handed out.

What may be done in this room: take pieces of a file for a command that this console gave, hold the
whole against its digest, keep the newest few of each terminal. What is in them nobody here reads.
"""

from fleet.attachments.collecting import Collector
from fleet.attachments.keeping import Kept

__all__ = ["Collector", "Kept"]
