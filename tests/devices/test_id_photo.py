"""The photo decoder: whatever it does, a visit goes on, and nothing of the photo is left."""

from __future__ import annotations

import os
import struct
import sys
import threading
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.id_reader.photo_decoder import DecoderOptions, PhotoDecoder, PhotoProblem
from drivers.id_reader.portrait import BMP_SIZE, RAW_SIZE, Order, Portrait, portrait_of
from drivers.simulated import portrait_decoder
from drivers.simulated.reader import synthetic_photo
from tests.devices.people import CARD

PROGRAM = f"{sys.executable} {portrait_decoder.__file__}"
PHOTO = synthetic_photo(CARD)
LIBC = "libc.so.6"


def decode(target: str, photo: bytes = PHOTO, **more: object) -> Portrait | PhotoProblem:
    """Decode by a decoder of this target."""
    options = DecoderOptions(target=target, **more)  # type: ignore[arg-type]
    return PhotoDecoder(options).decode(photo)


def test_a_synthetic_photo_becomes_a_drawn_portrait() -> None:
    """102 x 126 dots: a light wall at the top, a face in the middle, and it differs by person."""
    made = decode(PROGRAM)
    assert isinstance(made, Portrait)
    assert len(made.pixels) == RAW_SIZE == 102 * 126 * 3
    assert made.pixels[:3] == bytes((245, 245, 248))
    middle = (64 * 102 + 51) * 3
    red, green, blue = made.pixels[middle : middle + 3]
    assert red > green > blue
    assert portrait_decoder.portrait(PHOTO) != portrait_decoder.portrait(PHOTO[::-1])


@pytest.mark.parametrize(
    ("failing", "problem"),
    [
        ("crash", PhotoProblem.CRASHED),
        ("flood", PhotoProblem.NOT_A_PICTURE),
        ("short", PhotoProblem.NOT_A_PICTURE),
        ("noise", PhotoProblem.NOT_A_PICTURE),
        ("empty", PhotoProblem.NOT_A_PICTURE),
    ],
)
def test_what_a_decoder_may_do_wrong_has_a_name(failing: str, problem: PhotoProblem) -> None:
    """It costs the picture, nothing else."""
    assert decode(f"{PROGRAM} {failing}") is problem


def test_a_decoder_that_hangs_is_ended() -> None:
    """With all it started, when its time is up."""
    assert decode(f"{PROGRAM} hang", limit_s=0.3) is PhotoProblem.TIME_OUT


def test_a_cancel_ends_a_decoder() -> None:
    """Who cancels the read does not wait for the picture."""
    cancelled = threading.Event()
    threading.Timer(0.1, cancelled.set).start()
    decoder = PhotoDecoder(DecoderOptions(target=f"{PROGRAM} hang", limit_s=10_000))
    assert decoder.decode(PHOTO, cancelled) is PhotoProblem.CANCELLED


def test_a_block_it_does_not_know_is_refused() -> None:
    """A real photo is not taken for a synthetic one."""
    assert decode(PROGRAM, bytes(1024)) is PhotoProblem.CRASHED
    assert decode(PROGRAM, b"") is PhotoProblem.CRASHED


@pytest.mark.parametrize("target", ["/nowhere/decode", "/nowhere/libwlt.so", "/etc/passwd"])
def test_a_decoder_that_is_not_there_is_told(target: str) -> None:
    """Neither is a file that may not be run."""
    assert decode(target) is PhotoProblem.NO_DECODER


def libc() -> str:
    """Return the path of the C library this process runs on."""
    maps = Path("/proc/self/maps").read_text()
    return next(line.split()[-1] for line in maps.splitlines() if line.endswith(LIBC))


def test_a_library_is_called_in_the_child() -> None:
    """`swab(from, to, count)` has the signature of an unpacker: it swaps each pair of bytes."""
    made = decode(libc(), function="swab", flag=1024, order=Order.FORWARDS)
    assert isinstance(made, Portrait)
    swapped = bytes(byte for at in range(0, 6, 2) for byte in (PHOTO[at + 1], PHOTO[at]))
    assert made.pixels[:6] == swapped[2::-1] + swapped[5:2:-1]


@pytest.mark.parametrize(
    ("function", "problem"),
    [
        ("abort", PhotoProblem.CRASHED),
        ("no_such_function", PhotoProblem.CRASHED),
        ("labs", PhotoProblem.NOT_A_PICTURE),
    ],
)
def test_a_library_that_fails_costs_its_child_alone(function: str, problem: PhotoProblem) -> None:
    """An abort, a missing function, a picture left empty."""
    assert decode(libc(), function=function) is problem


def test_a_decoder_may_write_no_file(tmp_path: Path) -> None:
    """What it would leave on the disk is refused by the kernel."""
    script = tmp_path / "writes.py"
    photo = tmp_path / "photo"
    script.write_text(
        f"import sys\nwith open({str(photo)!r}, 'wb') as file:\n"
        "    file.write(sys.stdin.buffer.read())\n"
    )
    assert decode(f"{sys.executable} {script}") is PhotoProblem.CRASHED
    assert photo.stat().st_size == 0


def test_no_child_and_no_descriptor_is_left() -> None:
    """Decoding over and over costs nothing."""
    before, children = len(os.listdir("/proc/self/fd")), psutil.Process().children()
    for failing in ("", "crash", "flood"):
        decode(f"{PROGRAM} {failing}")
    assert len(os.listdir("/proc/self/fd")) == before
    assert psutil.Process().children() == children


def test_a_portrait_comes_back_from_its_bmp() -> None:
    """Rows from the bottom up, blue first, padded."""
    pixels = bytes(range(256)) * (RAW_SIZE // 256) + bytes(RAW_SIZE % 256)
    bmp = Portrait(pixels=pixels).bmp()
    assert len(bmp) == BMP_SIZE
    assert portrait_of(bmp, Order.BACKWARDS) == Portrait(pixels=pixels)


def test_the_two_orders_of_bare_dots() -> None:
    """The first dot is the last of the bytes, or the first with its colours exchanged."""
    dots = bytearray(RAW_SIZE)
    dots[:3] = b"\x01\x02\x03"
    backwards, forwards = (portrait_of(bytes(dots), order) for order in Order)
    assert backwards is not None
    assert forwards is not None
    assert backwards.pixels[-3:] == b"\x03\x02\x01"
    assert forwards.pixels[:3] == b"\x03\x02\x01"


@given(st.binary(max_size=200), st.integers(0, BMP_SIZE + 10))
def test_any_output_is_a_portrait_or_none(start: bytes, size: int) -> None:
    """A header that lies about its picture is seen through."""
    output = (b"BM" + start).ljust(size, b"\x07")[:size]
    made = portrait_of(output, Order.BACKWARDS)
    assert made is None or len(made.pixels) == RAW_SIZE


def test_a_bmp_of_another_size_is_no_portrait() -> None:
    """Nor one of another depth, whatever its length."""
    bmp = bytearray(portrait_decoder.portrait(PHOTO))
    for at, value in ((18, 103), (22, 125), (28, 32), (30, 1)):
        wrong = bytearray(bmp)
        struct.pack_into("<H", wrong, at, value)
        assert portrait_of(bytes(wrong), Order.BACKWARDS) is None
