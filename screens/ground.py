"""What is seen when no session's window is: words on the root window, not a black screen.

Painted once and kept by the X server, so no process of ours has to live for it to be seen: at the
start of the X session the words of a start, at the end of the ladder of restarts those of a
terminal out of service. Sessions' windows cover it.

A start lasts a minute or two, so its words name who answers now. Out of service may stand all night
and nobody looks at the clock for it: it has every number with its hours, as paper has.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from PIL import Image, ImageDraw
from Xlib.display import Display
from Xlib.error import DisplayError

from kiosk.catalogue.files import workdays_of
from kiosk.domain.calendar import LEGAL_TIME
from kiosk.domain.roster_words import Help, table
from kiosk.session.whom_to_ring import help_of
from kiosk.settings import SettingsError, config_root, load
from kiosk.translation import Translator
from screens import theme
from screens.fonts import FILES, font

SAID: Final = {"starting": "screens.ground", "out": "screens.out"}
"""What can be said: the keys below it are ``title``, ``lead`` and ``phone``."""
PHONE: Final = "12345"
"""Where the settings themselves can't be read."""
Told = tuple[tuple[str, ...], ...]
"""Whom to ring: of each the name with the number, then the hours where they are known."""
_Line = tuple[str, str, int]
"""Words, face, height in dots."""
_MARGIN: Final = 12
"""The width holds so many margins."""


def main(options: argparse.Namespace) -> int:
    """Paint; ``says`` is one of `SAID`, ``settings`` the files that know the telephone."""
    try:
        display = Display(os.environ.get("DISPLAY", ""))
    except DisplayError as error:
        print(f"kiosk ground: {error}", file=sys.stderr)
        return 1
    root = display.screen().root
    size = root.get_geometry()
    picture = paint(options.says, (size.width, size.height), _told(options))
    pixmap = root.create_pixmap(size.width, size.height, display.screen().root_depth)
    pixmap.put_pil_image(pixmap.create_gc(), 0, 0, picture)
    root.change_attributes(background_pixmap=pixmap)
    root.clear_area(0, 0, 0, 0)
    display.sync()
    display.close()
    return 0


def _told(options: argparse.Namespace) -> Told:
    """Return whom to ring, in Chinese."""
    words = Translator("zh")
    try:
        settings = load(options.settings)
    except SettingsError:
        return ((words.text("screens.out.phone", phone=PHONE),),)
    own = help_of(settings, workdays_of(config_root(), settings.jurisdiction))
    return whom(options.says, own, datetime.now(LEGAL_TIME), words)


def whom(says: str, own: Help, now: datetime, words: Translator) -> Told:
    """Return whom to ring at a moment (``starting``), or at any (``out``).

    Those who always answer stand first there: what has no room is left out from the end.
    """
    if says == "starting":
        contact = own.at(now).contact
        phone = contact.phone if contact else own.phone
        return ((words.text("screens.out.phone", phone=phone),),)
    first = tuple(sorted(own.roster, key=lambda contact: not contact.always))
    return tuple(_listed(row, words) for row in table(replace(own, roster=first), words.text))


def _listed(row: tuple[str, str, tuple[str, ...]], words: Translator) -> tuple[str, ...]:
    name, phone, hours = row
    who = f"{name} {phone}" if name else words.text("screens.out.phone", phone=phone)
    return (who, "，".join(hours)) if hours else (who,)


def paint(says: str, size: tuple[int, int], told: Told) -> Image.Image:
    """Return the page: both languages, a third from the top; ``told``: whom to ring."""
    width, height = size
    picture = Image.new("RGB", size, theme.PAPER)
    pen = ImageDraw.Draw(picture)
    left, top = width // _MARGIN, height // (3 if len(told) == 1 else 6)
    lines = _fitting(says, told, (min(width, height) // 13, width - 2 * left, height - top))
    for line, face, dots in lines:
        pen.text((left, top), line, theme.INK, font(FILES[face], dots))
        top += _high(dots)
    return picture


def _high(dots: int) -> int:
    return int(dots * 1.5)


def _fitting(says: str, told: Told, sizes: tuple[int, int, int]) -> list[_Line]:
    """Return the lines of the page with as many of those to ring as there is room for."""
    big, room, high = sizes
    for count in range(len(told), 0, -1):
        lines = list(_page(says, big, told[:count], room))
        if sum(_high(dots) for _, _, dots in lines) <= high - big:
            return lines
    return list(_page(says, big, told[:1], room))


def _page(says: str, big: int, told: Told, room: int) -> Iterator[_Line]:
    """Yield every line with its face and its height in dots."""
    for language, share in (("zh", 1.0), ("en", 0.55)):
        words = Translator(language)
        for name, size_of, face in (("title", 1.0, "bold"), ("lead", 0.5, "sans")):
            dots = int(big * share * size_of)
            for line in _lines(words.text(f"{SAID[says]}.{name}"), room, face, dots):
                yield line, face, dots
        if language == "zh":
            yield from _ringing(told, big, room)


def _ringing(told: Told, big: int, room: int) -> Iterator[_Line]:
    for one in told:
        for words, share in zip(one, (0.5, 0.42), strict=False):
            dots = int(big * share)
            yield from ((line, "sans", dots) for line in _lines(words, room, "sans", dots))


def _lines(words: str, width: int, face: str, dots: int) -> list[str]:
    """Break words that are too long: Latin between words, Chinese behind its commas."""
    parts = re.findall(r"\S+\s?" if words.isascii() else r"[^，。]+[，。]?", words)
    lines, line = [], ""
    for part in parts:
        if line and font(FILES[face], dots).getlength((line + part).rstrip()) > width:
            lines.append(line)
            line = part
        else:
            line += part
    return [*lines, line]
