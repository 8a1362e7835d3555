"""Google Pinyin (Debian ``libgooglepinyin0``, Apache-2.0) as an engine, through ctypes.

The library has one decoder a process and wants a user dictionary it may write to.  It gets a copy
of the seeded one in a memory file: the process writes nothing to disk, and a copy dies with its
visit.  ``im_choose`` (which learns) and ``im_flush_cache`` (which writes) are never called here.
"""

from __future__ import annotations

import ctypes
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from screens.input import seeds
from screens.input.engine import (
    BREAK,
    MAX_LETTERS,
    AbsentEngine,
    Candidate,
    PinyinEngine,
    Reading,
)

LIBRARY: Final = "libgooglepinyin.so.0"
SYSTEM_DICTIONARIES: Final = "*/googlepinyin/data/dict_pinyin.dat"
"""Below ``/usr/lib``; the first part is the machine's multiarch name."""
MAX_CANDIDATES: Final = 512
MAX_SYLLABLES: Final = 6
"""Most syllables the library is asked with; letters behind them wait for a choice.

Its pools are of fixed size, and when one is full a failed assertion ends the process: eight
initials ``z'`` do it, or eight syllables ``nge`` that can be cut in more than one way.  With
seven nothing was found that does.
"""
_SYLLABLE: Final = re.compile(
    r"(?:[zcs]h|[^aeiouv'])?[aeiouv]{1,3}n?g?'*|(?:[zcs]h|[^aeiouv'])'*|'+"
)
"""What may be a syllable, or the initial of one: rather too many than too few."""
_WIDE: Final = 64
"""UTF-16 units of the buffer for one candidate; the decoder's longest has 40."""
_ROOT: Final = Path(__file__).resolve().parent.parent.parent
BUILT: Final = (_ROOT / "build" / "pinyin", Path("/usr/share/yiduan/pinyin"))
"""Where ``assets/build_pinyin.py`` puts its files; the first that has them counts."""

_SIZE, _TEXT, _ANY = ctypes.c_size_t, ctypes.c_char_p, ctypes.c_void_p
_SIGNATURES: Final[tuple[tuple[str, Any, list[Any]], ...]] = (
    ("im_open_decoder", ctypes.c_bool, [_TEXT, _TEXT]),
    ("im_search", _SIZE, [_TEXT, _SIZE]),
    ("im_get_candidate", _ANY, [_SIZE, _ANY, _SIZE]),
    ("im_get_spl_start_pos", _SIZE, [_ANY]),
    ("im_choose", _SIZE, [_SIZE]),
    ("im_reset_search", None, []),
    ("im_flush_cache", None, []),
    ("im_close_decoder", None, []),
)
"""Function, result, arguments: of ``pinyinime.h``."""


class EngineMissing(Exception):
    """No library, no dictionary, or it does not open: install ``libgooglepinyin0``."""


def built(name: str) -> Path | None:
    """Return a file of the recipe, or nothing when it was not built."""
    return next((place / name for place in BUILT if (place / name).is_file()), None)


def system_dictionary() -> Path:
    """Return the library's dictionary.

    Raises:
        EngineMissing: it is not installed.
    """
    found = next(iter(sorted(Path("/usr/lib").glob(SYSTEM_DICTIONARIES))), None)
    if found is None:
        raise EngineMissing("no dict_pinyin.dat")
    return found


def library(name: str = LIBRARY) -> ctypes.CDLL:
    """Load the library and tell ctypes its signatures (``pinyinime.h``).

    Raises:
        EngineMissing: it is not installed, or another one.
    """
    try:
        loaded = ctypes.CDLL(name)
        for function, result, arguments in _SIGNATURES:
            signed = getattr(loaded, function)
            signed.restype, signed.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        raise EngineMissing(str(error)) from error
    return loaded


