"""A picture of the page for the centre: only of pages on which nobody stands.

It is taken from the frame that was just drawn, on the UI thread, made smaller and packed as JPEG
into a memory file; nothing is written to disk.  Whether it may be taken at all is decided by the
shell, before and after; here the page is looked at once more, in the same turn of the loop.
"""

from __future__ import annotations

import os
from typing import Final

from PIL import Image

PAGES: Final = frozenset({"attract", "out_of_service"})
"""Pages that show nothing of anybody."""
_SIDE: Final = 1280
"""Dots of the longer side."""
_QUALITY: Final = 80


def likeness(width: int, height: int) -> int:
    """Return a memory file with the frame that was just drawn; the caller closes it."""
    from kivy.graphics.opengl import (  # noqa: PLC0415 - after Kivy was made fit
        GL_RGBA,
        GL_UNSIGNED_BYTE,
        glReadPixels,
    )

    dots = glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE)
    return packed(Image.frombytes("RGBA", (width, height), bytes(dots)))


def packed(frame: Image.Image) -> int:
    """Return a memory file with a frame as OpenGL has it, its last line first, as JPEG."""
    picture = frame.convert("RGB").transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    picture.thumbnail((_SIDE, _SIDE))
    file = os.memfd_create("page", os.MFD_CLOEXEC)
    with os.fdopen(os.dup(file), "wb") as stream:
        picture.save(stream, "JPEG", quality=_QUALITY)
    return file
