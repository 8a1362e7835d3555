"""The decoding process: every picture ends in codes or in a named word, in time and in bounds."""

from __future__ import annotations

import base64
import contextlib
import io
import os
import signal
import struct
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest
import segno
from PIL import Image

from drivers.child_process import Ending
from drivers.decoder import reader as reader_module
from drivers.decoder.codes import Grey, Symbology
from drivers.decoder.picture import Refusal, Refused, open_file, open_frame
from drivers.decoder.reader import CodeReader, CodesNotRead
from drivers.decoder.reading import ROOM
from tests.devices.test_decoder_cascade import drawn
from tests.waiting import until

TEXT = "您的申请已受理"
NOW = threading.Event()


@pytest.fixture(scope="module")
def shared() -> Iterator[CodeReader]:
    """Lend one process to the tests that leave it alive."""
    with CodeReader() as reader:
        yield reader


def page(wide: int = 640, high: int = 480) -> Grey:
    """Return a page with a QR code."""
    dots = np.full((high, wide), 235, np.uint8)
    code = drawn(segno.make_qr(TEXT.encode(), mode="byte"), 4)
    dots[40 : 40 + len(code), 60 : 60 + len(code)] = code
    return dots


def saved(dots: Grey, form: str, **how: object) -> bytes:
    """Return a picture as a file."""
    file = io.BytesIO()
    Image.fromarray(dots).save(file, form, **how)
    return file.getvalue()


