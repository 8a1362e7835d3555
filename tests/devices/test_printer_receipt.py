"""From a slip to bytes and, through our own reader, back to what the paper says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyzbar import pyzbar

from drivers.printer import glyphs
from drivers.printer.encoder import encode
from drivers.printer.layout import clusters, width, wrap
from drivers.printer.paper import Paper, decode
from drivers.printer.pictures import harmless
from drivers.printer.profiles import CONFIG_DIR, GENERIC_80MM, Profile, ProfileError, load
from drivers.printer.receipt import MAX_TEXT, Receipt, ReceiptError, parse
from drivers.printer.signs import Sign
from tests.devices.slips import PRINTED, SLIP, URL, lines, slip

NATIVE = Profile(name="native", qr="native", barcode="native")


def paper(receipt: Receipt, profile: Profile = NATIVE) -> Paper:
    """Print on paper that only exists here."""
    return decode(encode(receipt, profile).stream)


def test_a_slip_comes_out_line_by_line() -> None:
    """Text, columns, rule, QR payload and one cut are on the paper, and nothing unknown."""
    printed = paper(slip())
    assert list(printed.text) == PRINTED
    assert printed.qr == (URL,)
    assert printed.cuts == 1
    assert printed.unknown == ()


def test_the_stream_begins_with_reset_and_chinese_mode_and_ends_with_the_cut() -> None:
    """ESC @, FS & first; feed to the knife and partial cut last."""
    job = encode(slip(), GENERIC_80MM)
    assert job.stream.startswith(b"\x1b@\x1c&")
    assert job.stream.endswith(b"\x1dVB\x00")
    assert "新生儿".encode("gbk") in job.stream


@pytest.mark.parametrize("profile", [GENERIC_80MM, NATIVE])
def test_printed_qr_is_read_by_two_readers(profile: Profile) -> None:
    """What a phone sees on the paper is the address, drawn by the printer or by us."""
    picture = np.asarray(paper(slip(), profile).sheet.picture().convert("L"))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [URL]
    assert [code.data.decode() for code in pyzbar.decode(picture)] == [URL]


def test_a_bitmap_qr_goes_as_raster_slices() -> None:
    """A profile without a QR command sends pictures and no GS ( k."""
    stream = encode(slip(), GENERIC_80MM).stream
    assert b"\x1d(k" not in stream
    assert stream.count(b"\x1dv0\x03") >= 2


@pytest.mark.parametrize("profile", [GENERIC_80MM, NATIVE])
@pytest.mark.parametrize("payload", ["L01261122A017", "4107002026112200", "{a} ~", "x" * 20])
def test_a_bar_code_is_read_from_the_paper(payload: str, profile: Profile) -> None:
    """Drawn by us it is read by a reader, drawn by the printer it is its payload; text below."""
    printed = paper(lines({"barcode": payload}), profile)
    assert printed.text == (payload,)
    if profile is NATIVE:
        assert [symbol.code_128 for symbol in printed.symbols] == [payload]
    picture = np.asarray(printed.sheet.picture().convert("L"))
    seen = [(code.format.name, code.text) for code in zxingcpp.read_barcodes(picture)]
    assert seen == [("Code128", payload)]


def test_a_bar_code_that_does_not_fit_is_its_text_alone() -> None:
    """Bars too thin to be read are worse than none."""
    narrow = Profile(name="narrow", dots=384, columns=32)
    printed = paper(lines({"barcode": "ABCDEFGHIJKLMNOPQRST"}), narrow)
    assert printed.text == ("ABCDEFGHIJKLMNOPQRST",)
    assert printed.pictures == ()


def test_a_printer_without_a_chinese_font_gets_dots() -> None:
    """Chinese goes as dots, digits as text, and no Chinese mode is switched on."""
    foreign = Profile(name="foreign", charset="ascii")
    job = encode(lines({"label": "编号", "value": "L01"}, {"rule": True}), foreign)
    printed = decode(job.stream, chinese=False)
    assert printed.text == ("〓〓  L01", "-" * 48)
    assert b"\x1c&" not in job.stream
    drawn = np.asarray(printed.sheet.ink())[:24, :24] >= 128
    assert (drawn == (np.asarray(glyphs.draw("编", 24, 24)) >= 112)).all()


def test_a_rare_name_is_drawn_in_its_line() -> None:
    """Characters outside GBK go as dots; their neighbours stay text."""
    printed = paper(lines({"label": "姓名", "value": "陈䶮㛃云"}))
    assert printed.text == ("姓名  陈〓〓云",)
    assert b"\x81" not in encode(lines({"text": "䶮"}), GENERIC_80MM).stream


def test_a_drawn_character_is_the_right_one() -> None:
    """The dots of a rare character on the paper are the font's glyph, in its place."""
    ink = np.asarray(paper(lines({"text": "陈䶮"})).sheet.ink())[:24, 24:48] >= 128
    glyph = np.asarray(glyphs.draw("䶮", 24, 24)) >= 112
    assert (ink == glyph).all()
    assert glyph.sum() > 100


def test_a_rare_title_is_a_picture() -> None:
    """A double-size line cannot take dots inside, so it is drawn whole."""
    printed = paper(lines({"big": "陈䶮"}))
    assert printed.text == ()
    assert [picture.size for picture in printed.pictures] == [(96, 48)]


def test_gb18030_fonts_get_rare_characters_as_text() -> None:
    """A printer with the larger font draws them itself."""
    printed = paper(lines({"text": "䶮云"}), Profile(name="x", charset="gb18030"))
    assert printed.text == ("䶮云",)


EVIL = "\x1b@\x1dV\x00\x10\x14\x01\x00\x00\x1c.\x00\u202e\u200b\x7f\x85假"


def test_injected_commands_print_as_nothing() -> None:
    """ESC, GS, DLE, NUL and bidi characters of a citizen never reach the printer."""
    parts: list[dict[str, Any]] = [{"text": EVIL}, {"label": EVIL, "value": EVIL}, {"big": EVIL}]
    printed = paper(parse({"title": EVIL, "lines": parts}))
    assert printed.cuts == 1
    assert printed.unknown == ()
    assert all("假" in line for line in printed.text)
    assert encode(parse({"title": EVIL, "lines": parts}), GENERIC_80MM).stream.count(b"\x1b@") == 1


def test_a_text_of_ten_thousand_characters_ends_in_an_ellipsis() -> None:
    """Bounded paper, and the reader sees that something is missing."""
    printed = paper(lines({"text": "长" * 10_000}))
    joined = "".join(printed.text)
    assert len(joined) == MAX_TEXT
    assert joined.endswith("长…")


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {"title": "x"},
        {"title": 3, "lines": []},
        {"title": "x", "lines": "text"},
        {"title": "x", "lines": [{"text": "a", "qr": "b"}]},
        {"title": "x", "lines": [{"rule": "yes"}]},
        {"title": "x", "lines": [{"unknown": 1}]},
        {"title": "x", "lines": ["text"]},
        {"title": "x", "lines": [{"text": None}]},
        {"title": "x", "lines": [], "extra": 1},
        {"title": "x", "lines": [{"text": "a"}] * 81},
        {"title": "x", "lines": [{"text": "a" * 300}] * 14},
        {"title": "x", "lines": [{"qr": ""}]},
        {"title": "x", "lines": [{"qr": "a" * 513}]},
        {"title": "x", "lines": [{"qr": "https://a\x1b"}]},
        {"title": "x", "lines": [{"qr": "\ud800"}]},
        {"title": "x", "lines": [{"qr": "a"}] * 5},
        {"title": "x", "lines": [{"barcode": ""}]},
        {"title": "x", "lines": [{"barcode": "a" * 25}]},
        {"title": "x", "lines": [{"barcode": "编"}]},
        {"title": "x", "lines": [{"barcode": "a\x1b"}]},
        {"title": "x", "lines": [{"barcode": 7}]},
    ],
)
def test_slips_of_another_form_are_refused(content: object) -> None:
    """One documented error, which does not repeat what the slip says."""
    with pytest.raises(ReceiptError):
        parse(content)


