"""Local sockets between the terminal's own processes.

What may be done here: framing, handing over memory files, and knowing who calls.
What may not: any meaning of a message. An operation's name and fields belong to
the room that serves it.
"""

from kiosk.channel.client import Client
from kiosk.channel.errors import ChannelClosed, ChannelError, Refused
from kiosk.channel.frame import MAX_FRAME
from kiosk.channel.secrets import Secrets, read_secrets
from kiosk.channel.server import Caller, Request, Server

__all__ = [
    "MAX_FRAME",
    "Caller",
    "ChannelClosed",
    "ChannelError",
    "Client",
    "Refused",
    "Request",
    "Secrets",
    "Server",
    "read_secrets",
]
