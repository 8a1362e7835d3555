"""Months in hours: whole visits on the real screen, with faults, and what must be so afterwards.

Theory of operation
-------------------
One terminal runs: real screen (Xvfb), shell, sessions, agent, device host, intake, simulated
devices that speak the real bytes, and a supervisor with the units' figures (`kiosk.desk`). A
citizen is a script of ``tests/journeys`` played by X events. Every visit is drawn by lot from seed
and number: which kind of visit, in which manner, and perhaps a fault, at which step.

*  A citizen whom a fault throws out of the script does what people do: leaves by whatever button
   leads out. A screen that cannot be left within `citizen.LEFT_WITHIN` is stuck.
*  After each fault the seconds to a usable page (painted, something to touch) are held against the
   fault's own bound.
*  Every `CHECKED_EVERY` visits the line is mended and both ends are compared (`ledger`): what a
   citizen saw or the agent acknowledged is at the intake once, with the number that was shown.
*  Between visits memory, files, threads and sockets of the processes that live on are counted
   (`resources`). Storms, in which those processes are killed too, are `STORM` visits in every
   `STORM_EVERY`; between storms they live, so that their memory can be told from their warm-up.

Time is not faked: visits follow each other without pauses, devices answer as fast as they can, and
the idle time-outs are the shortest that the settings allow.
"""

CHECKED_EVERY = 20
"""Visits after which both ends are compared and the figures are kept."""
REPORTED_EVERY = 100
"""Visits after which the report is written (and at the end): slopes take their time."""
STORM_EVERY = 1000
STORM = 40
"""Visits of every `STORM_EVERY`, the first ones, in which all processes may die."""
