"""Layered, validated settings of one terminal.

What may be done in this room: read the layers (defaults, site, jurisdiction, terminal), merge
them, refuse what does not fit with file, line, key and next step, and tell of each value which
layer gave it. Settings are fixed once loaded; a process that shall see new ones is a new one.
"""

from kiosk.settings.layers import SettingsError, config_root, load, releases_root
from kiosk.settings.model import Origin, Settings

__all__ = ["Origin", "Settings", "SettingsError", "config_root", "load", "releases_root"]
