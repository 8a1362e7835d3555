"""Pictures of all pages: ``python -m screens.gallery OUT_DIR [--only NAME] [--docs]``.

Needs an X display (``xvfb-run -a`` does).  Both ways up come from one process: a page is painted
into a frame buffer of its own size, with the same instructions as on the glass.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image

from screens import hardening, layout
from screens.samples import NOW, Sample, samples
from screens.theme import REFERENCE_PX_PER_MM, Theme
from screens.widgets.kit import Kit
from screens.words import Words

if TYPE_CHECKING:
    from screens.layout import Placed

PORTRAIT: Final = Theme(width=1080, height=1920)
LANDSCAPE: Final = Theme(width=1920, height=1080)
DOCUMENTED: Final = frozenset(
    {
        *(f"{name}-portrait" for name in ("attract", "home", "guide", "guide-rules", "card")),
        *(f"{name}-portrait" for name in ("card-reading", "card-left", "consent", "fetching")),
        *(f"{name}-portrait" for name in ("choice-chosen", "province", "place-long")),
        *(f"{name}-portrait" for name in ("date-chosen", "digits-chosen", "review")),
        *(f"{name}-portrait" for name in ("submitting-stored", "receipt", "receipt-failed")),
        *(f"{name}-portrait" for name in ("receipt-stored", "receipt-refused", "farewell-card")),
        *(f"{name}-portrait" for name in ("progress_scan", "progress_show", "warning", "help")),
        *(f"{name}-portrait" for name in ("trouble", "out-of-service", "home-down")),
        *("home-landscape", "guide-landscape", "receipt-landscape"),
    }
)
"""The pictures that docs/screens keeps."""


def placed(sample: Sample, theme: Theme) -> Placed:
    """Return the placed tree of a sample on a screen."""
    from screens.pages import build  # noqa: PLC0415  - after Kivy was made fit

    kit = Kit(theme=theme, say=Words(), now=NOW, leaf=sample.leaf)
    return layout.arrange(build(kit, sample.view), theme.width, theme.height)


class Easel:
    """Paints placed trees into pictures, without a visible window."""

    def __init__(self) -> None:
        """Open a hidden window for its graphics context."""
        hardening.prepare(hardening.Display(width=64, height=64, px_per_mm=REFERENCE_PX_PER_MM))
        from kivy.core.window import Window  # noqa: PLC0415
        from kivy.graphics import Fbo  # noqa: PLC0415

        self._window = Window
        self._fbo = Fbo

    def picture(self, tree: Placed) -> Image.Image:
        """Return what a screen would show."""
        from kivy.graphics import ClearBuffers, ClearColor  # noqa: PLC0415

        from screens.painter import Painter, ground  # noqa: PLC0415

        size = (tree.box.w, tree.box.h)
        buffer = self._fbo(size=size)
        buffer.add(ClearColor(*ground(tree)))
        buffer.add(ClearBuffers())
        buffer.add(Painter(tree.box.h).paint(tree))
        buffer.draw()
        image = Image.frombytes("RGBA", size, buffer.pixels)
        return image.convert("RGB").transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def pictures(only: str = "") -> Iterator[tuple[str, Placed, Image.Image]]:
    """Yield every page both ways up: name, tree, picture."""
    easel = Easel()
    for sample in samples():
        if only and only not in sample.name:
            continue
        for word, theme in (("portrait", PORTRAIT), ("landscape", LANDSCAPE)):
            tree = placed(sample, theme)
            yield f"{sample.name}-{word}", tree, easel.picture(tree)


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser(description="Pictures of all pages.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", default="", help="part of a page's name")
    parser.add_argument("--docs", action="store_true", help="the pictures of docs/screens, small")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for name, _, image in pictures(given.only):
        if not given.docs:
            image.save(given.out / f"{name}.png", compress_level=3)
        elif name in DOCUMENTED:
            small = image.quantize(128, dither=Image.Dither.NONE)
            small.save(given.out / f"{name.removesuffix('-portrait')}.png", optimize=True)


if __name__ == "__main__":
    main()