def test_a_long_address_hangs_under_its_value() -> None:
    """Wrapped values stay in their column, and no line starts with a closing mark."""
    address = "示范省示范市示范区示范镇人民路一号院二号楼三单元四零一室，近新华大街"
    printed = paper(lines({"label": "姓名", "value": "甲"}, {"label": "地址", "value": address}))
    assert printed.text[1].startswith("地址  示范省")
    assert all(line.startswith("      ") and line[6] not in "，。" for line in printed.text[2:])
    assert "".join(line[2:].strip() for line in printed.text[1:]).replace(" ", "") == address


def test_a_long_label_gets_its_own_line() -> None:
    """A label wider than its column does not push all values to the right."""
    printed = paper(lines({"label": "这是一个很长很长的标签", "value": "值"}))
    assert printed.text == ("这是一个很长很长的标签", "  值")


def test_numbers_and_words_are_not_torn() -> None:
    """A number that fits the next line goes there whole."""
    rows = ["".join(row) for row in wrap("请记住这个编号 4107002026112200", 24)]
    assert rows == ["请记住这个编号 ", "4107002026112200"]


@given(st.text(max_size=200), st.integers(4, 60))
def test_wrapping_keeps_every_visible_character(text: str, columns: int) -> None:
    """Lines are never too wide, and only spaces at line ends are lost."""
    rows = wrap(text, columns)
    assert all(sum(map(width, row)) <= columns for row in rows)
    assert "".join("".join(row) for row in rows).replace(" ", "") == "".join(
        clusters(text)
    ).replace(" ", "")


