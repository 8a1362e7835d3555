"""Runs one visit: gives a journey's effects to devices, agent and intake.

What may be done here: worker threads, the device services' client, the agent's socket, the visit's
relay, sealing.  What may not: a rule of the journey (it lives in ``kiosk.journey``), a widget, a
file, a network of its own.  Every failure becomes a named intent: no exception reaches a screen,
and no value of a citizen reaches a log.

One thread, the screen's, owns the journey.  Each effect runs on a thread of its own and ends by
*posting* an intent, which the screen's thread dispatches.
"""

from kiosk.session.control import Control, Show
from kiosk.session.visit import Visit

__all__ = ["Control", "Show", "Visit"]
