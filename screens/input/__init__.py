"""Chinese input: an engine asked with letters, one composition as a table, the method of a page.

What may be done in this room: turn touches of the on-screen pad into words.  No widget, no
painting (that is :mod:`screens.widgets.keyboard`), nothing learned and nothing written to disk.
"""

from screens.input.composition import Composition, Mode
from screens.input.method import InputMethod
from screens.input.seeds import Purpose

__all__ = ["Composition", "InputMethod", "Mode", "Purpose"]
