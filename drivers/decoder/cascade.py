"""Who is asked for a code, and when; pure.

Theory of operation.  zxing-cpp alone reads nine of ten bad frames in a millisecond or two, so it
looks at every picture for a QR code.  What it does not read is treated and read again; all
treatments together cost fifty times the first look.  A picture that comes only once gets them all;
in a stream of frames a hand holds still for a second, so every other frame gets one more look, in
turn, and a frame without a code stays cheap.

Linear codes have no error correction: one is believed when two reads give the same, of two frames
of a stream, or by two ways of one picture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import Final

from drivers.decoder import treatments
from drivers.decoder.codes import EVERY, LINEAR, MATRIX, Code, Grey, Symbology
from drivers.decoder.engines import zbar, zxing
from drivers.decoder.treatments import Treated, Treatment

PLAIN_DOTS = 12_000_000
"""A picture of more dots is made smaller before the first look."""
TREATED_DOTS = 2_000_000
"""… and before it is treated: a code that fills a twentieth of it still has modules of 3 dots."""

CONFIRMED = 2
"""Equal reads after which a linear code is believed."""

_PATIENCE = 6  # frames for which a linear code that was read once is looked for in each

_QR: Final = frozenset({Symbology.QR_CODE})


def still(
    picture: Grey, wanted: Collection[Symbology] = EVERY, *, every: bool = False
) -> tuple[Code, ...]:
    """Read a picture that comes only once, with everything there is.

    Args:
        picture: It.
        wanted: Kinds that are looked for.
        every: Look for codes of other kinds beside one that was found.
    """
    kinds = frozenset(wanted)
    whole = treatments.reduced(picture, PLAIN_DOTS)
    codes = zxing(whole, kinds & _QR)
    if codes and not every:
        return codes
    codes += zxing(whole, kinds & MATRIX)
    work = treatments.reduced(picture, TREATED_DOTS)
    codes += _linear(whole, work, kinds & LINEAR)
    return codes or _treated(work, kinds)


def _treated(work: Treated, kinds: frozenset[Symbology]) -> tuple[Code, ...]:
    """Read treated pictures until one shows something, zbar last."""
    twice = _Confirmation()
    for treatment in treatments.EVERY:
        seen = _after(work, treatment)
        codes = zxing(seen, kinds & (_QR | MATRIX), inverted=treatment is treatments.sharpened)
        codes += twice.add(zxing(seen, kinds & LINEAR, inverted=False))
        if codes:
            return codes
    last = zbar(work, kinds)
    certain = tuple(code for code in last if code.symbology not in LINEAR)
    return certain + twice.add(code for code in last if code.symbology in LINEAR)


def _linear(whole: Treated, work: Treated, kinds: frozenset[Symbology]) -> tuple[Code, ...]:
    """Read linear codes by one way and believe those that another gives as well."""
    once = zxing(whole, kinds, inverted=False)
    if not once:
        return ()
    twice = _Confirmation()
    twice.add(once)
    ways: tuple[Callable[[], tuple[Code, ...]], ...] = (
        lambda: zbar(work, kinds),
        lambda: zxing(_after(work, treatments.smoothed), kinds, inverted=False),
        lambda: zxing(_after(work, treatments.sharpened), kinds, inverted=False),
    )
    believed: dict[tuple[Symbology, bytes], Code] = {}
    for way in ways:
        for code in twice.add(way()):
            believed.setdefault(code.key, code)
        if all(code.key in believed for code in once):
            break
    return tuple(believed.values())


def _after(work: Treated, treatment: Treatment) -> Treated:
    """Treat a picture that may have been made smaller before."""
    seen = treatment(work.picture)
    if work.scale == 1.0:
        return seen
    return Treated(
        picture=seen.picture, scale=seen.scale * work.scale, edge=round(seen.edge / work.scale)
    )


class _Confirmation:
    """Counts equal reads."""

    def __init__(self) -> None:
        self._reads: Counter[tuple[Symbology, bytes]] = Counter()

    @property
    def waiting(self) -> bool:
        """Whether something was read, but not often enough."""
        return bool(self._reads)

    def add(self, codes: Iterable[Code]) -> tuple[Code, ...]:
        """Take one look's reads; return those that are believed now."""
        codes = tuple({code.key: code for code in codes}.values())
        self._reads.update(code.key for code in codes)
        return tuple(code for code in codes if self._reads[code.key] >= CONFIRMED)


_Look = Callable[[Treated, frozenset[Symbology]], tuple[Code, ...]]


def _by(treatment: Treatment) -> _Look:
    def look(seen: Treated, kinds: frozenset[Symbology]) -> tuple[Code, ...]:
        return zxing(_after(seen, treatment), kinds & _QR, inverted=False)

    return look


def _matrix(seen: Treated, kinds: frozenset[Symbology]) -> tuple[Code, ...]:
    return zxing(seen, kinds & MATRIX, inverted=False)


def _rows(seen: Treated, kinds: frozenset[Symbology]) -> tuple[Code, ...]:
    return zxing(seen, kinds & LINEAR, inverted=False)


_ROUND: Final[tuple[tuple[_Look, frozenset[Symbology]], ...]] = (
    (_by(treatments.smoothed_and_sharpened), _QR),
    (_rows, LINEAR),
    (_matrix, MATRIX),
    (_by(treatments.sharpened), _QR),
    (_rows, LINEAR),
    (_by(treatments.smoothed_black_and_white), _QR),
    (_matrix, MATRIX),
    (_by(treatments.sharp_black_and_white), _QR),
)

TURNS: Final = (*_ROUND, *_ROUND, (zbar, _QR | LINEAR))
"""What every other frame of a stream gets beside the first look, one after another, and for which
kinds; zbar, which takes as long as four of the others, every second round."""


class Live:
    """Reads a stream of frames, most of which show nothing."""

    def __init__(self, wanted: Collection[Symbology] = EVERY) -> None:
        self._kinds = frozenset(wanted)
        self._turns = tuple(look for look, kinds in TURNS if kinds & self._kinds)
        self._frames = 0
        self._rows = _Confirmation()
        self._patience = 0

    def look(self, picture: Grey) -> tuple[Code, ...]:
        """Take the next frame; return what is certain on it."""
        self._frames += 1
        seen = treatments.reduced(picture, TREATED_DOTS)
        codes = zxing(seen, self._kinds & _QR)
        if codes:
            return codes
        if self._rows.waiting:
            return self._look_again(seen)
        if self._frames % 2 and self._turns:
            turn = self._turns[self._frames // 2 % len(self._turns)]
            return self._judged(turn(seen, self._kinds))
        return ()

    def _look_again(self, seen: Treated) -> tuple[Code, ...]:
        """Look for the linear code that was read once, for a few frames."""
        codes = self._judged(_rows(seen, self._kinds) or zbar(seen, self._kinds & LINEAR))
        self._patience -= 1
        if not codes and self._patience <= 0:
            self._rows = _Confirmation()
        return codes

    def _judged(self, codes: tuple[Code, ...]) -> tuple[Code, ...]:
        certain = tuple(code for code in codes if code.symbology not in LINEAR)
        rows = [code for code in codes if code.symbology in LINEAR]
        if rows and not self._rows.waiting:
            self._patience = _PATIENCE
        return certain + self._rows.add(rows)
