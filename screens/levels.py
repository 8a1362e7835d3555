"""How loud and how bright the terminal is, as staff set it; what a display cannot do is left.

Brightness is the gamma ramp of every output (X RandR): it works on any panel and needs no right to
a device.  It is never darker than `DARKEST`, so that nobody can make a terminal look dead.
"""

from __future__ import annotations

from typing import Final

import structlog
from Xlib.display import Display as Connection
from Xlib.error import XError

log = structlog.get_logger()
MOST: Final = 10
DARKEST: Final = 0.4
_WHOLE: Final = 65535


def share(level: int) -> float:
    """Return how much of the light is left at a level of 0 to `MOST`; 7 and more is all of it."""
    return min(1.0, DARKEST + (1 - DARKEST) * min(level, 7) / 7)


def dim(level: int) -> bool:
    """Set the brightness of every output; say whether one took it."""
    connection = Connection()
    try:
        return _dim(connection, share(level))
    except (XError, AttributeError) as error:
        log.info("brightness_not_set", problem=type(error).__name__)
        return False
    finally:
        connection.close()


def _dim(connection: Connection, light: float) -> bool:
    if not connection.has_extension("RANDR"):
        return False
    root = connection.screen().root
    done = False
    for crtc in root.xrandr_get_screen_resources().crtcs:
        size = connection.xrandr_get_crtc_gamma_size(crtc).size
        if size < 2:
            continue
        ramp = [round(_WHOLE * light * number / (size - 1)) for number in range(size)]
        connection.xrandr_set_crtc_gamma(crtc, size, ramp, ramp, ramp)
        done = True
    connection.sync()
    return done
