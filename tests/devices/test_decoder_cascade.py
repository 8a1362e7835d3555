"""Codes of every kind and in every bad state are read, and nothing is read that is not there."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
import pytest
import segno
import zxingcpp
from pyzbar import pyzbar

from drivers.decoder import cascade, engines
from drivers.decoder.codes import LINEAR, Code, Grey, Symbology
from drivers.decoder.treatments import Treated
from tests.bench import degraded_codes
from tests.bench.degraded_codes import KINDS, Kind

SEED = 1


def picture(jpeg: bytes) -> Grey:
    """Return a JPEG's grey dots."""
    dots = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    return np.asarray(dots, np.uint8)


def drawn(code: segno.QRCode, dots: int = 5) -> Grey:
    """Return a QR code as a perfect picture."""
    rows = np.array([[0 if dark else 255 for dark in row] for row in code.matrix], np.uint8)
    flat = np.pad(rows, 4, constant_values=255)
    return np.asarray(np.kron(flat, np.ones((dots, dots), np.uint8)), np.uint8)


def written(kind: zxingcpp.BarcodeFormat, text: str) -> Grey:
    """Return another code on a wall."""
    code = np.array(zxingcpp.create_barcode(text, kind).to_image(scale=3, add_quiet_zones=True))
    wall = np.full((720, 1280), 190, np.uint8)
    wall[200 : 200 + code.shape[0], 300 : 300 + code.shape[1]] = code
    return wall


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_frame_is_read(kind: Kind) -> None:
    """One frame of each kind gives its payload, as text, and where it is."""
    frame = degraded_codes.frame(SEED, KINDS.index(kind))
    (code,) = cascade.still(picture(frame.jpeg))
    assert (code.data, code.symbology, code.charset) == (frame.payload, "qrCode", "utf-8")
    assert np.abs(np.array(code.corners) - frame.corners).max() < 8


def test_a_stream_of_a_bad_code_is_read() -> None:
    """What one look does not read is read in turn, within a second and a half of frames."""
    frame = degraded_codes.frame(SEED, KINDS.index(Kind.MOIRE))
    live, dots = cascade.Live(), picture(frame.jpeg)
    codes = next(found for _ in range(24) if (found := live.look(dots)))
    assert [code.data for code in codes] == [frame.payload]


@pytest.mark.parametrize("number", range(3))
def test_nothing_is_read_where_nothing_is(number: int) -> None:
    """Rooms with stripes and edges give nothing, whatever is tried."""
    room = picture(degraded_codes.empty_frame(SEED, number))
    live = cascade.Live()
    assert cascade.still(room) == ()
    assert not any(live.look(room) for _ in range(2 * len(cascade.TURNS)))


@pytest.mark.parametrize("size", [(1, 1), (2, 900), (21, 21)])
def test_a_tiny_picture_is_no_trouble(size: tuple[int, int]) -> None:
    """A picture too small for any code gives nothing."""
    assert cascade.still(np.zeros(size, np.uint8)) == ()


def test_a_code_that_is_the_whole_picture() -> None:
    """A QR code without a light edge, a dot a module, is read."""
    code = segno.make_qr("申请材料", mode="byte", encoding="utf-8")
    dots = np.array([[0 if dark else 255 for dark in row] for row in code.matrix], np.uint8)
    assert [one.text for one in cascade.still(dots)] == ["申请材料"]


def test_several_codes_of_one_picture() -> None:
    """A QR code and a linear one beside it are both given when every code is asked for."""
    wall = written(zxingcpp.BarcodeFormat.Code128, "AB-1234567")
    qr = drawn(segno.make_qr("你好"), 4)
    wall[450 : 450 + len(qr), 700 : 700 + len(qr)] = qr
    assert {code.symbology for code in cascade.still(wall, every=True)} == {"qrCode", "code128"}


