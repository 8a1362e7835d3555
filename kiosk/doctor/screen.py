"""What a page needs to be seen and touched: fonts, a display of the right size, a touch screen."""

from __future__ import annotations

from Xlib import error as x_error
from Xlib.display import Display
from Xlib.ext import xinput

from kiosk.doctor.finding import Finding, attention, broken, ok, unknown
from kiosk.settings import Settings
from screens.fonts import FontsNotBuilt, directory


def fonts() -> Finding:
    """Look for the faces that every page is set in."""
    try:
        return ok("fonts", directory=str(directory()))
    except FontsNotBuilt:
        return broken("fonts", "missing")


def display(name: str, own: Settings) -> tuple[Finding, ...]:
    """Ask the display for its size, its drawing extension and its touch screens."""
    if not name:
        return (unknown("display", "nothing"),)
    try:
        link = Display(name)
    except (x_error.DisplayError, OSError) as error:
        return (broken("display", "silent", display=name, problem=str(error)),)
    try:
        return (_size(link, own), _touch(link))
    finally:
        link.close()


def _size(link: Display, own: Settings) -> Finding:
    shown = link.screen()
    there = (shown.width_in_pixels, shown.height_in_pixels)
    named = (own.display.width, own.display.height)
    if link.query_extension("GLX") is None:
        return broken("display", "no_drawing")
    if there != named:
        case = "turned" if there == named[::-1] else "other_size"
        return broken("display", case, there=_across(*there), named=_across(*named))
    return ok("display", size=_across(*there))


def _across(width: int, height: int) -> str:
    return f"{width}×{height}"


def _touch(link: Display) -> Finding:
    if not link.has_extension("XInputExtension"):
        return attention("touch", "none")
    devices = link.xinput_query_device(xinput.AllDevices).devices
    touching = [
        own.name
        for own in devices
        if any(kind.type == xinput.TouchClass for kind in own.classes)
    ]  # fmt: skip
    return ok("touch", name=touching[0]) if touching else attention("touch", "none")