class GooglePinyin:
    """The engine; one a process, for the library keeps its decoder in itself."""

    available: Final = True

    def __init__(self, user: bytes = b"", library_name: str = LIBRARY) -> None:
        """Open the decoder with ``user``, the bytes of a user dictionary.

        Raises:
            EngineMissing: the library or its dictionary is not here or does not open.
        """
        self._library = library(library_name)
        self._memory = _memory_file(user)
        user_path = f"/proc/self/fd/{self._memory}"
        if not self._library.im_open_decoder(str(system_dictionary()).encode(), user_path.encode()):
            os.close(self._memory)
            raise EngineMissing("the decoder does not open")
        self._buffer = (ctypes.c_uint16 * _WIDE)()

    def look_up(self, letters: str) -> Reading:
        """Return the reading of ``letters``; see :class:`PinyinEngine`."""
        self.reset()
        asked, waiting = _bounded(letters)
        count = self._library.im_search(asked.encode(), len(asked))
        starts = self._starts()
        found = self._candidates(count, [*starts[:-1], _cover(asked, starts[-1])])
        syllables = (*_syllables(asked, starts), *_rest(waiting))
        return Reading(syllables=syllables, candidates=tuple(found))

    def reset(self) -> None:
        """Forget the last letters."""
        self._library.im_reset_search()

    def close(self) -> None:
        """Close the decoder; nothing was learned, so nothing is written."""
        self._library.im_close_decoder()
        os.close(self._memory)

    def _starts(self) -> list[int]:
        """Return where each syllable begins in the letters, then where the last one ends."""
        starts = ctypes.POINTER(ctypes.c_uint16)()
        count = self._library.im_get_spl_start_pos(ctypes.byref(starts))
        return [int(starts[n]) for n in range(count + 1)]

    def _candidates(self, count: int, starts: list[int]) -> Iterator[Candidate]:
        """Yield candidates; each character stands for one syllable."""
        seen = set()
        for number in range(min(count, MAX_CANDIDATES)):
            words = self._words(number)
            if words and words not in seen and len(words) < len(starts):
                seen.add(words)
                yield Candidate(words=words, letters=starts[len(words)])

    def _words(self, number: int) -> str:
        if not self._library.im_get_candidate(number, self._buffer, _WIDE - 1):
            return ""
        raw = bytes(self._buffer)
        return raw.decode("utf-16-le", errors="ignore").partition("\0")[0]


def _bounded(letters: str) -> tuple[str, str]:
    """Return the letters the library can bear to be asked with, and the others."""
    ends = [found.end() for found in _SYLLABLE.finditer(letters[:MAX_LETTERS])]
    end = ends[min(MAX_SYLLABLES, len(ends)) - 1] if ends else 0
    return letters[:end], letters[end:]


def _rest(waiting: str) -> tuple[str, ...]:
    return tuple(found.group().strip(BREAK) for found in _SYLLABLE.finditer(waiting))


def _cover(letters: str, end: int) -> int:
    """Let the last syllable use up the breaks after it."""
    while letters[end : end + 1] == BREAK:
        end += 1
    return end


def _syllables(letters: str, starts: list[int]) -> tuple[str, ...]:
    ends = [*starts[1:], len(letters)]
    parts = (letters[a:b].strip(BREAK) for a, b in zip(starts, ends, strict=True))
    return tuple(part for part in parts if part)


def _memory_file(content: bytes) -> int:
    """Return a memory file with ``content``, closed in child programs."""
    number = os.memfd_create("user.dict", os.MFD_CLOEXEC)
    with os.fdopen(os.dup(number), "wb") as file:
        file.write(content)
    return number


def open_engine() -> PinyinEngine:
    """Open what is installed; what is missing is told to the log, the pad goes on with letters."""
    taught = built("user.dict")
    try:
        return GooglePinyin(taught.read_bytes() if taught else b"")
    except (EngineMissing, OSError) as error:
        logging.getLogger(__name__).warning("no pinyin: %s", error)
        return AbsentEngine()


def open_seeds() -> seeds.Seeds:
    """Read the word lists; without them candidates come in the engine's own order."""
    try:
        return seeds.load(built("rare.json"))
    except (OSError, ValueError) as error:
        logging.getLogger(__name__).warning("no word lists: %s", error)
        return seeds.Seeds()
