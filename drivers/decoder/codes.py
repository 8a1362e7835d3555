"""What is read from a picture; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
"""Rows of dots from 0 (dark) to 255."""

Corners = tuple[tuple[int, int], ...]
"""Four places (across, down) in dots of the picture, as the code is read: top left first, then
clockwise."""


class Symbology(StrEnum):
    """Kinds of codes that are read, in the standard's words (``BarcodeReader.Read``)."""

    QR_CODE = "qrCode"
    DATA_MATRIX = "dataMatrix"
    AZTEC = "aztec"
    PDF417 = "pdf417"
    CODE_128 = "code128"
    GS1_128 = "ean128"
    CODE_39 = "code39"
    CODE_93 = "code93"
    EAN_13 = "ean13"
    EAN_8 = "ean8"


LINEAR: Final = frozenset(
    {
        Symbology.CODE_128,
        Symbology.GS1_128,
        Symbology.CODE_39,
        Symbology.CODE_93,
        Symbology.EAN_13,
        Symbology.EAN_8,
    }
)
"""Codes of one row: no error correction, so that two equal reads are asked for.

Interleaved 2 of 5 and Codabar are not read at all: a part of such a code is a whole shorter one.
"""

MATRIX: Final = frozenset({Symbology.DATA_MATRIX, Symbology.AZTEC, Symbology.PDF417})
EVERY: Final = frozenset(Symbology)


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """One code that was read.

    Attributes:
        symbology: Its kind.
        data: Its payload, byte for byte.
        charset: The character set its bytes are in, if that is certain, see `charset`.
        corners: Where it is.
    """

    symbology: Symbology
    data: bytes
    charset: str | None
    corners: Corners

    @property
    def key(self) -> tuple[Symbology, bytes]:
        """What two reads of one code share."""
        return self.symbology, self.data

    @property
    def text(self) -> str | None:
        """The text it holds, ``None`` when it is not certain which."""
        return None if self.charset is None else self.data.decode(self.charset)
