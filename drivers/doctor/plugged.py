"""What is plugged in: stable names, what they lead to, and the USB ids behind them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from drivers.doctor.seen import Plugged

LPSTAT_S: Final = 3.0
"""Seconds CUPS has to list its queues."""

_LINKS: Final = (
    ("serial", "dev/serial/by-id", "sys/class/tty"),
    ("serial", "dev/serial/by-path", "sys/class/tty"),
    ("camera", "dev/v4l/by-id", "sys/class/video4linux"),
    ("camera", "dev/v4l/by-path", "sys/class/video4linux"),
    ("input", "dev/input/by-id", "sys/class/input"),  # of these only what speaks evdev
)
_NODES: Final = (
    ("hidraw", "dev", "hidraw*", "sys/class/hidraw"),
    ("printer", "dev/usb", "lp*", "sys/class/usbmisc"),
)
_ID_FILES = ("idVendor", "idProduct", "manufacturer", "product")


def plugged(root: Path = Path("/")) -> list[Plugged]:
    """Return what is plugged in, one entry a device and kind; the best name of each wins."""
    found: dict[tuple[str, str], Plugged] = {}
    for one in [*_links(root), *_nodes(root)]:
        found.setdefault((one.kind, one.node), one)
    return list(found.values())


def queues() -> list[Plugged]:
    """Return the queues of CUPS; none when it is not there or does not answer."""
    lpstat = shutil.which("lpstat")
    if lpstat is None:
        return []
    try:
        done = subprocess.run(
            [lpstat, "-e"], capture_output=True, text=True, timeout=LPSTAT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [Plugged(kind="queue", name=name) for name in done.stdout.split()]


def _links(root: Path) -> Iterator[Plugged]:
    for kind, folder, classes in _LINKS:
        for link in sorted((root / folder).glob("*")):
            node = link.resolve()
            if kind == "input" and not node.name.startswith("event"):
                continue
            yield _one(root, kind, link, node, root / classes / node.name)


def _nodes(root: Path) -> Iterator[Plugged]:
    for kind, folder, pattern, classes in _NODES:
        for node in sorted((root / folder).glob(pattern)):
            yield _one(root, kind, node, node, root / classes / node.name)


def _one(root: Path, kind: str, name: Path, node: Path, device: Path) -> Plugged:
    place = _usb_place(device / "device", root / "sys")
    usb = {key: text for key in _ID_FILES if (text := _read(place / key))} if place else {}
    ids = f"{usb['idVendor']}:{usb['idProduct']}" if "idVendor" in usb else ""
    model = " ".join(usb[key] for key in ("manufacturer", "product") if key in usb)
    return Plugged(
        kind=kind,
        name=_absolute(root, name),
        node=_absolute(root, node),
        usb=ids,
        model=model or _read(device / "device" / "name"),
        place=_absolute(root, place) if place else "",
    )


def _absolute(root: Path, path: Path) -> str:
    """Return a path as it is called on the machine whose root this is."""
    top = root.resolve()
    return "/" + str(path.relative_to(top if path.is_relative_to(top) else root))


def _usb_place(device: Path, top: Path) -> Path | None:
    """Return the folder of the USB device above a node, ``None`` when there is none."""
    if not device.exists():
        return None
    place, top = device.resolve(), top.resolve()
    while place not in (top, place.parent):
        if (place / "idVendor").exists():
            return place
        place = place.parent
    return None


def _read(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:80]
