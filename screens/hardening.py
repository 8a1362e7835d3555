"""Kivy made fit for a public place, before it is imported.

Kivy reads its settings while it is imported and would take them from the command line, the
environment and a file in the home directory, open a settings panel on F1 and end on Escape.  Call
:func:`prepare` before the first ``import kivy``; nothing is read from or written to disk then.
"""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True, slots=True)
class Display:
    """The glass in front of the citizen."""

    width: int
    """Dots across."""
    height: int
    """Dots down."""
    px_per_mm: float
    """Dots a millimetre."""


class TooLate(Exception):
    """Kivy's window was imported before it was made fit."""


_ENVIRONMENT: Final = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_ENV_CONFIG": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_NO_CONSOLELOG": "1",
    "KIVY_LOG_MODE": "PYTHON",
    "KIVY_HOME": "/nonexistent/kivy",
    "MESA_SHADER_CACHE_DISABLE": "true",
    "SDL_VIDEODRIVER": "x11",
    # The standby's window comes and goes below ours; a touch after that is a touch like any other.
    "SDL_MOUSE_FOCUS_CLICKTHROUGH": "1",
    "SDL_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR": "0",
}
_GRAPHICS: Final = {
    "borderless": "1",
    "fullscreen": "0",
    "resizable": "0",
    "position": "custom",
    "left": "0",
    "top": "0",
    "multisamples": "0",
    "vsync": "0",
    "show_cursor": "0",
    "window_state": "hidden",
    "allow_screensaver": "0",
}


_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8


def _give_memory_back() -> None:
    """Let glibc return the memory of pictures at once: a session has a budget of 220 MB.

    Left alone it learns to keep freed blocks of up to 32 MB and makes an arena a thread; that cost
    70 MB over a visit (mallopt(3)).
    """
    mallopt = ctypes.CDLL(None).mallopt
    for parameter, value in (
        (_M_MMAP_THRESHOLD, 128 << 10),
        (_M_TRIM_THRESHOLD, 128 << 10),
        (_M_ARENA_MAX, 2),
    ):
        mallopt(parameter, value)


def quiet() -> None:
    """Let Kivy take nothing from the environment; also good for a process without a window."""
    for name in [name for name in os.environ if name.startswith(("KIVY_", "KCFG_"))]:
        del os.environ[name]
    os.environ.update(_ENVIRONMENT)


def prepare(display: Display) -> None:
    """Set all that Kivy takes from outside, for a hidden window on ``display``.

    Raises:
        TooLate: Kivy's window is there already.
    """
    if "kivy.core.window" in sys.modules:
        raise TooLate("kivy.core.window")
    quiet()
    _give_memory_back()
    from kivy.config import Config  # noqa: PLC0415  - reads the environment

    size = {"width": str(display.width), "height": str(display.height)}
    for name, value in {**_GRAPHICS, **size}.items():
        Config.set("graphics", name, value)
    Config.set("kivy", "exit_on_escape", "0")
    # Without it Kivy does not look at window_state, and the standby opens over the visit.
    Config.set("kivy", "desktop", "1")
    Config.set("kivy", "log_enable", "0")
    Config.set("kivy", "pause_on_minimize", "0")
    Config.set("kivy", "keyboard_mode", "")
    for section in ("input", "modules"):
        Config.remove_section(section)
        Config.add_section(section)
    # X is the only input: a hidden process that read /dev/input would see every touch.
    Config.set("input", "mouse", "mouse,disable_multitouch")
