"""Reading what is on a screen or a picture as a person does."""

from __future__ import annotations

import io
import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from drivers.camera.reading import Engine
from tests.e2e.desk import Desk

_SMALL = (124, 175)
"""Dots in which two pictures of a page are compared: lines of print are grey bars there."""


@lru_cache(maxsize=1)
def _engine() -> Engine:
    return Engine()


def words(picture: Image.Image) -> str:
    """Return the print on a picture, without spaces."""
    dots = np.asarray(picture.convert("RGB"))[:, :, ::-1]
    found = _engine().lines(np.ascontiguousarray(dots))
    return re.sub(r"\s", "", "".join(str(one[0]) for one in found))


def on_screen(desk: Desk) -> str:
    """Return what can be read on the terminal's screen now."""
    return words(desk.player.screen.picture())


def likeness(jpeg: bytes, drawn: Image.Image) -> float:
    """Return how alike a picture and a drawn paper are: 1 the same, about 0 nothing in common."""
    picture = Image.open(io.BytesIO(jpeg))
    one, other = (_glance(image, picture.size) for image in (picture, drawn))
    return float(np.corrcoef(one, other)[0, 1])


def stands_upright(jpeg: bytes, drawn: Image.Image) -> bool:
    """Whether a picture shows a paper the right way up."""
    return likeness(jpeg, drawn) > max(0.5, likeness(jpeg, drawn.rotate(180)) + 0.1)


def ink(png: bytes) -> float:
    """Return the share of a signature's picture that is written on."""
    return float((np.asarray(Image.open(io.BytesIO(png)).convert("L")) < 128).mean())


def _glance(image: Image.Image, size: tuple[int, int]) -> NDArray[np.float32]:
    small = _SMALL if size[1] > size[0] else _SMALL[::-1]
    grey = image.convert("L").resize(size).filter(ImageFilter.GaussianBlur(6)).resize(small)
    return np.asarray(grey, np.float32).ravel()
