"""The two decoders: zxing-cpp first, zbar second, both asked for bytes.

zxing-cpp gives the bytes of a code and says which character sets it names.  zbar gives text it has
converted by a guess that is wrong for short Chinese ones, so of zbar only pure ASCII is taken: a
guess never turns other bytes into ASCII alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

import zxingcpp
from pyzbar import pyzbar

from drivers.decoder import charset
from drivers.decoder.codes import Code, Corners, Symbology
from drivers.decoder.treatments import Treated

MOST_CODES = 8
"""Codes taken of one picture."""

_ZXING: Final = {
    Symbology.QR_CODE: zxingcpp.BarcodeFormat.QRCodeModel2,
    Symbology.DATA_MATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    Symbology.AZTEC: zxingcpp.BarcodeFormat.AztecCode,
    Symbology.PDF417: zxingcpp.BarcodeFormat.PDF417,
    Symbology.CODE_128: zxingcpp.BarcodeFormat.Code128,
    Symbology.GS1_128: zxingcpp.BarcodeFormat.Code128,
    Symbology.CODE_39: zxingcpp.BarcodeFormat.Code39,
    Symbology.CODE_93: zxingcpp.BarcodeFormat.Code93,
    Symbology.EAN_13: zxingcpp.BarcodeFormat.EAN13,
    Symbology.EAN_8: zxingcpp.BarcodeFormat.EAN8,
}
"""Micro QR, rMQR and the old model 1 are left out: nobody prints them, and the smaller a code, the
likelier a false one."""

_ZBAR: Final = {
    pyzbar.ZBarSymbol.QRCODE: Symbology.QR_CODE,
    pyzbar.ZBarSymbol.CODE128: Symbology.CODE_128,
    pyzbar.ZBarSymbol.CODE39: Symbology.CODE_39,
    pyzbar.ZBarSymbol.CODE93: Symbology.CODE_93,
    pyzbar.ZBarSymbol.EAN13: Symbology.EAN_13,
    pyzbar.ZBarSymbol.EAN8: Symbology.EAN_8,
}

_GS1_128 = "]C1"  # AIM identifier of Code 128 with FNC1 first (ISO/IEC 15424)
_NAMED = b"]"  # the ECI protocol begins with the AIM identifier, three characters
_ECI_QR, _ECI_OTHER = (b"]Q2", b"]Q4", b"]Q6"), (b"]d4", b"]d5", b"]d6", b"]L1", b"]z3", b"]z4")


def zxing(seen: Treated, wanted: Iterable[Symbology], *, inverted: bool = True) -> tuple[Code, ...]:
    """Read the wanted kinds by zxing-cpp; `inverted` also looks for light codes on dark."""
    wanted = frozenset(wanted)
    if not wanted:
        return ()
    found = zxingcpp.read_barcodes(
        seen.picture,
        formats=_formats(wanted),
        try_invert=inverted,
        text_mode=zxingcpp.TextMode.HexECI,
    )
    codes = (_from_zxing(one, seen) for one in found if one.valid)
    return tuple(code for code in codes if code is not None and code.symbology in wanted)[
        :MOST_CODES
    ]


def zbar(seen: Treated, wanted: Iterable[Symbology]) -> tuple[Code, ...]:
    """Read the wanted kinds by zbar; only payloads that are pure ASCII."""
    wanted = frozenset(wanted)
    symbols = [symbol for symbol, symbology in _ZBAR.items() if symbology in wanted]
    if not symbols:
        return ()
    try:
        found = pyzbar.decode(seen.picture, symbols)
    except ValueError:  # pyzbar has no word for how a part of a joined code lies
        return ()
    return tuple(_from_zbar(found, seen))[:MOST_CODES]


@lru_cache(maxsize=32)
def _formats(wanted: frozenset[Symbology]) -> Any:
    return list({_ZXING[one] for one in wanted})


@lru_cache(maxsize=1)
def _kinds() -> dict[Any, Symbology]:
    kinds = {kind: symbology for symbology, kind in _ZXING.items()}
    kinds[zxingcpp.BarcodeFormat.Code128] = Symbology.CODE_128
    kinds[zxingcpp.BarcodeFormat.Code39Std] = Symbology.CODE_39
    kinds[zxingcpp.BarcodeFormat.Code39Ext] = Symbology.CODE_39
    kinds[zxingcpp.BarcodeFormat.Aztec] = Symbology.AZTEC
    kinds[zxingcpp.BarcodeFormat.QRCode] = Symbology.QR_CODE
    return kinds


def _from_zxing(one: Any, seen: Treated) -> Code | None:
    symbology = _kinds().get(one.format)
    data = bytes(one.bytes)
    if symbology is None or not data:
        return None
    if symbology is Symbology.CODE_128 and one.symbology_identifier == _GS1_128:
        symbology = Symbology.GS1_128
    place = one.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return Code(
        symbology=symbology,
        data=data,
        charset=_charset(data, bytes.fromhex(one.text)),
        corners=_corners(((corner.x, corner.y) for corner in corners), seen),
    )


def _charset(data: bytes, protocol: bytes) -> str | None:
    """Return the set a code names, or else what its bytes are."""
    if protocol[:3] in _ECI_QR + _ECI_OTHER:
        return charset.stated(protocol[3:])
    return charset.guessed(data)


def _from_zbar(found: Iterable[Any], seen: Treated) -> Iterator[Code]:
    for one in found:
        data = bytes(one.data)
        symbology = _ZBAR.get(pyzbar.ZBarSymbol[one.type])
        if symbology is None or not data or not data.isascii():
            continue
        box = one.rect
        right, bottom = box.left + box.width, box.top + box.height
        places = ((box.left, box.top), (right, box.top), (right, bottom), (box.left, bottom))
        corners = _corners(places, seen)
        yield Code(symbology=symbology, data=data, charset=charset.UTF_8, corners=corners)


def _corners(places: Iterable[tuple[int, int]], seen: Treated) -> Corners:
    scale, edge = seen.scale, seen.edge
    return tuple(
        (round((across + 0.5) / scale - 0.5) - edge, round((down + 0.5) / scale - 0.5) - edge)
        for across, down in places
    )
