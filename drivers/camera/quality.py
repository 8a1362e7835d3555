"""How sharp and how blown out a straightened picture is; pure.

See `drivers.camera.page` for what the figures decide.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

BLOWN = 252
"""Grey level at which nothing is left of what was there."""

_BLOCK = 32  # dots; about three lines of small print at the normal size
_LEAST_CONTRAST = 40.0  # grey levels within a block that has print; less is paper and noise
_FAINT_CONTRAST = 16.0  # of print in the dark, which is judged if there is none better
_GLARE_SPOT = 0.02  # a blown patch is as wide as this share of the thing; smaller is white print


def steepness(grey: Grey) -> float | None:
    """Return how steep the edges of print are, ``None`` where there is no print.

    It is the median, over blocks with print, of the variance of the Laplacian divided by the square
    of the block's contrast: neither light nor the amount of text counts.
    """
    smooth = cv2.GaussianBlur(grey, (3, 3), 0).astype(np.float32)
    edges = np.asarray(cv2.Laplacian(smooth, cv2.CV_32F), np.float32)
    lit = _blocks(smooth)
    contrast = lit.max(axis=2) - lit.min(axis=2)
    spread = _blocks(edges).var(axis=2)
    printed = contrast > max(_LEAST_CONTRAST, 0.4 * float(np.percentile(contrast, 98)))
    if not printed.any():
        printed = contrast > max(_FAINT_CONTRAST, 0.5 * float(contrast.max()))
    if not printed.any():
        return None
    return float(np.median(spread[printed] / np.square(contrast[printed])))


def blown_share(grey: Grey) -> float:
    """Return the share (0 to 1) that is blown out in patches larger than print."""
    blown = (grey >= BLOWN).astype(np.uint8)
    spot = max(3, round(_GLARE_SPOT * grey.shape[1])) | 1
    patches = cv2.morphologyEx(blown, cv2.MORPH_OPEN, np.ones((spot, spot), np.uint8))
    return float(np.count_nonzero(patches)) / patches.size


def _blocks(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the dots of each square block: rows, columns, dots."""
    rows, columns = (side // _BLOCK for side in values.shape)
    cut = values[: rows * _BLOCK, : columns * _BLOCK]
    blocks = cut.reshape(rows, _BLOCK, columns, _BLOCK).swapaxes(1, 2)
    return np.asarray(blocks.reshape(rows, columns, -1), np.float32)