def png(wide: int, high: int, packed: bytes) -> bytes:
    """Return a PNG that says it has so many dots of RGBA, whatever it has."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", wide, high, 8, 6, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def refusal(reader: CodeReader, data: bytes) -> str:
    """Return the word by which a file is refused."""
    with pytest.raises(CodesNotRead) as caught:
        reader.still(data)
    return caught.value.cause.value


@pytest.mark.parametrize("form", ["JPEG", "PNG", "BMP", "GIF", "TIFF", "WEBP"])
def test_a_file_of_each_form(shared: CodeReader, form: str) -> None:
    """Whatever people save pictures as is read."""
    (code,) = shared.still(saved(page(), form)).codes
    assert (code.text, code.symbology) == (TEXT, Symbology.QR_CODE)


def test_files_with_odd_dots() -> None:
    """A clear ground, 16 bits a dot and a turned camera give the picture a person sees."""
    dots = page()
    clear = np.zeros((*dots.shape, 4), np.uint8)
    clear[..., 3] = np.where(dots < 128, 255, 0)
    file = io.BytesIO()
    Image.fromarray(clear).save(file, "PNG")
    assert (open_file(file.getvalue()) == np.where(dots < 128, 0, 255)).all()
    file = io.BytesIO()
    Image.fromarray(dots.astype(np.uint16) * 257).save(file, "PNG")
    assert (open_file(file.getvalue()) == dots).all()
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter to be seen
    assert open_file(saved(dots, "JPEG", exif=exif)).shape == dots.shape[::-1]


def test_a_large_picture(shared: CodeReader) -> None:
    """Twenty million dots are read, and the corners are those of the whole picture."""
    dots = np.full((3888, 5184), 200, np.uint8)
    code = drawn(segno.make_qr(TEXT.encode(), mode="byte"), 8)
    dots[3000 : 3000 + len(code), 4000 : 4000 + len(code)] = code
    (read,) = shared.still(saved(dots, "JPEG", quality=70)).codes
    assert read.text == TEXT
    (left, top), *_ = read.corners
    assert (abs(left - 4032) < 6, abs(top - 3032) < 6) == (True, True)


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("no bytes", b"", Refusal.NOT_A_PICTURE),
        ("text", b"hello, this is no picture", Refusal.NOT_A_PICTURE),
        ("a head alone", b"\xff\xd8\xff\xe0\x00\x10JFIF", Refusal.NOT_A_PICTURE),
        ("half a JPEG", saved(page(), "JPEG")[:2000], Refusal.TRUNCATED),
        ("half a PNG", saved(page(), "PNG")[:400], Refusal.TRUNCATED),
        ("a picture bomb", png(60000, 60000, zlib.compress(bytes(10**7))), Refusal.TOO_LARGE),
        ("33 MiB", bytes(33 * 1024 * 1024), Refusal.TOO_LARGE),
    ],
)
def test_bad_files(shared: CodeReader, name: str, data: bytes, word: str) -> None:
    """What is no picture ends in a word of its own, and the process lives on."""
    shared.still(saved(page(), "PNG"))
    before = shared.pid
    assert refusal(shared, data) == word, name
    assert shared.pid == before


def test_memory_is_bounded(shared: CodeReader) -> None:
    """The largest picture that is taken stays within the room, or ends in the word for it."""
    row = bytes(1 + 4 * 6300)
    bomb = png(6300, 6300, zlib.compress(row * 6300))
    shared.still(saved(page(), "PNG"))
    assert shared.pid is not None
    process = psutil.Process(shared.pid)
    before = process.memory_info().rss
    with contextlib.suppress(CodesNotRead):
        assert shared.still(bomb).codes == ()
    assert process.memory_info().rss - before < ROOM
    assert shared.still(saved(page(), "PNG")).codes


def test_a_frame_that_breaks_off_in_a_chunk() -> None:
    """Forty-five bytes of a PNG made OpenCV take 3 GB; what a fuzz campaign found."""
    seed = "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAAAAAA6mKC9wAAAGElEQVR4nGNg"
    with pytest.raises(Refused) as caught:
        open_frame(base64.b64decode(seed))
    assert caught.value.refusal is Refusal.TRUNCATED


def test_frames_as_a_camera_gives_them(shared: CodeReader) -> None:
    """Encoded or as dots, and one that a cable spoiled between them."""
    shared.begin()
    jpeg = cv2.imencode(".jpg", page())[1].tobytes()
    assert shared.frame(jpeg, NOW).codes[0].text == TEXT
    with pytest.raises(CodesNotRead) as caught:
        shared.frame(b"\xff\xd8\xff\xe0 spoiled", NOW)
    assert caught.value.cause is Refusal.NOT_A_PICTURE
    assert shared.frame(page(), NOW).codes[0].text == TEXT


def test_a_killed_process_is_replaced() -> None:
    """The picture it died with is lost, the next one is read, by the kinds that were asked for."""
    with CodeReader() as reader:
        reader.begin({Symbology.CODE_128})
        assert reader.frame(page(), NOW).codes == ()
        first = reader.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        until(lambda: psutil.Process(first).status() == psutil.STATUS_ZOMBIE)
        codes = _patiently(reader, page())
        assert (codes, reader.pid != first) == ((), True)
        reader.begin()
        assert _patiently(reader, page()) == (TEXT,)


def test_a_process_that_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too slow is a word, and the next picture finds a fresh process."""
    with CodeReader() as reader:
        assert reader.still(saved(page(), "PNG")).codes
        stuck = reader.pid
        assert stuck is not None
        os.kill(stuck, signal.SIGSTOP)
        monkeypatch.setattr(reader_module, "STILL_S", 0.2)
        assert refusal(reader, saved(page(), "PNG")) == Ending.TOO_SLOW
        monkeypatch.undo()
        assert not psutil.pid_exists(stuck)
        assert reader.still(saved(page(), "PNG")).codes


def test_who_gives_up_gets_no_later_answer() -> None:
    """A cancelled frame ends at once."""
    cancelled = threading.Event()
    cancelled.set()
    with CodeReader() as reader, pytest.raises(CodesNotRead) as caught:
        reader.frame(page(), cancelled)
    assert caught.value.cause is Ending.GIVEN_UP


def test_the_process_ends_with_its_owner_and_leaves_nothing(tmp_path: Path) -> None:
    """Closing ends it; while it lives it has no connection and no file open for writing."""
    with CodeReader() as reader:
        reader.still(saved(page(), "PNG"))
        assert reader.pid is not None
        process = psutil.Process(reader.pid)
        assert process.net_connections(kind="inet") == []
        assert [one.path for one in process.open_files() if one.mode != "r"] == []
    assert not psutil.pid_exists(process.pid)


def _patiently(reader: CodeReader, dots: Grey) -> tuple[str | None, ...]:
    """Read a frame; the first after a death may be lost with the process."""
    try:
        return tuple(code.text for code in reader.frame(dots, NOW).codes)
    except CodesNotRead:
        return tuple(code.text for code in reader.frame(dots, NOW).codes)
