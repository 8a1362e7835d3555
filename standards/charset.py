"""Characters from outside: which set they are in, and which of them may be shown.

Codes and cards in the field carry UTF-8 or GB 18030 (older codes GBK, a subset of it).
Whatever they carry, a citizen's text must not steer a screen, a printer or a log.
"""

from __future__ import annotations

import unicodedata

from standards.errors import CharsetError

_SPACES = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Ignorable by Unicode but of no dropped category: joiners and the blank Hangul fillers.
# Variation selectors stay: they choose the shape of a rare character in a name.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")


def decode_payload(data: bytes) -> tuple[str, str]:
    """Return the text of a scanned payload and its character set.

    Strict UTF-8 is tried first (a GB 18030 text of two-byte characters is practically never
    valid UTF-8), then strict GB 18030; the set is ``"utf-8"`` or ``"gb18030"``.

    Raises:
        CharsetError: the bytes are neither.
    """
    for charset in ("utf-8", "gb18030"):
        try:
            return data.decode(charset), charset
        except UnicodeDecodeError:
            continue
    raise CharsetError("neither UTF-8 nor GB 18030")


def printable(text: str) -> str:
    """Return ``text`` without characters that act instead of show.

    Line ends and tabs become one space each; other control, bidirectional, zero-width,
    surrogate and non-characters are dropped. The result is a fixed point: calling this
    again changes nothing.
    """
    return "".join(" " if c in _SPACES else c for c in text if c in _SPACES or _shows(c))


def _shows(character: str) -> bool:
    """Tell whether the character is drawn; private-use ones are, older cards carry them."""
    if unicodedata.category(character) in _DROPPED_CATEGORIES or character in _BLANK:
        return False
    point = ord(character)
    return not (point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF)
