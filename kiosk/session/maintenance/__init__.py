"""Maintenance mode as a session process: gives a course's effects to devices and agent.

What may be done here: worker threads, the device services' client in vendor mode, the agent's
socket as the role ``maintenance``.  What may not: a rule of the course (`kiosk.maintenance`), a
widget, a file, a network of its own, a citizen's data.
"""

from kiosk.session.maintenance.parts import Parts, parts
from kiosk.session.maintenance.stay import Stay

__all__ = ["Parts", "Stay", "parts"]
