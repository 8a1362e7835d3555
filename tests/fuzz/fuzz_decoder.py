"""Any bytes as a picture: a picture within bounds, or one of the refusals; as a frame as well.

What a picture shows is not looked at here: the decoders are C++ libraries that a campaign in Python
does not steer, and that run in a process of their own with limits.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from drivers.decoder.picture import MOST_DOTS, Refused, open_file, open_frame


def _seed(form: str) -> bytes:
    dots = np.tile(np.array([[0, 255], [255, 0]], np.uint8), (8, 8))
    file = io.BytesIO()
    Image.fromarray(dots).save(file, form)
    return file.getvalue()


SEEDS = [_seed(form) for form in ("JPEG", "PNG", "BMP", "GIF", "TIFF", "WEBP")]


def one_input(data: bytes) -> None:
    """Open the bytes both ways."""
    for opened in (open_file, open_frame):
        try:
            picture = opened(data)
        except Refused:
            continue
        if picture.dtype != np.uint8 or picture.ndim != 2 or not 0 < picture.size <= MOST_DOTS:
            raise AssertionError("neither a picture within bounds nor a refusal")
