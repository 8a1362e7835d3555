"""Readings of Han characters in Hanyu Pinyin (GB/T 16159, ISO 7098), without tones.

The table is that of pypinyin (MIT).  It costs about 12 MB and 50 ms, so it is loaded by the
first question, and without the table of phrases, which would cost 45 MB more.
"""

from __future__ import annotations

import os
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
"""What a reading is written with; ü is v, as on keyboards."""


@lru_cache(maxsize=4096)
def readings(character: str) -> tuple[str, ...]:
    """Return all readings of one character, the usual one first: ``重`` → ``zhong, chong``.

    A character without a reading (a letter, a sign) has none.
    """
    found = (one.replace("ü", "v") for one in _table()(character))
    return tuple(dict.fromkeys(one for one in found if one and LETTERS.issuperset(one)))


@cache
def _table() -> Callable[[str], list[str]]:
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin import Style, pinyin  # noqa: PLC0415  - 12 MB, see above

    def look_up(character: str) -> list[str]:
        found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)
        return found[0] if found else []

    return look_up
