"""What maintenance works with on this machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Upkeep:
    """What maintenance works with on this machine.

    Attributes:
        state: the agent's directory.
        stick: where a USB stick is mounted.
        stick_folder: a plain directory there will do, as at a desk.
        restart: command of the operating system, or empty.
        shut_down: the same.
        update: the command that installs a release from the stick, or empty.
        training: the command that runs a training, or empty.
        clock: the command that sets the clock, ``{}`` in it is how; or empty.
        run: directory of sockets; the training's life is one of them.
        settings: layers, for ``kiosk doctor``.
        version: of the software.
    """

    state: Path
    stick: Path = Path("/media/yiduan")
    stick_folder: bool = False
    restart: tuple[str, ...] = ()
    shut_down: tuple[str, ...] = ()
    update: tuple[str, ...] = ()
    training: tuple[str, ...] = ()
    clock: tuple[str, ...] = ()
    run: Path = Path("/run/yiduan")
    settings: tuple[Path, ...] = field(default_factory=tuple)
    version: str = ""
