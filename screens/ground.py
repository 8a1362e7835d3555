"""What is seen when no session's window is: words on the root window, not a black screen.

Painted once and kept by the X server, so no process of ours has to live for it to be seen: at the
start of the X session the words of a start, at the end of the ladder of restarts those of a
terminal out of service. Sessions' windows cover it.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from typing import Final

from PIL import Image, ImageDraw
from Xlib.display import Display
from Xlib.error import DisplayError

from kiosk.settings import SettingsError, load
from kiosk.translation import Translator
from screens import theme
from screens.fonts import FILES, font

SAID: Final = {"starting": "screens.ground", "out": "screens.out"}
"""What can be said: the keys below it are ``title``, ``lead`` and ``phone``."""
PHONE: Final = "12345"
"""Where the settings themselves can't be read."""
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
    picture = paint(options.says, (size.width, size.height), _phone(options))
    pixmap = root.create_pixmap(size.width, size.height, display.screen().root_depth)
    pixmap.put_pil_image(pixmap.create_gc(), 0, 0, picture)
    root.change_attributes(background_pixmap=pixmap)
    root.clear_area(0, 0, 0, 0)
    display.sync()
    display.close()
    return 0


def _phone(options: argparse.Namespace) -> str:
    try:
        return load(options.settings).help.phone
    except SettingsError:
        return PHONE


def paint(says: str, size: tuple[int, int], phone: str) -> Image.Image:
    """Return the page: both languages, a third from the top."""
    width, height = size
    picture = Image.new("RGB", size, theme.PAPER)
    pen = ImageDraw.Draw(picture)
    key, big = SAID[says], min(width, height) // 13
    left, top = width // _MARGIN, height // 3
    for language, share in (("zh", 1.0), ("en", 0.55)):
        words = Translator(language)
        for name, size_of, face in (("title", 1.0, "bold"), ("lead", 0.5, "sans")):
            dots = int(big * share * size_of)
            for line in _lines(words.text(f"{key}.{name}"), width - 2 * left, face, dots):
                pen.text((left, top), line, theme.INK, font(FILES[face], dots))
                top += int(dots * 1.5)
        if language == "zh":
            told = words.text("screens.out.phone", phone=phone)
            pen.text((left, top), told, theme.INK, font(FILES["sans"], big // 2))
            top += int(big * 1.5)
    return picture


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
