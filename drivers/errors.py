"""What can go wrong between us and a device, as one small tree.

::

    DeviceError
    ├── TransportLost   the port is gone: drop the device object, open the port again
    │   └── TransportStalled   the port is there and takes no byte: the same, and staff look at it
    ├── DeviceSilent    the port is there, the device does not answer in time: reset, then restart
    ├── DeviceGarbled   it answers, but not in its own protocol, even when asked again: as silent
    └── DeviceFailed    it answers that it is broken or not authorised: staff must act

Expected outcomes (no card, code too long, paper out) are return values of a device, never errors.
Messages are for technicians: they hold no byte that came from a citizen.
"""

from __future__ import annotations

from typing import ClassVar


class DeviceError(Exception):
    """Base of everything the device layer raises."""

    code: ClassVar[str] = "device.error"
    """Translation key of the sentence shown to staff."""


class TransportLost(DeviceError):
    """The port could not be opened, or went away while in use."""

    code = "device.transport_lost"


class TransportStalled(TransportLost):
    """The other end took no byte for longer than a write may last; how much it took is unknown."""

    code = "device.transport_stalled"


class DeviceSilent(DeviceError):
    """No complete answer came within the command's time, not even when asked again."""

    code = "device.silent"


class DeviceGarbled(DeviceError):
    """The answer broke the protocol twice in a row."""

    code = "device.garbled"


class DeviceFailed(DeviceError):
    """The device itself reports that it cannot work."""

    code = "device.failed"
