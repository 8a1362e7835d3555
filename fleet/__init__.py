"""Remote administration, the admin's side: releases that are signed, targeted and published.

What may be done in this room: keep persons' keys, pack a configuration, compare two, have it
checked by the terminal's own command, gather signatures up to their threshold, and lay out static
files that any web server can carry. Nothing here runs on a terminal, and no terminal is trusted
here. What a terminal does with a release is ``kiosk.release``.
"""
