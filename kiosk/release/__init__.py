"""Releases on the terminal: fetched, verified, checked, put in force whole, taken back when ill.

What may be done in this room: look for a newer release of this terminal's group, believe only what
its keys signed (The Update Framework), unpack it within limits into a directory of its own, have it
checked by ``kiosk check-release``, put it in force by one change of name, watch it, and go back.
How far that is stands in one small file, so that a power cut costs time and nothing else.
How a release is made is the room ``fleet``.
"""
