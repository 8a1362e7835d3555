"""How far each terminal's log reaches, as the terminal signed it: what a log is held against.

What may be done in this room: believe signed heads, keep them, find what does not follow, and give
them out for an auditor. A log itself never comes here; lines stay on the terminal.
"""

from fleet.heads.keeping import accept
from fleet.heads.taking import Taking
from fleet.terminals.log_findings import Finding

__all__ = ["Finding", "Taking", "accept"]
