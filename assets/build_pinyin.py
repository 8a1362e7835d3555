# ruff: noqa: INP001 - assets holds data; this recipe is run by path
"""Recipe of what Chinese input knows about this city.

Teaches the lists of ``assets/pinyin`` to a fresh user dictionary of ``libgooglepinyin0``
(``user.dict``) and writes ``rare.json``: every character that a face of ours can draw and the
library's dictionary lacks, by its reading, so that no name is out of reach.  Runs in a second
or two, and in no time when nothing has changed.

    python assets/build_pinyin.py [--out build/pinyin]
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from screens import fonts
from screens.input import google_pinyin, seeds
from standards import pinyin

ROOT = Path(__file__).resolve().parent.parent
HAN = (range(0x4E00, 0xA000), range(0x3400, 0x4DC0), range(0x20000, 0x323B0))
"""Unified ideographs, common ones first."""


class Teacher:
    """A decoder that is taught; what it learned is written to ``path``."""

    def __init__(self, path: Path) -> None:
        """Open the decoder with an empty user dictionary at ``path``."""
        self._library = google_pinyin.library()
        system = google_pinyin.system_dictionary()
        path.write_bytes(b"")
        if not self._library.im_open_decoder(str(system).encode(), str(path).encode()):
            raise google_pinyin.EngineMissing("the decoder does not open")
        self._buffer = (ctypes.c_uint16 * 64)()

    def candidates(self, count: int) -> list[str]:
        """Return the words of the search that is open."""
        found = []
        for number in range(count):
            self._library.im_get_candidate(number, self._buffer, 63)
            found.append(bytes(self._buffer).decode("utf-16-le", "ignore").partition("\0")[0])
        return found

    def known(self, letters: str) -> list[str]:
        """Return all candidates of ``letters``."""
        self._library.im_reset_search()
        return self.candidates(self._library.im_search(letters.encode(), len(letters)))

    def teach(self, word: str, letters: str) -> bool:
        """Choose ``word`` piece by piece; return whether the decoder could write it."""
        self._library.im_reset_search()
        count, done = self._library.im_search(letters.encode(), len(letters)), ""
        while done != word:
            number, piece = self._piece(self.candidates(count), done, word)
            if not piece:
                return False
            count, done = self._library.im_choose(number), done + piece
        return True

    @staticmethod
    def _piece(found: list[str], done: str, word: str) -> tuple[int, str]:
        """Return number and words of the longest candidate that goes on with ``word``."""
        best = (0, "")
        for number, words in enumerate(found):
            # The first candidate repeats what was chosen already.
            piece = words.removeprefix(done) if number == 0 else words
            if word.startswith(done + piece) and len(piece) > len(best[1]):
                best = (number, piece)
        return best

    def close(self) -> None:
        """Write what was learned."""
        self._library.im_reset_search()
        self._library.im_flush_cache()
        self._library.im_close_decoder()


def rare(known: set[tuple[str, str]]) -> dict[str, str]:
    """Return reading → characters that can be drawn and are not among ``known``."""
    found: dict[str, list[str]] = {}
    for syllable, characters in seeds.lines("rare.txt"):
        found.setdefault(syllable, []).extend("".join(characters))
    for point in (point for block in HAN for point in block):
        character = chr(point)
        if fonts.covers("sans", character):
            for syllable in pinyin.readings(character):
                if (syllable, character) not in known:
                    found.setdefault(syllable, []).append(character)
    return {one: "".join(dict.fromkeys(found[one])) for one in sorted(found)}


def syllables() -> list[str]:
    """Return every syllable that a character is read with."""
    every = (pinyin.readings(chr(point)) for point in HAN[0])
    return sorted({reading for readings in every for reading in readings})


def _inputs() -> Iterable[Path]:
    yield Path(__file__)
    yield from sorted((ROOT / "assets" / "pinyin").glob("*.txt"))
    yield google_pinyin.system_dictionary()
    yield fonts.directory() / "coverage.json"


def stamp() -> str:
    """Return the digest of the recipe and of all it reads."""
    digest = hashlib.sha256()
    for path in _inputs():
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def build(out: Path) -> list[str] | None:
    """Build into ``out``; return words that could not be taught, None when all was fresh."""
    mark, now = out / "stamp", stamp()
    if mark.exists() and mark.read_text() == now:
        return None
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as room:
        learned = Path(room) / "user.dict"
        teacher = Teacher(learned)
        known = {(one, word) for one in syllables() for word in teacher.known(one)}
        missed = [w for w, letters in seeds.load().readings if not teacher.teach(w, letters)]
        teacher.close()
        shutil.copyfile(learned, out / "user.dict")
    (out / "rare.json").write_text(json.dumps(rare(known), ensure_ascii=False))
    mark.write_text(now)
    return missed


def main() -> None:
    """Build, then say what is there."""
    parser = argparse.ArgumentParser(description="Build the words of Chinese input.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "pinyin")
    given = parser.parse_args()
    missed = build(given.out)
    print("fresh" if missed is None else "built", given.out)
    if missed:
        print("  could not be taught:", *missed)


if __name__ == "__main__":
    main()
