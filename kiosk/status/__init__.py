"""What a terminal and its centre say to each other over the bus: pure values and their bytes.

What may be done in this room: describe a terminal's state without any place for a citizen's data,
describe a command that proves who gave it and until when, and name the topics. No sockets: the
agent's side is `kiosk.agent.reporting`, the centre's is `fleet.bus`.
"""

from kiosk.status.state import Reported, StateError

__all__ = ["Reported", "StateError"]
