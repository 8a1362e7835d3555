"""Where a terminal keeps what is looked at."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

INSTALLED = Path("/etc/yiduan")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The directories and files of one terminal.

    Attributes:
        state: the agent's: keys, outbox, audit.
        settings: the terminal's layers, its own last.
        devices: the device host's file of ports; None when nobody named one.
        device_secrets: by which the device host answers; None where nobody may read them.
        display: an X display, ``:0``; empty when there is none to ask.
    """

    state: Path
    settings: tuple[Path, ...] = ()
    devices: Path | None = None
    device_secrets: Path | None = None
    display: str = ""


def installed(display: str) -> Place:
    """Return the places of an installed terminal, as its units name them."""
    devices, secrets = INSTALLED / "devices.yaml", INSTALLED / "credentials" / "devices"
    return Place(
        state=Path("/var/lib/yiduan/agent"),
        settings=(INSTALLED / "terminal.yaml",),
        devices=devices if devices.exists() else None,
        device_secrets=secrets if os.access(secrets, os.R_OK) else None,
        display=display,
    )
