"""What Pillow raises for a file that is no picture, or a broken one."""

from __future__ import annotations

import struct
import zlib
from typing import Final

from PIL import Image

BROKEN: Final = (
    OSError,
    SyntaxError,  # Pillow's word for a chunk that breaks its format
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
