"""Receipts of any JSON, replies of any bytes, and paper from any stream.

The first byte chooses: a slip as a caller sends it, what a printer answers, or what it is sent.
"""

from __future__ import annotations

import json

from drivers.printer.codec import ReplyReader
from drivers.printer.encoder import encode
from drivers.printer.paper import decode
from drivers.printer.profiles import CONFIG_DIR, Profile, load
from drivers.printer.receipt import ReceiptError, parse
from drivers.printer.signs import read_automatic_status, read_status

MODELS = tuple(
    load(file.stem.removeprefix("printer-")) for file in sorted(CONFIG_DIR.glob("printer-*.yaml"))
)
REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")

SEEDS = (
    b"\x00" + json.dumps({"title": "t", "lines": [{"text": "a"}, {"qr": "b"}]}).encode(),
    b"\x04" + json.dumps({"title": "\x1b@", "lines": [{"big": "\u4dae"}]}).encode(),
    b"\x08" + json.dumps({"title": "", "lines": [{"barcode": "L01"}, {"rule": True}]}).encode(),
    b"\x01" + bytes.fromhex("12 00 3722 30303137 00 10000000 100f 20000000 85"),
    b"\x02" + encode(parse({"title": "t", "lines": [{"text": "a"}]}), MODELS[0]).stream,
    b"\x02\x1dv0\x03\x02\x00\x02\x00\xff\xff\xff\xff\x1dV\x42\x00",
)


def one_input(data: bytes) -> None:
    """Take one input; anything but a named outcome is a find."""
    if not data:
        return
    model = MODELS[data[0] // 4 % len(MODELS)]
    (_slip, _replies, _paper, _slip)[data[0] % 4](data[1:], model)


def _slip(data: bytes, profile: Profile) -> None:
    """A slip is refused by name, or prints as harmless bytes: one reset, one cut, all known."""
    try:
        receipt = parse(json.loads(data))
    except (ReceiptError, ValueError, RecursionError):
        return
    stream = encode(receipt, profile).stream
    paper = decode(stream)
    if any(act in stream for act in REAL_TIME) or paper.unknown:
        raise AssertionError("a slip became a command")
    if paper.cuts != bool(profile.cut):
        raise AssertionError("a slip cut the paper")


def _replies(data: bytes, profile: Profile) -> None:
    """Any replies are events, whichever way the line cuts them."""
    whole, cut = ReplyReader(profile.status), ReplyReader(profile.status)
    events = whole.receive(data)
    if events != [event for byte in data for event in cut.receive(bytes((byte,)))]:
        raise AssertionError("the pieces matter")
    for question in profile.status:
        size = len(question.answer)
        if len(data) >= size:
            read_status(profile.status, {question.ask: data[:size]}).words()
    if len(data) >= 4:
        read_automatic_status(data[:4])


def _paper(data: bytes, _: Profile) -> None:
    """Any stream gives a paper of bounded size."""
    paper = decode(data)
    if paper.sheet.height < 4000:
        paper.sheet.ink()
