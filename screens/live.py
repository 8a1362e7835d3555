"""Pictures that the session gives while a page is up: the camera's, and photographs.

Theory of operation
-------------------
A page only says where such a picture lies (``live``, ``photo:<id>``); its dots never enter a view.
The camera's picture keeps one texture for the life of the process and is written over at most
:func:`live_rate` times a second, only while a page has it.  A photograph is made into a texture
once, no larger than it is shown, and goes with the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final, Protocol, runtime_checkable

from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.graphics.opengl import GL_RENDERER, glGetString
from kivy.graphics.texture import Texture
from PIL import Image, UnidentifiedImageError

LIVE: Final = "live"
PHOTO: Final = "photo:"
LIVE_RATE: Final = 16
"""Pictures a second: a hand that moves a paper is followed."""
SOFTWARE_RATE: Final = 10
"""The same where the processor draws: more would keep a finger waiting for its frame."""
_SOFTWARE: Final = (b"llvmpipe", b"softpipe", b"swrast", b"SwiftShader")
_MOST_DOTS: Final = 64_000_000
"""A photograph that claims more is not decoded."""


def live_rate() -> int:
    """Return how many pictures a second this machine's screen shows; needs the window."""
    drawn_by = glGetString(GL_RENDERER) or b""
    return SOFTWARE_RATE if any(name in drawn_by for name in _SOFTWARE) else LIVE_RATE


class LiveFrame(Protocol):
    """One picture of the camera."""

    @property
    def width(self) -> int:
        """Dots across."""

    @property
    def height(self) -> int:
        """Dots down."""

    @property
    def rgb(self) -> bytes:
        """Three bytes a dot, row by row from the top."""

    @property
    def number(self) -> int:
        """Grows with every picture."""


@runtime_checkable
class Pictures(Protocol):
    """Where pictures come from; called on the UI thread, so both answer at once."""

    def live(self) -> LiveFrame | None:
        """Return the newest picture of the camera, or None while there is none."""

    def photo(self, name: str) -> bytes | None:
        """Return the JPEG of a photograph of this visit, or None when it is gone."""


class NoPictures:
    """Stands in where no session gives pictures."""

    def live(self) -> LiveFrame | None:
        """Return nothing."""
        return None

    def photo(self, name: str) -> bytes | None:  # noqa: ARG002 - no picture has this name
        """Return nothing."""
        return None


def inside(box: tuple[int, int, int, int], width: int, height: int) -> tuple[int, int, int, int]:
    """Return the place of a picture that is shown whole in the middle of ``box`` (x, y, w, h)."""
    x, y, wide, high = box
    share = min(wide / width, high / height)
    own_wide, own_high = round(width * share), round(height * share)
    return x + (wide - own_wide) // 2, y + (high - own_high) // 2, own_wide, own_high


def middle(corners: Sequence[float], share: float) -> list[float]:
    """Return the texture coordinates of the middle ``share`` of what ``corners`` (u, v, …) span."""
    centres = (sum(corners[0::2]) / 4, sum(corners[1::2]) / 4)
    return [centres[n % 2] + (corner - centres[n % 2]) * share for n, corner in enumerate(corners)]


def photograph(data: bytes | None, wide: int, high: int) -> Image.Image | None:
    """Return a JPEG as a picture no larger than ``wide`` × ``high``; None when it is none."""
    if data is None:
        return None
    try:
        image = Image.open(BytesIO(data))
        if image.width * image.height > _MOST_DOTS:
            return None
        image.draft("RGB", (wide, high))
        _, _, own_wide, own_high = inside((0, 0, wide, high), image.width, image.height)
        return image.convert("RGB").resize((own_wide, own_high), Image.Resampling.BILINEAR)
    except (UnidentifiedImageError, OSError):
        return None


class LivePane:
    """The camera's picture on the page."""

    def __init__(self) -> None:
        self._texture: Any = None
        self._number = -1
        self._box = (0, 0, 1, 1)
        self._share = 1.0
        self._tint = Color(1, 1, 1, 0)
        self._quad = Rectangle(size=(0, 0))
        self._group = InstructionGroup()

    def place(self, box: tuple[int, int, int, int], share: float = 1.0) -> InstructionGroup:
        """Return the instructions of the picture in ``box`` (x, y from below, w, h).

        ``share`` is how much of the picture's middle is shown, across and down.
        """
        self._box, self._share = box, share
        self._group.clear()
        group = self._group = InstructionGroup()
        self._tint = Color(1, 1, 1, 0 if self._texture is None else 1)
        self._quad = Rectangle(texture=self._texture)
        self._fit()
        group.add(self._tint)
        group.add(self._quad)
        return group

    def forget(self) -> None:
        """Drop the picture: what the camera saw of one person is not shown to the next."""
        self._texture, self._number = None, -1

    def refresh(self, frame: LiveFrame | None) -> bool:
        """Write a new picture over the old one; say whether there is anything to draw."""
        if frame is None or frame.number == self._number:
            return False
        if self._texture is None or self._texture.size != (frame.width, frame.height):
            self._texture = Texture.create(size=(frame.width, frame.height), colorfmt="rgb")
            self._texture.flip_vertical()
        self._texture.blit_buffer(frame.rgb, colorfmt="rgb", bufferfmt="ubyte")
        self._number = frame.number
        self._quad.texture = self._texture
        self._tint.a = 1
        self._fit()
        return True

    def _fit(self) -> None:
        if self._texture is None:
            self._quad.size = (0, 0)
            return
        x, y, wide, high = inside(self._box, *self._texture.size)
        self._quad.pos, self._quad.size = (x, y), (wide, high)
        self._quad.tex_coords = middle(self._texture.tex_coords, self._share)
