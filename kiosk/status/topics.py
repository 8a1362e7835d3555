"""Topics of the bus: who may write what.

========================  ============  ======================================================
topic                     written by    what is there
========================  ============  ======================================================
``reported/<terminal>``   the terminal  its state (`kiosk.status.state`), retained
``here/<terminal>``       the terminal  ``1`` while connected, ``0`` by its last will; retained
``head/<terminal>``       the terminal  how far its log reaches, signed; retained
``done/<terminal>``       the terminal  what became of a command (`kiosk.status.command.Done`)
``piece/<terminal>``      the terminal  a piece of a file (`kiosk.status.attachment`)
``desired/<group>``       the centre    which release a group shall have, retained; a nudge to look
``command/<terminal>``    the centre    a signed command
``order/<group>``         the centre    the same for all of a group
========================  ============  ======================================================

A broker lets a terminal write only under its own name: the name is that of its certificate, and
the broker's list of rights (``fleet.broker``) puts it into the topic. The centre's own name is one
that no terminal can have.
"""

from __future__ import annotations

import re
from typing import Final

REPORTED: Final = "reported"
HERE: Final = "here"
DONE: Final = "done"
HEAD: Final = "head"
PIECE: Final = "piece"
DESIRED: Final = "desired"
COMMAND: Final = "command"
ORDER: Final = "order"
CENTRE: Final = "@centre"
"""Name in the centre's certificate."""
ALL: Final = "all"
"""The group that every terminal belongs to."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")


def reported(terminal: str) -> str:
    """Return where a terminal's state stands."""
    return f"{REPORTED}/{_named(terminal)}"


def here(terminal: str) -> str:
    """Return where it stands whether a terminal is connected."""
    return f"{HERE}/{_named(terminal)}"


def done(terminal: str) -> str:
    """Return where a terminal tells what became of a command."""
    return f"{DONE}/{_named(terminal)}"


def piece(terminal: str) -> str:
    """Return where a terminal sends the pieces of a file."""
    return f"{PIECE}/{_named(terminal)}"


def head(terminal: str) -> str:
    """Return where a terminal tells how far its log reaches."""
    return f"{HEAD}/{_named(terminal)}"


def desired(group: str) -> str:
    """Return where it stands which release a group shall have."""
    return f"{DESIRED}/{_named(group)}"


def command(terminal: str) -> str:
    """Return where commands for one terminal are given."""
    return f"{COMMAND}/{_named(terminal)}"


def group_command(group: str) -> str:
    """Return where commands for a whole group are given."""
    return f"{ORDER}/{_named(group)}"


def parts(topic: str) -> tuple[str, str]:
    """Return kind and name of a topic; both empty when it is none of ours."""
    kind, _, name = topic.partition("/")
    return (kind, name) if _NAME.fullmatch(name) else ("", "")


def _named(name: str) -> str:
    """Return the name; a name with a wildcard or a level would be another topic.

    Raises:
        ValueError: it is no name of a terminal or group.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"no name of a terminal or group: {name!r}")
    return name
