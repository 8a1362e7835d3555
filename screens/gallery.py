"""Pictures of all pages: ``python -m screens.gallery OUT_DIR [--only NAME] [--docs]``.

Needs an X display (``xvfb-run -a`` does).  Both ways up come from one process: a page is painted
into a frame buffer of its own size, with the same instructions as on the glass.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import numpy.typing as npt
from PIL import Image

from kiosk.journey.states import State
from screens import hardening, layout
from screens.learning import over, room
from screens.sample import ENGLISH
from screens.samples import Sample, samples
from screens.samples_staff import staff
from screens.samples_staff_beside import staff_beside
from screens.samples_staff_training import clocks, learning, training
from screens.samples_staff_update import staff_update
from screens.samples_staff_work import staff_work
from screens.theme import REFERENCE_PX_PER_MM, Theme
from screens.widgets.kit import TURN, Kit
from screens.words import Words

if TYPE_CHECKING:
    from screens.layout import Placed
    from screens.standing import AnyPage

Dots = npt.NDArray[np.uint8]
PORTRAIT: Final = Theme(width=1080, height=1920)
LANDSCAPE: Final = Theme(width=1920, height=1080)
DOCUMENTED: Final = frozenset(
    {
        *(f"{name}-portrait" for name in ("attract", "home", "home-down", "search-written")),
        *(f"{name}-portrait" for name in ("guide", "guide-rules", "choose", "card", "consent")),
        *(f"{name}-portrait" for name in ("fetching", "form-composing", "form-more", "form-fault")),
        *(f"{name}-portrait" for name in ("choice", "province", "place", "date", "digits")),
        *(f"{name}-portrait" for name in ("submitting-stored", "receipt", "receipt-failed")),
        *(f"{name}-portrait" for name in ("receipt-stored", "receipt-refused", "farewell-card")),
        *(f"{name}-portrait" for name in ("progress_scan", "progress_show", "warning", "help")),
        *(f"{name}-portrait" for name in ("trouble", "out-of-service", "out-of-service-night")),
        *(f"{name}-portrait" for name in ("attract-battery", "consent-battery", "farewell-power")),
        *(f"{name}-portrait" for name in ("enterprise", "enterprise-not-allowed")),
        *(f"{name}-portrait" for name in ("choose-changes", "consent-checks", "search-reasons")),
        *(f"{name}-portrait" for name in ("review-checks-whole", "review-registers")),
        "objection-written-portrait",
        *(f"{name}-portrait-elder" for name in ("home", "choose", "form-one", "form-one-choice")),
        *(f"staff{name}-portrait" for name in ("", "-fine", "-card", "-code")),
        *(f"staff-{name}-portrait" for name in ("pin", "pin-wait", "fault", "check", "check-card")),
        *(
            f"staff-check-{name}-portrait"
            for name in ("page", "sound", "stopped", "done", "failed")
        ),
        "staff-check-rest-portrait",
        *(f"staff-device-{name}-portrait" for name in ("ups", "ups-ask", "keypad")),
        *(f"staff-{name}-portrait" for name in ("touch", "device", "device-printer", "paper-a4")),
        *(f"staff-{name}-portrait" for name in ("paper-insert", "paper-done", "outbox", "system")),
        *(f"staff-{name}-portrait" for name in ("shut-down", "out", "out-now", "report")),
        *("staff-train-portrait", "staff-clock-portrait", "card-training-portrait"),
        *("staff-help-portrait", "staff-help-found-portrait"),
        *("staff-update-portrait", "staff-update-refused-portrait"),
        *("staff-calibrate-portrait", "staff-calibrate-confirm-portrait"),
        *("staff-landscape", "staff-check-sound-landscape", "staff-paper-insert-landscape"),
        *("home-landscape", "guide-landscape", "form-landscape", "date-landscape-elder"),
    }
)
"""The pictures that docs/screens keeps."""


WAYS: Final[Mapping[str, Theme]] = MappingProxyType(
    {
        "portrait": PORTRAIT,
        "landscape": LANDSCAPE,
        "portrait-elder": replace(PORTRAIT, size="elder"),
        "landscape-elder": replace(LANDSCAPE, size="elder"),
    }
)
"""Both ways up in both sizes."""
STAFF_WAYS: Final[Mapping[str, Theme]] = MappingProxyType(
    {"portrait": PORTRAIT, "landscape": LANDSCAPE}
)
"""Pages of staff have one size of letters."""


def of_staff() -> list[Sample]:
    """Return the samples of maintenance mode."""
    return [*staff(), *training(), *clocks(), *staff_work(), *staff_beside(), *staff_update()]


@cache
def words(language: str) -> Words:
    """Return the words of a language, with those of the samples."""
    return Words(language, ENGLISH)


def seen(sample: Sample, theme: Theme, language: str = "zh") -> AnyPage:
    """Return the view as the journey would give it in a size and a language."""
    view: Any = sample.view
    frame = replace(view.frame, size=theme.size, language=language)
    on = {"size": theme.elder}
    tools = tuple(replace(tool, chosen=on.get(tool.target, False)) for tool in frame.tools)
    return cast("AnyPage", replace(view, frame=replace(frame, tools=tools)))


def leaves(sample: Sample, theme: Theme, language: str = "zh") -> Iterator[Placed]:
    """Yield the leaves of a sample one after another, from the one that is turned up first on."""
    for turned in range(sample.leaf, sample.leaf + _MOST_LEAVES):
        tree = placed(replace(sample, leaf=turned), theme, language)
        yield tree
        if f"{TURN}+1" not in tree.node.targets() or sample.view.page == State.DATE:
            break
    if sample.leaf == 0 and f"{TURN}-1" in placed(sample, theme, language).node.targets():
        yield placed(replace(sample, leaf=-1), theme, language)


_MOST_LEAVES: Final = 12


def placed(sample: Sample, theme: Theme, language: str = "zh") -> Placed:
    """Return the placed tree of a sample on a screen."""
    from screens.pages import build  # noqa: PLC0415  - after Kivy was made fit

    kit = Kit(
        theme=room(theme) if sample.training else theme,
        say=words(language),
        now=sample.now,
        leaf=sample.leaf,
        composition=sample.composition,
    )
    view = seen(sample, theme, language)
    page = build(kit, view)
    if sample.training:
        page = over(kit, page, theme)
    return layout.arrange(page, theme.width, theme.height)


class Easel:
    """Paints placed trees into pictures, without a visible window."""

    def __init__(self) -> None:
        """Open a hidden window for its graphics context."""
        hardening.prepare(hardening.Display(width=64, height=64, px_per_mm=REFERENCE_PX_PER_MM))
        from kivy.core.window import Window  # noqa: PLC0415
        from kivy.graphics import Fbo  # noqa: PLC0415

        self._window = Window
        self._fbo = Fbo
        self._buffers: dict[tuple[int, int], tuple[Any, Any]] = {}
        """One frame buffer and one painter for each size of screen."""

    def picture(self, tree: Placed) -> Image.Image:
        """Return what a screen would show."""
        return Image.fromarray(np.ascontiguousarray(self.dots(tree)))

    def dots(self, tree: Placed) -> Dots:
        """Return the same row by row, from the top: red, green and blue of each dot."""
        from kivy.graphics import ClearBuffers, ClearColor  # noqa: PLC0415

        from screens.painter import Painter, ground  # noqa: PLC0415

        size = (tree.box.w, tree.box.h)
        if size not in self._buffers:
            self._buffers[size] = (self._fbo(size=size), Painter(tree.box.h))
        buffer, painter = self._buffers[size]
        buffer.clear()
        buffer.add(ClearColor(*ground(tree)))
        buffer.add(ClearBuffers())
        buffer.add(painter.paint(tree))
        buffer.draw()
        painted = np.frombuffer(buffer.pixels, np.uint8).reshape(tree.box.h, tree.box.w, 4)
        return painted[::-1, :, :3]


def pictures(
    only: str = "", language: str = "zh", among: Container[str] | None = None
) -> Iterator[tuple[str, Image.Image]]:
    """Yield every page both ways up in both sizes, or those ``among``: name, picture."""
    easel = Easel()
    for sample in (*samples(), *of_staff(), *learning()):
        own = STAFF_WAYS if sample.view.page.startswith("staff_") else WAYS
        for way, theme in own.items():
            name = f"{sample.name}-{way}"
            if re.search(only, name) and (among is None or name in among):
                yield name, easel.picture(placed(sample, theme, language))


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser(description="Pictures of all pages.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", default="", help="expression found in a picture's name")
    parser.add_argument("--language", default="zh", help="zh or en")
    parser.add_argument("--docs", action="store_true", help="the pictures of docs/screens, small")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    among = DOCUMENTED if given.docs else None
    for name, image in pictures(given.only, given.language, among):
        if not given.docs:
            image.save(given.out / f"{name}.png", compress_level=3)
        else:
            small = image.quantize(128, dither=Image.Dither.NONE)
            small.save(given.out / f"{name.removesuffix('-portrait')}.png", optimize=True)


if __name__ == "__main__":
    main()
