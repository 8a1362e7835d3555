"""What was seen on this machine, as records: what is plugged in, and who has a port. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Plugged:
    """One thing that is there.

    Attributes:
        kind: serial, camera, input, hidraw, printer or queue.
        name: the stable name a file of ports should use, or the only one there is.
        node: what it leads to now, such as ``/dev/ttyUSB0``; empty for a queue.
        usb: vendor and product as ``1a86:7523``; empty when it is not on USB.
        model: what it says of itself.
        place: where the kernel keeps its USB device, which may have several faces.
    """

    kind: str
    name: str
    node: str = ""
    usb: str = ""
    model: str = ""
    place: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """A process that has a port; the name is the kernel's, not its command line."""

    pid: int
    name: str