@pytest.mark.parametrize(
    ("kind", "text", "symbology"),
    [
        (zxingcpp.BarcodeFormat.Code128, "AB-1234567", Symbology.CODE_128),
        (zxingcpp.BarcodeFormat.Code39, "AB-1234567", Symbology.CODE_39),
        (zxingcpp.BarcodeFormat.Code93, "AB-1234567", Symbology.CODE_93),
        (zxingcpp.BarcodeFormat.EAN13, "4006381333931", Symbology.EAN_13),
        (zxingcpp.BarcodeFormat.EAN8, "96385074", Symbology.EAN_8),
        (zxingcpp.BarcodeFormat.PDF417, "AB-1234567", Symbology.PDF417),
        (zxingcpp.BarcodeFormat.DataMatrix, "AB-1234567", Symbology.DATA_MATRIX),
        (zxingcpp.BarcodeFormat.AztecCode, "AB-1234567", Symbology.AZTEC),
    ],
)
def test_other_kinds(kind: zxingcpp.BarcodeFormat, text: str, symbology: Symbology) -> None:
    """Each kind is read from a picture and from a stream, and named in the standard's words."""
    wall, live = written(kind, text), cascade.Live()
    (code,) = cascade.still(wall)
    assert (code.symbology, code.text) == (symbology, text)
    (code,) = next(found for _ in range(24) if (found := live.look(wall)))
    assert (code.symbology, code.text) == (symbology, text)


def test_only_what_is_wanted_is_read() -> None:
    """A kind that was not asked for is not given."""
    wall = written(zxingcpp.BarcodeFormat.Code128, "AB-1234567")
    live = cascade.Live({Symbology.QR_CODE})
    assert cascade.still(wall, {Symbology.QR_CODE}) == ()
    assert not any(live.look(wall) for _ in range(18))


def _linear(data: bytes) -> Code:
    return Code(symbology=Symbology.CODE_128, data=data, charset="utf-8", corners=())


def test_a_linear_code_is_believed_at_the_second_equal_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Reads that differ are never given, whatever engine they come from."""
    reads = iter([b"1111", b"2222", b"3333", b"2222"])

    def zxing(seen: Treated, wanted: Iterable[Symbology], **_: bool) -> tuple[Code, ...]:
        return (_linear(next(reads)),) if set(wanted) & LINEAR else ()

    monkeypatch.setattr(cascade, "zxing", zxing)
    live, room = cascade.Live(LINEAR), np.zeros((720, 1280), np.uint8)
    given = [live.look(room) for _ in range(4)]
    assert [[code.data for code in codes] for codes in given] == [[], [], [], [b"2222"]]


def test_a_linear_code_read_once_in_a_picture_is_not_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What only one of all ways reads stays out of the answer."""
    first = iter([(_linear(b"1234"),)])

    def zxing(seen: Treated, wanted: Iterable[Symbology], **_: bool) -> tuple[Code, ...]:
        return next(first, ()) if set(wanted) & LINEAR else ()

    monkeypatch.setattr(cascade, "zxing", zxing)
    assert cascade.still(np.zeros((720, 1280), np.uint8)) == ()


@pytest.mark.parametrize("text", ["你好", "政务服务", "caf\u00e9"])
def test_zbar_is_taken_for_ascii_alone(text: str) -> None:
    """What zbar makes of other text is a guess and is thrown away, right or wrong."""
    seen = Treated(picture=drawn(segno.make_qr(text.encode(), mode="byte")))
    assert pyzbar.decode(seen.picture)
    assert engines.zbar(seen, {Symbology.QR_CODE}) == ()
    ascii_ = Treated(picture=drawn(segno.make_qr("AB-1234567")))
    assert [code.data for code in engines.zbar(ascii_, {Symbology.QR_CODE})] == [b"AB-1234567"]


def test_a_part_of_a_joined_code_does_not_upset_zbar() -> None:
    """Pyzbar has no word for how such a part lies and raises; that is nothing read."""
    part = segno.make_sequence("one text in two codes, the first of them", symbol_count=2)[0]
    assert engines.zbar(Treated(picture=drawn(part)), {Symbology.QR_CODE}) == ()
