"""The exception of this room."""

from __future__ import annotations


class SetupError(Exception):
    """The answers or what is on the machine do not allow it; the message says what to do."""
