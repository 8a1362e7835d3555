"""Whom staff ring: the fault's page tells by time, the recovery card everybody's hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pypdfium2
import pytest

from kiosk.catalogue.files import workdays_of
from kiosk.domain.calendar import LEGAL_TIME
from kiosk.maintenance.context import Context, Place
from kiosk.maintenance.facts import SignedIn, Statuses
from kiosk.maintenance.present import present
from kiosk.maintenance.recovery_card import Card, pdf, whom
from kiosk.maintenance.staff import RIGHTS, Role
from kiosk.maintenance.states import State
from kiosk.maintenance.view import StaffFaultView
from kiosk.session.whom_to_ring import help_of, staff_of
from kiosk.settings import Settings, config_root, load
from kiosk.translation import Translator

ZH = Translator("zh", strict=True)
DESK = config_root() / "terminals" / "desk.yaml"
READER = "id_reader.gone"
NO_STAFF = "help: {staff: []}\n"
NOBODY = "help: {staff: [], roster: []}\n"
UNSAID = """\
help:
  roster: [{name: 大厅服务台, phone: 0373-0000001}]
  staff:
    - {who: vendor, name: 厂家维修, phone: 0373-0000004}
    - {who: centre, name: 中心信息科, phone: 0373-0000003}
"""


def settings(tmp_path: Path, text: str = "") -> Settings:
    """Return a desk's settings, with what a terminal's own file says."""
    own = tmp_path / "terminal.yaml"
    own.write_text(text, encoding="utf-8")
    return load([DESK, own])


def told(own: Settings, moment: str) -> list[str]:
    """Return what the page of a reader that is gone says of the vendor's number."""
    workdays = workdays_of(config_root(), "410700")
    place = Place(
        service="s", place="p", help=help_of(own, workdays), terminal="t", staff=staff_of(own)
    )
    ctx = Context(
        place=place,
        page=State.FAULT,
        fault=READER,
        person=SignedIn(work_no="0317", role=Role.CLERK, rights=RIGHTS[Role.CLERK]),
        statuses=Statuses(devices={"id_reader": None}),
        moment=datetime.fromisoformat(moment).replace(tzinfo=LEGAL_TIME),
    )
    view = present(ctx, ZH)
    assert isinstance(view, StaffFaultView)
    return [ZH.text(one.key, **dict(one.values)) for one in view.numbers]


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-27 10:00", "厂家维修 0373-0000004，现在有人接，到 20:00"),
        ("2026-11-27 02:00", "厂家维修 0373-0000004，现在没人接，今天 08:00 起有人"),
        ("2026-11-27 22:00", "厂家维修 0373-0000004，现在没人接，明天 08:00 起有人"),
        ("2026-10-01 08:30", "厂家维修 0373-0000004，现在没人接，今天 09:00 起有人"),
        ("2026-02-14 08:30", "厂家维修 0373-0000004，现在有人接，到 20:00"),
    ],
)
def test_a_faults_page_says_whether_somebody_answers(
    tmp_path: Path, moment: str, said: str
) -> None:
    """By day, at night, on a holiday, on a Saturday that is worked."""
    assert told(settings(tmp_path), moment) == [said]


def test_where_nobody_is_set_down_citizens_numbers_stand_in(tmp_path: Path) -> None:
    """And the page says that it is so."""
    unknown = ZH.text("faults.ring.unknown")
    assert told(settings(tmp_path, NO_STAFF), "2026-11-27 10:00") == [
        unknown,
        "大厅服务台 0373-0000001，现在有人接，到 12:00",
    ]
    assert told(settings(tmp_path, NOBODY), "2026-11-27 10:00") == [
        unknown,
        "咨询电话 12345",
    ]


def test_a_number_without_hours_is_told_as_it_is(tmp_path: Path) -> None:
    """It is set down: neither "not set down" nor "nobody answers"; the card has it, too."""
    own = settings(tmp_path, UNSAID)
    assert told(own, "2026-11-27 02:00") == ["厂家维修 0373-0000004，没写什么时候有人接"]
    rows = whom(help_of(own, workdays_of(config_root(), "410700")), staff_of(own), ZH)
    assert rows == (("中心信息科", "0373-0000003", ()), ("大厅服务台", "0373-0000001", ()))


def test_the_recovery_card_is_a_table_of_hours(tmp_path: Path) -> None:
    """The centre first, then all others; a long list goes on over the page."""
    own = settings(tmp_path)
    help_ = help_of(own, workdays_of(config_root(), "410700"))
    rows = whom(help_, staff_of(own), ZH)
    names = ["中心信息科", "大厅服务台", "值班电话", "政务服务便民热线"]
    assert [name for name, _, _ in rows] == names
    assert rows[0][2] == ("工作日 09:00-12:00、13:00-17:00", "周末和节假日没人接")
    alone = whom(help_of(settings(tmp_path, NOBODY), help_.workdays), {}, ZH)
    assert alone == (("", "12345", ()),)
    card = Card(terminal="t", place="p", ring=rows, key="", waiting=0, oldest_s=0, at="x")
    for made in (card, replace(card, ring=rows * 5), replace(card, ring=alone)):
        pages = pypdfium2.PdfDocument(pdf(made, ZH))
        text = "".join(page.get_textpage().get_text_range() for page in pages)
        assert all(
            text.count(phone) == len(made.ring) / len(set(made.ring))
            for phone in {own[1] for own in made.ring}
        )
