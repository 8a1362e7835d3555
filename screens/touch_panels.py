"""Touch panels as the X server has them: which there are, and the matrix of each.

The server holds a device's matrix in units of the device's own range.  A panel tells its range, and
the matrix is then one of shares of the screen; a device without one (a pointer that is moved by
dots, such as the one by which a screen is tried) has it in dots.  `kiosk.maintenance.touch_matrix`
knows shares alone, so both are turned into them here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog
from Xlib import X
from Xlib.display import Display as Connection
from Xlib.error import DisplayError, XError
from Xlib.ext import xinput

from kiosk.maintenance.touch_matrix import IDENTITY, Matrix

log = structlog.get_logger()
MOST_PANELS: Final = 8
_PROPERTY: Final = "Coordinate Transformation Matrix"
_SLAVE_POINTERS: Final = frozenset({3, 5})
"""Attached to the pointer, or to none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """One input device that feels fingers.

    Attributes:
        number: the server's, until it is unplugged.
        name: its own; kept over restarts.
        scale: dots of the screen a unit of the matrix is, across and down; 1 for a panel.
    """

    number: int
    name: str
    scale: tuple[float, float]


@contextmanager
def connection() -> Iterator[Connection]:
    """Lend a connection to the X server of this process."""
    with closing(Connection()) as own:
        yield own


def panels(display: Connection, named: str = "") -> tuple[Panel, ...]:
    """Return the devices that feel fingers; or the one that the settings name."""
    screen = display.screen()
    size = float(screen.width_in_pixels), float(screen.height_in_pixels)
    found = []
    for device in display.xinput_query_device(xinput.AllDevices).devices:
        name = _name(device.name)
        feels = any(one.type == xinput.TouchClass for one in device.classes)
        if device.use in _SLAVE_POINTERS and (name == named if named else feels):
            scale = _scale(device, size)
            found.append(Panel(number=device.deviceid, name=name, scale=scale))
    return tuple(found[:MOST_PANELS])


def matrix(display: Connection, panel: Panel) -> Matrix:
    """Return the matrix of now, in shares of the screen; that of a device without one is none."""
    told = display.xinput_get_device_property(
        panel.number, display.intern_atom(_PROPERTY), display.intern_atom("FLOAT"), 0, 9
    )
    if len(told.value[1]) != len(IDENTITY):
        return IDENTITY
    numbers = struct.unpack("=9f", struct.pack("=9I", *told.value[1]))
    return _scaled(numbers, (1 / panel.scale[0], 1 / panel.scale[1]))


def put(display: Connection, panel: Panel, new: Matrix) -> None:
    """Set the matrix of a device."""
    words = struct.unpack("=9I", struct.pack("=9f", *_scaled(new, panel.scale)))
    display.xinput_change_device_property(
        panel.number,
        display.intern_atom(_PROPERTY),
        display.intern_atom("FLOAT"),
        X.PropModeReplace,
        (32, list(words)),
    )
    display.sync()


def put_kept(kept: Mapping[str, Matrix]) -> None:
    """Set what was kept, by the names of devices; one that is not there is left out."""
    if not kept:
        return
    try:
        with connection() as display:
            for name, own in kept.items():
                for panel in panels(display, name):
                    put(display, panel, own)
    except (XError, DisplayError, AttributeError, OSError) as error:
        log.warning("touch_not_set", problem=type(error).__name__)


def _name(told: Any) -> str:
    return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)


def _scale(device: Any, size: tuple[float, float]) -> tuple[float, float]:
    """Return dots a unit: a device with a range has shares, one without has dots."""
    axes = [one for one in device.classes if one.type == xinput.ValuatorClass][:2]
    if len(axes) < len(size):
        return (1.0, 1.0)
    ranges = [_number(one.max) - _number(one.min) for one in axes]
    if all(own > 0 for own in ranges):
        return (1.0, 1.0)
    return size[0] / (ranges[0] or 1.0), size[1] / (ranges[1] or 1.0)


def _number(told: Any) -> float:
    """Return a number that the protocol splits in a whole part and a share of 2**32."""
    return float(told[0] + told[1] / 2**32) if isinstance(told, tuple) else float(told)


def _scaled(numbers: Any, scale: tuple[float, float]) -> Matrix:
    """Return a matrix in other units across and down."""
    a, b, c, d, e, f, *_ = (float(n) for n in numbers)
    across, down = scale
    ratio = across / down
    return (a, b * ratio, c * across, d / ratio, e, f * down, 0.0, 0.0, 1.0)
