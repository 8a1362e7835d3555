"""The catalogue's files: their shapes, reading, checks, comparison and the commands on them.

What a thing, an item or a form *is* belongs to :mod:`kiosk.domain`; here files become those
records, or the exact reason why they cannot: file, line, key, and what to write instead.  Nothing
here knows a screen, a device or the intake.
"""
