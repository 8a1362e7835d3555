"""Our reader of ESC/POS against other people's encoders, and against anything at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers.printer.commands import Command, CommandReader
from drivers.printer.paper import Paper, decode
from drivers.printer.press import MAX_UNKNOWN, Symbol
from drivers.printer.sheet import MAX_DOTS

FIXTURES = Path(__file__).with_name("fixtures")
URL = "https://example.gov.cn/p/L1.0123456789abcdef"


def fixture(name: str, *, chinese: bool = True) -> Paper:
    """Read the paper of one committed byte stream."""
    return decode((FIXTURES / f"{name}.bin").read_bytes(), chinese=chinese)


@pytest.mark.parametrize("name", ["receiptline-gb18030", "receiptline-gb18030-generic"])
def test_a_chinese_slip_of_another_encoder(name: str) -> None:
    """receiptline: titles, columns by position, code page switches, underline, raster QR."""
    paper = fixture(name)
    assert [line.strip() for line in paper.text if line.strip()] == [
        "新生儿出生一件事",
        "申报编号                  4107 0020 2611 2200 17",
        "姓名                                      陈小云",
        "─" * 48,
        "户口登记                                       1",
        "社会保障卡                                     2",
        "已提交，请取凭条",
    ]
    assert paper.unknown == ()
    assert paper.cuts >= 1
    seen = zxingcpp.read_barcodes(np.asarray(paper.sheet.picture().convert("L")))
    assert [code.text for code in seen] == [URL]


def test_single_byte_code_pages() -> None:
    """Receiptline in cp437: accents, bold, inverse, a rule of the Katakana page, Code 128."""
    paper = fixture("receiptline-cp437", chinese=False)
    assert [line.split() for line in paper.text] == [["Café", "12.50"], ["bold", "inv"], ["─" * 48]]
    assert [symbol.kind for symbol in paper.symbols] == ["bar"]
    assert paper.unknown == ()


def test_automatic_code_pages_and_native_qr() -> None:
    """ReceiptPrinterEncoder: several code pages in one line, GS ( k, GS k, GS V."""
    paper = fixture("rpe-latin", chinese=False)
    assert [line.strip() for line in paper.text if line] == [
        "Receipt for Renée",
        "BIG",
        "─" * 48,
        "Milk                               12.50",
        "Straße                              7.00",
        "Žít Жук",
    ]
    assert paper.symbols == (
        Symbol(kind="qr", payload=URL.encode()),
        Symbol(kind="bar", payload=b"{BABC-1234"),
    )
    assert (paper.cuts, paper.unknown) == (1, ())


@pytest.mark.parametrize("name", ["rpe-image-raster", "rpe-image-column"])
def test_pictures_in_rows_and_in_columns(name: str) -> None:
    """The same chequerboard arrives as the same dots, whichever command carried it."""
    paper = fixture(name)
    assert [line for line in paper.text if line] == ["before", "after"]
    expected = (np.indices((64, 64)) // 8).sum(axis=0) % 2 == 1
    stacked = np.vstack([np.asarray(picture) for picture in paper.pictures])[:64]
    assert (stacked == expected).all()


@pytest.fixture(scope="module")
def escpos() -> Any:
    """python-escpos' composing printer, imported with its pickle in a private place."""
    with tempfile.TemporaryDirectory() as private:
        os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"] = private
        try:
            from escpos.printer import Dummy
        finally:
            del os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"]
    return Dummy


def test_python_escpos_text(escpos: Any) -> None:
    """Its Chinese lines come without a mode, its others through code pages."""
    printer = escpos()
    printer.text("申报编号 4107\n")
    printer.set(double_height=True, double_width=True, align="center", bold=True)
    printer.text("BIG\n")
    printer.set_with_default()
    printer.text("plain\n")
    printer.cut()
    paper = decode(printer.output)
    assert [line for line in paper.text if line] == ["申报编号 4107", "BIG", "plain"]
    assert (paper.cuts, paper.unknown) == (1, ())


def test_python_escpos_accents(escpos: Any) -> None:
    """On a printer that is not in Chinese mode its code pages are read."""
    printer = escpos()
    printer.text("Café señor\n")
    assert decode(printer.output, chinese=False).text == ("Café señor",)


@pytest.mark.parametrize("implementation", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_python_escpos_pictures(escpos: Any, implementation: str) -> None:
    """All three of its picture commands give the same dots."""
    picture = Image.effect_noise((48, 48), 90).point(lambda v: 255 if v > 128 else 0, "1")
    printer = escpos()
    printer.image(picture, impl=implementation)
    paper = decode(printer.output)
    stacked = np.vstack([np.asarray(part) for part in paper.pictures])
    assert (stacked == ~np.asarray(picture)).all()
    assert paper.unknown == ()


def test_python_escpos_qr(escpos: Any) -> None:
    """Its native QR is read as payload, its drawn one by a QR reader."""
    native, drawn = escpos(), escpos()
    native.qr(URL, native=True, size=6)
    assert decode(native.output).qr == (URL,)
    drawn.qr(URL, size=6)
    picture = np.asarray(decode(drawn.output).sheet.picture().convert("L"))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [URL]


def test_page_width_wraps() -> None:
    """The 49th half-width character goes to the next line, as on the paper."""
    assert decode(b"x" * 49 + b"\n").text == ("x" * 48, "x")
    assert decode("一".encode("gbk") * 25 + b"\n").text == ("一" * 24, "一")


def test_torn_chinese_characters_are_marked() -> None:
    """Half a character, an impossible pair and a four-byte one."""
    assert decode(b"\xb3\n").text == ("〓",)
    assert decode(b"\xff\xb3\xc2\n").text == ("〓陈",)
    assert decode("䶮\n".encode("gb18030")).text == ("䶮",)


def test_unknown_commands_are_listed_not_raised() -> None:
    """They are named as manuals write them, and the text around them stays."""
    paper = decode(b"a\x1bZ\x01b\x1d\x02\n")
    assert paper.unknown == ("ESC 5A", "01", "GS 02")
    assert paper.text == ("ab",)
    assert len(decode(b"\x1bZ" * 1000).unknown) == MAX_UNKNOWN


def test_an_unfinished_command_is_said_so() -> None:
    """A raster picture without its dots prints nothing."""
    paper = decode(b"ok\n\x1dv0\x00\x48\x00\x10\x00\xff")
    assert paper.text == ("ok",)
    assert paper.unknown == ("unfinished command, 9 bytes",)


def test_an_unbelievable_length_is_not_waited_for() -> None:
    """A command that declares 4 GB is unknown, what follows is printed."""
    paper = decode(b"\x1d8L\xff\xff\xff\xffdone\n")
    assert paper.unknown[0] == "GS 38"
    assert paper.text[-1].endswith("done")


def test_paper_has_an_end() -> None:
    """However much is fed, the sheet stays drawable."""
    paper = decode(b"\x1bJ\xff" * 2000 + b"x\n" * 10)
    assert paper.sheet.height == MAX_DOTS


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_give_a_paper(data: bytes) -> None:
    """Never an exception, never a hang; the paper can be drawn."""
    paper = decode(data)
    assert paper.sheet.height <= MAX_DOTS
    if paper.sheet.height < 2000:
        assert paper.png().startswith(b"\x89PNG")


COMMAND = st.builds(
    lambda first, letter, rest: bytes((first, letter)) + rest,
    st.sampled_from([0x10, 0x1B, 0x1C, 0x1D]),
    st.integers(0, 0x7F),
    st.binary(max_size=12),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(COMMAND | st.sampled_from([b"text", "中文".encode("gbk"), b"\n"]), max_size=25))
def test_any_commands_give_a_paper(commands: list[bytes]) -> None:
    """The same with streams that look like ESC/POS."""
    assert decode(b"".join(commands)).sheet.height <= MAX_DOTS


@given(st.lists(st.binary(max_size=10), max_size=12))
def test_how_the_stream_is_cut_does_not_matter(pieces: list[bytes]) -> None:
    """Whole commands are the same whether bytes come one by one or together."""
    together, apart = CommandReader(), CommandReader()
    together.feed(b"".join(pieces))
    whole = [token for token in together.tokens() if isinstance(token, Command)]
    found = []
    for piece in pieces:
        apart.feed(piece)
        found += [token for token in apart.tokens() if isinstance(token, Command)]
    assert found == whole
