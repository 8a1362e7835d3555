"""Painting a placed tree with Kivy.

Every page is one list of drawing instructions: stretched masks, pictures and set words, each a
textured quad.  Textures are kept as long as a page uses them, so a page that only counts down
paints one new figure a second.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from kivy.graphics import (
    BorderImage,
    Color,
    InstructionGroup,
    PopMatrix,
    PushMatrix,
    Rectangle,
    Rotate,
)
from kivy.graphics.texture import Texture
from PIL import Image

from screens import fonts, pictures, raster
from screens.layout import Box, Placed
from screens.live import LIVE, PHOTO, LivePane, NoPictures, Pictures, inside, photograph
from screens.semantic import Picture, Style
from screens.theme import rgba

PRESSED = "#17212B22"
"""Laid over what a finger is on."""
_SHADE = "#17212B"


def ground(root: Placed) -> tuple[float, float, float, float]:
    """Return the colour a page stands on: the screen is cleared to it, which costs no fill."""
    return rgba(root.node.style.fill)


class Painter:
    """Turns placed trees into instructions for a screen ``height`` dots high."""

    def __init__(self, height: int, given: Pictures | None = None) -> None:
        """Paint for a screen; ``given`` has the pictures that come from the session."""
        self._height = height
        self.given: Pictures = given or NoPictures()
        self._pane = LivePane()
        self._has_pane = False
        self._fresh: dict[Hashable, Any] = {}
        self._kept: dict[Hashable, Any] = {}
        self._spins: list[Rotate] = []
        self._painted, self._pressed = InstructionGroup(), InstructionGroup()

    def paint(self, root: Placed) -> InstructionGroup:
        """Return the instructions of a page on its :func:`ground`; those of the last one are gone.

        Kivy's groups and what is in them hold each other, so a page that is only let go keeps its
        textures until the collector comes round: 40 MB over a visit.
        """
        self._painted.clear()
        self._kept, self._fresh, self._spins = self._fresh, {}, []
        self._has_pane = False
        group = self._painted = InstructionGroup()
        for placed in root.walk():
            if placed is not root:
                self._node(group, placed)
        self._kept = {}
        fonts.close_whole()
        if not self._has_pane:
            self._pane.forget()
        return group

    @property
    def live(self) -> bool:
        """Whether the camera's picture is on the page."""
        return self._has_pane

    def refresh_live(self) -> bool:
        """Take the camera's newest picture; say whether there is anything to draw."""
        return self._has_pane and self._pane.refresh(self.given.live())

    @property
    def spinning(self) -> bool:
        """Whether something on the page turns."""
        return bool(self._spins)

    def spin(self, angle: float) -> None:
        """Turn what turns to ``angle`` degrees, clockwise."""
        for turn in self._spins:
            turn.angle = -angle

    def pressed(self, target: Placed) -> InstructionGroup:
        """Return the shade over a target that a finger is on; the last one is gone."""
        self._pressed.clear()
        group = self._pressed = InstructionGroup()
        style = target.node.style
        self._stretch(group, target.box, PRESSED, ("fill", style.radius))
        return group

    def _node(self, group: InstructionGroup, placed: Placed) -> None:
        style, box = placed.node.style, placed.box
        if style.shadow:
            self._shadow(group, box, style.radius, style.shadow)
        if style.fill and style.border_width and style.radius:
            self._card(group, box, style)
        else:
            self._plain(group, box, style)
        if style.picture is not None:
            self._picture(group, placed)
        self._words(group, placed)

    def _plain(self, group: InstructionGroup, box: Box, style: Style) -> None:
        if style.fill:
            self._stretch(group, box, style.fill, ("fill", style.radius))
        if style.border_width:
            self._stretch(group, box, style.border, ("rim", style.radius, style.border_width))

    def _flip(self, box: Box) -> tuple[int, int]:
        """Return the lower left corner as Kivy counts."""
        return box.x, self._height - box.y - box.h

    def _stretch(
        self,
        group: InstructionGroup,
        box: Box,
        colour: str,
        mask: tuple[str, int] | tuple[str, int, int],
    ) -> None:
        group.add(Color(*rgba(colour)))
        place = {"pos": self._flip(box), "size": (box.w, box.h)}
        kind, radius, stroke = (*mask, 0)[:3]
        radius = min(radius, box.w // 2, box.h // 2)
        if kind == "fill" and radius == 0:
            group.add(Rectangle(**place))
            return
        if kind == "fill":
            texture = self._texture(("fill", radius), lambda: raster.rounded(radius))
        else:
            texture = self._texture(("rim", radius, stroke), lambda: raster.outline(radius, stroke))
        edge = radius or stroke
        group.add(BorderImage(texture=texture, border=(edge,) * 4, auto_scale="off", **place))

    def _card(self, group: InstructionGroup, box: Box, style: Style) -> None:
        """Draw a filled box and its rim at once."""
        radius = min(style.radius, box.w // 2, box.h // 2)
        key = (radius, style.border_width, style.fill, style.border)
        texture = self._texture(("card", *key), lambda: raster.card(*key))
        group.add(Color(1, 1, 1, 1))
        place = {"pos": self._flip(box), "size": (box.w, box.h)}
        group.add(BorderImage(texture=texture, border=(radius,) * 4, auto_scale="off", **place))

    def _shadow(self, group: InstructionGroup, box: Box, radius: int, depth: int) -> None:
        texture = self._texture(("shadow", radius, depth), lambda: raster.shadow(radius, depth))
        reach = 2 * depth
        around = Box(x=box.x - reach, y=box.y - depth, w=box.w + 2 * reach, h=box.h + 2 * reach)
        group.add(Color(*rgba(_SHADE)))
        place = {"pos": self._flip(around), "size": (around.w, around.h)}
        edge = (radius + reach,) * 4
        group.add(BorderImage(texture=texture, border=edge, auto_scale="off", **place))

    def _picture(self, group: InstructionGroup, placed: Placed) -> None:
        picture, box = placed.node.style.picture, placed.box
        if picture is None:
            return
        texture = self._texture(
            (picture, box.w, box.h), lambda: pictures.paint(picture, box.w, box.h)
        )
        group.add(Color(1, 1, 1, 1))
        quad = Rectangle(texture=texture, pos=self._flip(box), size=(box.w, box.h))
        if picture.name != "spinner":
            group.add(quad)
            self._given(group, picture, box)
            return
        x, y = self._flip(box)
        turn = Rotate(angle=0, origin=(x + box.w / 2, y + box.h / 2))
        self._spins.append(turn)
        for instruction in (PushMatrix(), turn, quad, PopMatrix()):
            group.add(instruction)

    def _given(self, group: InstructionGroup, picture: Picture, box: Box) -> None:
        """Lay the session's own picture over its ground."""
        x, y, name = *self._flip(box), picture.name
        if name == LIVE:
            self._has_pane = True
            group.add(self._pane.place((x, y, box.w, box.h), picture.number or 1.0))
        elif name.startswith(PHOTO):
            key = ("given", name, box.w, box.h)
            image = None
            if key not in self._kept:
                image = photograph(self.given.photo(name.removeprefix(PHOTO)), box.w, box.h)
                if image is None:
                    return
            texture = self._texture(key, lambda: image)
            place = inside((x, y, box.w, box.h), *texture.size)
            group.add(Color(1, 1, 1, 1))
            group.add(Rectangle(texture=texture, pos=place[:2], size=place[2:]))

    def _words(self, group: InstructionGroup, placed: Placed) -> None:
        words = placed.node.style.type
        if words is None or not placed.lines:
            return
        top, right, _, left = placed.node.style.pad
        width, lines = max(1, placed.box.w - left - right), placed.lines
        starts, ends = raster.spread(lines, words, width)
        # Where words begin at their box's edge the same picture serves a box of any width.
        room = ends if words.align == "start" else width
        key = (lines, words.size, words.face, words.leading, words.align, room)
        texture = self._texture(key, lambda: raster.set_lines(lines, words, width))
        box = Box(
            x=placed.box.x + left + starts,
            y=placed.box.y + top - raster.MARGIN,
            w=texture.width,
            h=texture.height,
        )
        group.add(Color(*rgba(words.colour)))
        group.add(Rectangle(texture=texture, pos=self._flip(box), size=texture.size))

    def _texture(self, key: Hashable, make: Any) -> Any:
        """Return the texture of ``key`` from this page, the page before, or made now."""
        texture = self._fresh.get(key) or self._kept.get(key) or _texture(make())
        self._fresh[key] = texture
        return texture


def _texture(image: Image.Image) -> Any:
    """Upload a grey picture as a white one behind that mask, others as they are."""
    if image.mode == "L":
        image = Image.merge("LA", (Image.new("L", image.size, 255), image))
    form = "luminance_alpha" if image.mode == "LA" else image.mode.lower()
    texture = Texture.create(size=image.size, colorfmt=form)
    texture.blit_buffer(image.tobytes(), colorfmt=form, bufferfmt="ubyte")
    texture.flip_vertical()
    return texture
