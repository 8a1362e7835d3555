"""Messages of IPP as bytes, and what a printer's words mean."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.a4 import condition, ipp
from drivers.a4.condition import Supply, Trouble
from drivers.a4.connection import Target
from drivers.a4.ipp import (
    Attribute,
    Group,
    GroupTag,
    IppError,
    Message,
    Operation,
    Tag,
    Value,
    attribute,
    decode,
    encode,
)


def piece(tag: int, name: bytes, value: bytes) -> bytes:
    """Return one attribute as RFC 8010 3.1.4 draws it."""
    return struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(value)) + value


HEAD = (
    b"\x01"
    + piece(0x47, b"attributes-charset", b"utf-8")
    + piece(0x48, b"attributes-natural-language", b"en")
)


def test_a_request_is_these_bytes() -> None:
    """Version, operation, number, groups, end; character set and language come first."""
    request = ipp.operation(
        Operation.CREATE_JOB,
        7,
        (attribute("printer-uri", Tag.URI, "ipp://p/q"),),
        (attribute("media", Tag.KEYWORD, "iso_a4_210x297mm"),),
    )
    assert encode(request) == (
        b"\x01\x01\x00\x05\x00\x00\x00\x07"
        + HEAD
        + piece(0x45, b"printer-uri", b"ipp://p/q")
        + b"\x02"
        + piece(0x44, b"media", b"iso_a4_210x297mm")
        + b"\x03"
    )


def test_an_answer_is_read() -> None:
    """Numbers, truth values, words, several values; what nobody asked for is passed over."""
    data = (
        b"\x02\x00\x00\x00\x00\x00\x00\x09"
        + HEAD
        + b"\x04"
        + piece(0x23, b"printer-state", b"\x00\x00\x00\x04")
        + piece(0x44, b"printer-state-reasons", b"media-low-warning")
        + piece(0x44, b"", b"toner-low-report")
        + piece(0x22, b"printer-is-accepting-jobs", b"\x01")
        + piece(0x13, b"printer-message", b"")
        + piece(0x33, b"copies-supported", b"\x00\x00\x00\x01\x00\x00\x00\x09")
        + piece(0x34, b"media-col", b"")
        + piece(0x4A, b"", b"media-size")
        + piece(0x21, b"", b"\x00\x00\x00\x05")
        + piece(0x37, b"", b"")
        + piece(0x21, b"queued-job-count", b"\xff\xff\xff\xfe")
        + b"\x03%PDF"
    )
    message, document = decode(data)
    printer = message.group(GroupTag.PRINTER)
    assert (message.good, message.request_id, document) == (True, 9, b"%PDF")
    assert printer.number("printer-state") == 4
    assert printer.words("printer-state-reasons") == ("media-low-warning", "toner-low-report")
    assert printer.values("printer-is-accepting-jobs") == (True,)
    assert printer.values("media-col") == ()
    assert printer.number("queued-job-count") == -2
    assert printer.number("absent") is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01\x01\x00\x00\x00\x00\x00\x01",
        b"\x07\x01\x00\x00\x00\x00\x00\x01\x03",
        b"\x01\x01\x00\x00\x00\x00\x00\x01\x44\x00\x01a\x00\x00\x03",
        b"\x01\x01\x00\x00\x00\x00\x00\x01\x01\x44\xff\xff\x03",
        b"\x01\x01\x00\x00\x00\x00\x00\x01\x01" + piece(0x44, b"", b"further") + b"\x03",
        b"\x01\x01\x00\x00\x00\x00\x00\x01\x01" + piece(0x21, b"a", b"\x00") + b"\x03",
        b"\x01\x01\x00\x00\x00\x00\x00\x01\x01" + piece(0x22, b"a", b"") + b"\x03",
        b"\x01\x01\x00\x00\x00\x00\x00\x01\x01" + piece(0x44, b"\xff", b"") + b"\x03",
        b"\x01\x01\x00\x00\x00\x00\x00\x01\x01" + piece(0x44, b"a", b"") * 5000 + b"\x03",
        b"\x01\x01\x00\x00\x00\x00\x00\x01\x01" + piece(0x44, b"a", b"x" * 60000) * 5 + b"\x03",
    ],
)
def test_what_is_no_message(data: bytes) -> None:
    """It is refused, within a fixed amount of work."""
    with pytest.raises(IppError):
        decode(data)


VALUES: dict[Tag, st.SearchStrategy[Value]] = {
    Tag.INTEGER: st.integers(-(2**31), 2**31 - 1),
    Tag.ENUM: st.integers(0, 100),
    Tag.BOOLEAN: st.booleans(),
    Tag.KEYWORD: st.text(st.characters(codec="utf-8"), max_size=20),
    Tag.NAME: st.text(st.characters(codec="utf-8"), max_size=20),
}


@st.composite
def attributes(draw: st.DrawFn) -> Attribute:
    """Draw an attribute."""
    tag = draw(st.sampled_from(sorted(VALUES)))
    name = draw(st.text("abcdefghij-", min_size=1, max_size=12))
    drawn: list[Value] = draw(st.lists(VALUES[tag], min_size=1, max_size=4))
    return attribute(name, tag, *drawn)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(attributes(), max_size=5), max_size=4), st.binary(max_size=30))
def test_there_and_back(groups: list[list[Attribute]], document: bytes) -> None:
    """What was encoded is decoded, and the document behind it is untouched."""
    sent = Message(
        code=0x0000,
        request_id=5,
        groups=tuple(Group(tag=GroupTag.JOB, attributes=tuple(one)) for one in groups),
    )
    assert decode(encode(sent) + document) == (sent, document)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_end_well(data: bytes, behind_a_head: bool) -> None:
    """Random bytes are a message or refused, nothing else."""
    with contextlib.suppress(IppError):
        decode((b"\x01\x01\x00\x00\x00\x00\x00\x01\x04" if behind_a_head else b"") + data)


# -- what a printer says --------------------------------------------------------------------------


def printer(state: int, *reasons: str, **more: tuple[Tag, tuple[Value, ...]]) -> Group:
    """Return the attributes of a printer."""
    told = [
        attribute("printer-state", Tag.ENUM, state),
        attribute("printer-state-reasons", Tag.KEYWORD, *(reasons or ("none",))),
    ]
    told += [Attribute(name=key, tag=tag, values=values) for key, (tag, values) in more.items()]
    return Group(tag=GroupTag.PRINTER, attributes=tuple(told))


@pytest.mark.parametrize(
    ("state", "reasons", "paper", "trouble"),
    [
        (3, (), Supply.FULL, None),
        (3, ("media-low-warning",), Supply.LOW, None),
        (3, ("media-empty-warning",), Supply.LOW, None),  # another tray is full
        (4, ("media-needed-warning",), Supply.OUT, Trouble.PAPER_OUT),
        (5, ("media-empty-report",), Supply.OUT, Trouble.PAPER_OUT),
        (3, ("media-empty-error",), Supply.OUT, Trouble.PAPER_OUT),
        (5, ("media-jam",), Supply.JAMMED, Trouble.PAPER_JAMMED),
        (5, ("door-open", "media-jam-error"), Supply.JAMMED, Trouble.PAPER_JAMMED),
        (5, ("cover-open-error",), Supply.FULL, Trouble.COVER_OPEN),
        (5, ("output-area-full-error",), Supply.FULL, Trouble.OUTPUT_FULL),
        (5, ("toner-empty",), Supply.FULL, Trouble.TONER_OUT),
        (5, ("paused",), Supply.FULL, Trouble.OFFLINE),
        (5, (), Supply.FULL, Trouble.OFFLINE),
        (3, ("offline-report",), Supply.FULL, Trouble.OFFLINE),
        (5, ("fuser-over-temp-error",), Supply.FULL, Trouble.PRINTER_ERROR),
        (5, ("vendor-specific-error",), Supply.FULL, Trouble.PRINTER_ERROR),
    ],
)
def test_reasons_have_words(
    state: int, reasons: tuple[str, ...], paper: Supply, trouble: Trouble | None
) -> None:
    """A warning stops nothing, an error or a printer that stands still does."""
    seen = condition.read(printer(state, *reasons))
    assert (seen.paper, seen.trouble) == (paper, trouble)


@pytest.mark.parametrize(
    ("levels", "lows", "types", "reasons", "toner"),
    [
        ((80,), (), ("toner",), (), Supply.FULL),
        ((10,), (), ("toner",), (), Supply.LOW),
        ((20,), (25,), ("toner",), (), Supply.LOW),
        ((80, 5), (), ("toner", "waste-toner"), (), Supply.FULL),
        ((80, 5), (), ("toner-cartridge", "toner-cartridge"), (), Supply.LOW),
        ((-1,), (), ("toner",), (), Supply.UNKNOWN),
        ((-3,), (), ("toner",), (), Supply.FULL),
        ((), (), (), (), Supply.UNKNOWN),
        ((80,), (), ("toner",), ("toner-low-report",), Supply.LOW),
        ((80,), (), ("toner",), ("marker-supply-empty-error",), Supply.OUT),
    ],
)
def test_toner(
    levels: tuple[int, ...],
    lows: tuple[int, ...],
    types: tuple[str, ...],
    reasons: tuple[str, ...],
    toner: Supply,
) -> None:
    """The emptiest counts; a level that is not known is unknown, not empty."""
    supplies: dict[str, tuple[Tag, tuple[Value, ...]]] = {
        "marker-levels": (Tag.INTEGER, levels),
        "marker-low-levels": (Tag.INTEGER, lows),
        "marker-types": (Tag.KEYWORD, types),
    }
    told = printer(3, *reasons, **supplies)
    assert condition.read(told).toner is toner


@pytest.mark.parametrize(
    ("device", "confirms"),
    [
        ((), True),
        (("ipp://192.0.2.7/ipp/print",), True),
        (("ipps://192.0.2.7/ipp/print?waitjob=false",), False),
        (("usb://Vendor/Model?serial=1",), False),
        (("socket://192.0.2.7:9100",), False),
        (("ipp://192.0.[.7/ipp/print",), False),
    ],
)
def test_whose_word_the_end_of_a_job_is(device: tuple[str, ...], *, confirms: bool) -> None:
    """Behind a cable that takes bytes only, the spooler's word is not the printer's."""
    told = printer(3, **{"device-uri": (Tag.URI, device)}) if device else printer(3)
    assert condition.read(told).confirms is confirms


def test_what_a_queue_remembers_does_not_stop_it() -> None:
    """An idle queue tells the paper its last job lacked, perhaps yesterday: the next one tries."""
    device = {"device-uri": (Tag.URI, ("usb://Vendor/Model",))}
    assert condition.read(printer(3, "media-empty-error", **device)).trouble is None
    assert condition.read(printer(4, "media-empty-error", **device)).trouble is Trouble.PAPER_OUT
    assert condition.read(printer(5, "paused", **device)).trouble is Trouble.OFFLINE


@pytest.mark.parametrize(
    ("port", "queue", "uri", "path"),
    [
        ("ipp://192.0.2.7/ipp/print", None, "ipp://192.0.2.7/ipp/print", ""),
        ("ipp://192.0.2.7:8631", "A4", "ipp://192.0.2.7:8631/printers/A4", ""),
        ("/run/cups/cups.sock", "A4", "ipp://localhost/printers/A4", "/run/cups/cups.sock"),
        ("/run/devices/a4", None, "ipp://localhost/ipp/print", "/run/devices/a4"),
    ],
)
def test_where_a_printer_is(port: str, queue: str | None, uri: str, path: str) -> None:
    """An address, or a socket and the queue behind it."""
    target = Target.parse(port, queue)
    assert (target.uri, target.socket_path) == (uri, path)


def test_a_queue_is_looked_for_where_cups_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the programs of CUPS do it."""
    monkeypatch.setenv("CUPS_SERVER", "/some/cups.sock")
    assert Target.parse("A4").socket_path == "/some/cups.sock"
    monkeypatch.setenv("CUPS_SERVER", "192.0.2.9:8631")
    assert Target.parse("A4").uri == "ipp://192.0.2.9:8631/printers/A4"


@pytest.mark.parametrize("port", ["", "a b", "ipp://", "ipp://u:p@host/x", "usb:1234", "../x"])
def test_what_is_no_printer(port: str) -> None:
    """It is refused before anything is opened."""
    with pytest.raises(ValueError, match="ipp://"):
        Target.parse(port)
