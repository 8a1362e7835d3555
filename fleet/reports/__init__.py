"""Reports over days: how many were served, what was filed, where it was left, who was there.

Theory of operation. A terminal's state carries the counts of its day; `fleet.terminals.days` keeps
the newest of each day and terminal. A report over a month of ten thousand terminals would read
three hundred thousand such rows, so a day that is over is summed once for each place
(`closing`) and its sum is kept. Days that may still change are summed once a minute, before anybody
looks. Lists of terminals are summed by the database, a page at a time.
"""

from fleet.reports.desk import Reports
from fleet.reports.period import Period
from fleet.reports.summary import Summary, Thing

__all__ = ["Period", "Reports", "Summary", "Thing"]
