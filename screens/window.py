"""The window of a session: hidden, painted, then on top at once.

There is no window manager, and there are two sessions: one that is seen and one that waits.  The
waiting window is *mapped at the bottom of the stack and redirected* (X Composite, automatic): the
server keeps its painted dots in memory although another window covers it, so raising it copies a
finished picture.  No frame has to be drawn for it, nothing black is shown, and the window of a
session that hangs or has been stopped cannot hold it up.  When the process on top dies, the page of
the one below is on the screen 15-35 ms later without being asked (until it is asked to show, it
feels no touch).

Tried under Xvfb with software GL at 1080×1920, from the line ``show`` on the control socket to
changed dots on the screen, read by GetImage in a loop; four tries each, two cores, milliseconds:

====================================================  ==================  ==================
way                                                   over a running one  over a stopped one
====================================================  ==================  ==================
hidden window, SDL show                               49-112              46-70
mapped below, raised, redrawn                         45-97               38-101
mapped below and redirected, raised by the UI loop    9-59                7-31
the same, raised by the listening thread (this one)   1-6                 1-4
====================================================  ==================  ==================

Black was never seen with any of them (SDL makes windows without a background).  The price is one
picture of the screen (8 MB) in the X server for each session.

All calls go through a connection of our own, so they may come from any one thread while SDL's
connection belongs to the UI thread.
"""

from __future__ import annotations

from threading import Lock

from Xlib import X
from Xlib.display import Display as Connection
from Xlib.error import XError
from Xlib.ext import composite


class Window:
    """One X window, by its id."""

    def __init__(self, window_id: int, display: str | None = None) -> None:
        """Connect to the display (default: ``DISPLAY``) and look the window up."""
        self._lock = Lock()
        self._connection = Connection(display)
        self._window = self._connection.create_resource_object("window", window_id)
        self.redirected = False

    def map_below(self) -> None:
        """Map the unmapped window under all others; it can be painted from now on."""
        with self._lock:
            self._redirect()
            self._window.configure(stack_mode=X.Below)
            self._window.map()
            self._connection.sync()

    def _redirect(self) -> None:
        """Let the server keep what is painted; without Composite the first frame has to."""
        if not self._connection.has_extension("Composite"):
            return
        try:
            composite.query_version(self._window)
            composite.redirect_window(self._window, composite.RedirectAutomatic)
            self._connection.sync()
        except XError:
            return
        self.redirected = True

    def show(self) -> None:
        """Raise the window over all others and give it the keyboard."""
        with self._lock:
            self._window.configure(stack_mode=X.Above)
            self._window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
            self._connection.sync()

    def close(self) -> None:
        """Let go of the display."""
        with self._lock:
            self._connection.close()