LINE = st.one_of(
    st.fixed_dictionaries({"text": st.text(max_size=60)}),
    st.fixed_dictionaries({"big": st.text(max_size=20)}),
    st.fixed_dictionaries({"label": st.text(max_size=12), "value": st.text(max_size=60)}),
    st.just({"rule": True}),
    st.fixed_dictionaries({"qr": st.text(st.characters(codec="gb2312"), min_size=1, max_size=40)}),
    st.fixed_dictionaries(
        {
            "barcode": st.text(
                st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=24
            )
        }
    ),
)
PROFILES = [
    load(path.stem.removeprefix("printer-")) for path in sorted(CONFIG_DIR.glob("printer-*.yaml"))
]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.lists(LINE, max_size=4), st.sampled_from(PROFILES))
def test_no_text_ever_becomes_a_command(
    title: str, parts: list[dict[str, object]], profile: Profile
) -> None:
    """Any slip on any model: one reset, one cut, no unknown and no real-time command."""
    try:
        slip = parse({"title": title, "lines": parts})
    except ReceiptError:
        return
    stream = encode(slip, profile).stream
    printed = decode(stream)
    assert printed.cuts == bool(profile.cut)
    assert printed.unknown == ()
    assert not any(act in stream for act in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))


OWN_FONT = st.characters(codec="gb2312", exclude_categories=["Cc", "Cf"], exclude_characters="・")
"""What a printer's font has; Python alone reads GB2312's middle dot as the Japanese one."""


@settings(max_examples=40, deadline=None)
@given(st.text(OWN_FONT, max_size=80))
def test_printable_chinese_survives_the_paper(text: str) -> None:
    """Text of the printer's own font is read back as it was."""
    printed = paper(lines({"text": text}))
    assert "".join(printed.text).replace(" ", "") == "".join(
        c for c in text if not c.isspace()
    )  # fmt: skip


def test_pictures_never_spell_a_real_time_command() -> None:
    """A dot is added where dots would act: DLE EOT, DLE ENQ, DLE DC4."""
    dots = bytes.fromhex("ff1004 01 1014 1005 101004")
    assert harmless(dots) == bytes.fromhex("ff1804 01 1814 1805 101804")


