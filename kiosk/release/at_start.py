"""What the agent and the device host read when they start, as one text: does a release change it?

Sessions read their configuration anew for each citizen. These two processes live on: the addresses
that applications go to, how long things are kept, the devices' profiles are in force for them only
after a restart, which belongs to the trial of the release that changes them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import kiosk.settings
from kiosk.settings import SettingsError, load

GROUPS: Final = ("intake", "outbox", "retention", "power", "maintenance", "centre")
"""Of the settings; `kiosk.agent.main` makes its setup of them."""


def at_start(own: Sequence[Path] = ()) -> Callable[[Path | None], str]:
    """Return what tells a generation's values; None stands for the program's own configuration.

    Args:
        own: the terminal's own layers.
    """

    def told(generation: Path | None) -> str:
        config = _own_config() if generation is None else generation / "config"
        try:
            settings = load(own, root=config)
        except SettingsError:  # the check has said so already, or will
            return ""
        values = settings.model_dump_json(include=set(GROUPS))
        return f"{values}\n{settings.release.group}\n{_devices(config / 'devices')}"

    return told


def _devices(folder: Path) -> str:
    """Return what tells the device profiles apart."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _own_config() -> Path:
    """Return the configuration that the program was installed with."""
    return Path(kiosk.settings.__file__).resolve().parents[2] / "config"
