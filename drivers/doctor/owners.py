"""Which process has a port open, as ``/proc`` shows it."""

from __future__ import annotations

import os
from pathlib import Path

from drivers.doctor.seen import Owner
from drivers.service.options import path_of


def owners(port: str, proc: Path = Path("/proc")) -> list[Owner]:
    """Return the processes that have a port open, without our own.

    Only root sees those of other users: an empty answer to another user means nothing.
    """
    path = path_of(port)
    if not path or not Path(path).exists():
        return []
    node = os.path.realpath(path)
    others = (one for one in proc.glob("[0-9]*") if int(one.name) != os.getpid())
    found = [Owner(pid=int(one.name), name=_name(one)) for one in others if _has(one, node)]
    return sorted(found, key=lambda owner: owner.pid)


def _has(place: Path, node: str) -> bool:
    try:
        return any(_target(link) == node for link in (place / "fd").iterdir())
    except OSError:
        return False  # it ended, or is not ours to see


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


def _name(place: Path) -> str:
    try:
        return (place / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "?"