def test_bands_are_whole_commands() -> None:
    """Between two bands a status question can do no harm."""
    job = encode(slip(), Profile(name="x", band_bytes=64, raster_rows=32))
    assert len(job.bands) > 8
    assert all(decode(band).unknown == () for band in job.bands)


def test_shipped_profiles_load() -> None:
    """The files in config/devices are valid and are what the code assumes."""
    assert load("simulated-80mm").confirm == "process-id"
    assert load("generic-80mm") == GENERIC_80MM
    assert len([profile for profile in PROFILES if profile.model]) >= 7


def test_every_line_of_a_real_model_names_its_source() -> None:
    """Whoever doubts a value finds where it comes from, or that nobody confirmed it."""
    for file in CONFIG_DIR.glob("printer-*.yaml"):
        if file.stem.split("-")[1] in ("generic", "simulated"):
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            is_field = line[:1].isalpha() and not line.startswith(("model:", "barcode: bitmap"))
            assert not is_field or "#" in line, f"{file.name}: {line}"


def test_presenters_of_one_maker_use_the_same_bit_the_other_way_round() -> None:
    """Bit 6 of the paper answer: why the table is a file of each model."""
    bits = [
        dict(load(name).status[3].answer[0])[0x40]
        for name in ("citizen-ppu-231", "citizen-ppu-700")
    ]
    assert bits == [Sign.EXIT_EMPTY, Sign.EXIT_HOLDS]
    assert Sign.PAPER_OUT in load("epson-tm-t82").status[3].signs


@pytest.mark.parametrize(
    "text",
    ["[]", "dots: 10", "dots: yes", "answer_s: fast", "colour: red", "confirm: hope", "clear: [x]",
     "clear: dle-enq-2", "dots: 576.5", ": :", "cut: 27", "automatic: maybe",
     "status: []", "status: [{ask: '10 04 01'}]", "status: [{ask: '', answer: [{8: offline}]}]",
     "status: [{ask: '10 04 01', answer: [{8: burning}]}]", "confirm: presenter", "present: zz",
     "status: [{ask: '10 04 01', answer: [{999: offline}]}]",
     "status: [{ask: '10 04 14', answer: [{1: offline}, {2: cutter}]}]"],
)  # fmt: skip
def test_a_wrong_profile_is_refused_with_its_file(text: str, tmp_path: Path) -> None:
    """Staff read which file and field is wrong."""
    (tmp_path / "printer-x.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError, match=r"printer-x\.yaml"):
        load("x", tmp_path)


def test_a_missing_profile_is_refused(tmp_path: Path) -> None:
    """A name without a file is staff's problem too."""
    with pytest.raises(ProfileError):
        load("nowhere", tmp_path)


def test_composing_leaves_nothing_behind(tmp_path: Path) -> None:
    """python-escpos writes a pickle and a log handler at import; here neither remains."""
    program = (
        "import logging, os, sys\n"
        "from drivers.printer import composer\n"
        "composer.native_qr('x', 3)\n"
        "assert not logging.getLogger().handlers\n"
        "assert 'ESCPOS_CAPABILITIES_PICKLE_DIR' not in os.environ\n"
        "import tempfile\n"
        "print(os.listdir(tempfile.gettempdir()))\n"
    )
    environment = dict(os.environ) | {"TMPDIR": str(tmp_path)}
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment, cwd=root, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_drawn_paper_is_paper_coloured() -> None:
    """A PNG of 576 printable dots with margins, warm white."""
    picture = paper(slip()).sheet.picture()
    assert picture.width == 640
    red, _, blue = picture.getpixel((320, 12))  # type: ignore[misc]
    assert red > blue > 230
    assert isinstance(picture, Image.Image)


def test_slip_fixture_matches_the_json_form() -> None:
    """The shared slip is plain JSON content."""
    assert parse(SLIP).title == SLIP["title"]
