"""What the nursery loads, so that a session starts in the time its window takes.

No window is opened, no thread started, no file of a terminal read here: a fork of this
process must be as good as a fresh one.
"""

from __future__ import annotations

import gc
import sys

# Only for developers' eyes, and structlog takes 5 MB of it with it wherever it is installed.
sys.modules["rich"] = None  # type: ignore[assignment]  # as if it were not there (import system)

from screens import hardening  # noqa: E402

hardening.quiet()

import kivy.base  # noqa: E402 - Kivy comes after its environment
import kivy.graphics  # noqa: E402
import kivy.uix.widget  # noqa: E402

import screens.main  # noqa: E402, F401

LOADED = (kivy.base, kivy.graphics, kivy.uix.widget)
gc.freeze()
