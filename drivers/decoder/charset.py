r"""Which character set a code's bytes are in, if that is certain; pure.

A code may name its set (ECI, AIM ITS/04-023); hardly any does.  Without one the set is guessed:
strict UTF-8 first, which other text practically never is by chance, then GB 18030, which much other
text is by chance.  So GB 18030 is taken only when

- at least half of its characters beyond ASCII are common ones (level 1 or signs of GB 2312):
  "naïve" in Latin-1 is valid GB 18030 and means nothing;
- the bytes cannot be a QR code's Kanji mode, whose characters come as Shift JIS: two-byte ranges
  8140-9FFC and E040-EBBF (ISO/IEC 18004, 7.4.6).  Common Chinese characters lie outside.

What is not certain has no text; the bytes are still good.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from standards.charset import decode_payload
from standards.errors import CharsetError

UTF_8, GB_18030, ASCII = "utf-8", "gb18030", "ascii"

_STATED: Final = {3: ASCII, 27: ASCII, 26: UTF_8, 29: GB_18030, 32: GB_18030, 170: ASCII}
"""ECI numbers and what is taken for them: Latin-1 (3) begins many a code whose text is ASCII."""

_DESIGNATOR: Final = re.compile(rb"\\(\\|\d{6})")


def guessed(data: bytes) -> str | None:
    """Return the character set of bytes that name none."""
    try:
        text, charset = decode_payload(data)
    except CharsetError:
        return None
    if charset == UTF_8:
        return UTF_8
    return GB_18030 if _is_plausible_chinese(text) and not _may_be_kanji(data) else None


def stated(protocol: bytes) -> str | None:
    r"""Return the character set of bytes in the ECI protocol: ``\000026`` and text, ``\\`` for \.

    Parts that name different sets have one only when all but one of these are ASCII.
    """
    found: set[str] = set()
    for number, part in _parts(protocol):
        charset = _STATED.get(number)
        if charset is None or not _fits(part, charset):
            return None
        if not part.isascii():
            found.add(charset)
    if len(found) > 1:
        return None
    return found.pop() if found else UTF_8


def _parts(protocol: bytes) -> Iterator[tuple[int, bytes]]:
    number, part = 3, b""
    end = 0
    for found in _DESIGNATOR.finditer(protocol):
        part += protocol[end : found.start()]
        end = found.end()
        if found[1] == b"\\":
            part += b"\\"
            continue
        yield number, part
        number, part = int(found[1]), b""
    yield number, part + protocol[end:]


def _fits(part: bytes, charset: str) -> bool:
    try:
        part.decode(charset)
    except UnicodeDecodeError:
        return False
    return True


def _is_plausible_chinese(text: str) -> bool:
    beyond = [character for character in text if not character.isascii()]
    common = [character for character in beyond if _is_common(character)]
    return 2 * len(common) >= len(beyond)


def _is_common(character: str) -> bool:
    """Say whether it is of rows 1 to 9 (signs) or 16 to 55 (level 1) of GB 2312."""
    pair = character.encode(GB_18030)
    if len(pair) != 2 or pair[1] < 0xA1:
        return False
    return 0xA1 <= pair[0] <= 0xA9 or 0xB0 <= pair[0] <= 0xD7


def _may_be_kanji(data: bytes) -> bool:
    place, pairs = 0, False
    while place < len(data):
        if data[place] < 0x80:
            place += 1
            continue
        pair = int.from_bytes(data[place : place + 2])
        if not (0x8140 <= pair <= 0x9FFC or 0xE040 <= pair <= 0xEBBF):
            return False
        place, pairs = place + 2, True
    return pairs
