"""The standard's Auxiliaries: sensors, doors and the UPS, as status words only.

Every change is told by Common.StatusChangedEvent.  The standard has no word for *unknown* here: a
sensor whose word is not known is left out, and so are all of a device that is not there; the
device's word says which it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from drivers.service.interfaces.spec import InterfaceSpec

AUXILIARIES = InterfaceSpec(name="Auxiliaries")


def status(sensors: Mapping[str, object]) -> dict[str, object]:
    """Return the interface part of the status: property to word."""
    return {"auxiliaries": dict(sensors)}
