"""The room before a line of hours is paper, and never a sign, whichever printer it is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from drivers.printer import glyphs
from drivers.printer.characters import GETA, CharacterDecoder
from drivers.printer.encoder import encode
from drivers.printer.layout import width
from drivers.printer.paper import decode
from drivers.printer.profiles import CONFIG_DIR, GENERIC_80MM, load
from drivers.printer.receipt import parse
from kiosk.domain.calendar import LEGAL_TIME
from kiosk.domain.roster import Contact, Day, Span
from kiosk.domain.roster_words import BELOW, Help, on_paper
from kiosk.maintenance.recovery_card import Card, slip
from kiosk.translation import Translator

PROFILES = [GENERIC_80MM] + [
    load(file.stem.removeprefix("printer-"))
    for file in sorted(Path(CONFIG_DIR).glob("printer-*.yaml"))
]
HOURS = "每天 24 小时有人接"
PRINTED = datetime(2026, 10, 2, 2, tzinfo=LEGAL_TIME)
WHOLE = Span(PRINTED.min.time(), PRINTED.min.time())
LINE = Contact(name="便民热线", phone="12345", hours=tuple((day, (WHOLE,)) for day in Day))


def papers() -> dict[str, dict[str, object]]:
    """Return a slip's lines of whom to ring, and a whole recovery card."""
    words = Translator(strict=True)
    told = on_paper(Help(phone="12345", roster=(LINE,)), PRINTED, words.text)
    card = Card(
        terminal="XX-DT-001",
        place="政务服务大厅",
        ring=((LINE.name, LINE.phone, (HOURS,)),),
        key="0123456789abcdef",
        waiting=2,
        oldest_s=7200,
        at="2026-10-02 02:00",
    )
    return {"slip": {"title": "凭条", "lines": list(told)}, "card": slip(card, words)}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda own: own.name)
@pytest.mark.parametrize("kind", ["slip", "card"])
def test_no_sign_stands_where_a_line_is_set_in(kind: str, profile: object) -> None:
    """The line of hours begins two columns in, and nothing on the paper is unreadable."""
    assert isinstance(profile, type(GENERIC_80MM))
    printed = decode(encode(parse(papers()[kind]), profile).stream, chinese=True)
    assert printed.unknown == ()
    if profile.charset == "ascii":
        return  # its characters are dots, each told as a sign; the room is dots without ink
    assert GETA not in "".join(printed.text)
    assert BELOW + HOURS in printed.text


def test_the_room_drawn_as_dots_has_no_ink() -> None:
    """A printer without a Chinese font gets the room as an empty picture."""
    assert glyphs.draw(BELOW, 24, 24).getbbox() is None


def test_the_room_is_a_space_of_two_columns() -> None:
    """A1A1, in two pieces, is one character of a whole cell; other unprintable ones are told."""
    reader = CharacterDecoder(chinese=True)
    assert (reader.decode(b"\xa1"), reader.decode(b"\xa1")) == ([], [BELOW])
    assert (width(BELOW), reader.narrow(BELOW)) == (2, False)
    assert reader.decode("\u2028".encode("gb18030")) == [GETA]
