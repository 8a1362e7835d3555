"""A slip tells who can be rung when it is read: tomorrow, at home, on a holiday."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from kiosk.catalogue.files import load
from kiosk.domain.calendar import LEGAL_TIME, Workdays
from kiosk.domain.roster import Contact, Day, Span
from kiosk.domain.roster_words import Help, on_paper, table
from kiosk.settings import config_root
from kiosk.translation import Translator

WHOLE = (Span(time(0), time(0)),)
DESK = Contact(
    name="大厅服务台",
    phone="0373-0000001",
    hours=((Day.WORKED, (Span(time(14), time(17, 30)), Span(time(8, 30), time(12)))),),
)
WATCH = Contact(
    name="夜间值班",
    phone="0373-0000002",
    hours=(
        (Day.WORKED, (Span(time(17, 30), time(0)), Span(time(0), time(7)))),
        (Day.HOLIDAY, (Span(time(9), time(12)), Span(time(12), time(16)))),
    ),
)
LINE = Contact(name="便民热线", phone="12345", hours=tuple((day, WHOLE) for day in Day))
UNSAID = Contact(name="物业", phone="0373-0000005", hours=())
ZH = Translator("zh", strict=True)


@pytest.fixture(scope="module")
def workdays() -> Workdays:
    """The calendar that ships."""
    return load(config_root(), "410700").workdays


def printed(roster: tuple[Contact, ...], workdays: Workdays, moment: str) -> list[str]:
    """Return the lines of a slip that is printed at a moment."""
    at = datetime.fromisoformat(moment).replace(tzinfo=LEGAL_TIME)
    help_ = Help(phone="12345", hours="周一到周五", roster=roster, workdays=workdays)
    lines = on_paper(help_, at, ZH.text)
    return [" ".join(map(str, own.values())).strip() for own in lines if "rule" not in own]


DESK_HOURS = ["大厅服务台 0373-0000001", "工作日 08:30-12:00、14:00-17:30", "周末和节假日没人接"]
DAYS = "调休上班的周末算工作日"


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (  # at two in the night before a working day
            "2026-11-27 02:00",
            ["打印时（11月27日周五 02:00）没人接", "下次上班 11月27日周五 08:30，大厅服务台接"],
        ),
        (  # at two in the night before a weekend
            "2026-11-28 02:00",
            ["打印时（11月28日周六 02:00）没人接", "下次上班 11月30日周一 08:30，大厅服务台接"],
        ),
        (  # at work: whoever reads it at home needs the day after
            "2026-11-27 09:00",
            [
                "打印时（11月27日周五 09:00）有人接：大厅服务台，到 12:00",
                "下次上班 11月30日周一 08:30，大厅服务台接",
            ],
        ),
        (  # between the shifts
            "2026-11-27 12:30",
            ["打印时（11月27日周五 12:30）没人接", "下次上班 11月27日周五 14:00，大厅服务台接"],
        ),
        (  # within the national day's week
            "2026-10-01 10:00",
            ["打印时（10月1日周四 10:00）没人接", "下次上班 10月8日周四 08:30，大厅服务台接"],
        ),
        (  # before a Saturday that is worked in exchange
            "2026-02-13 18:00",
            ["打印时（2月13日周五 18:00）没人接", "下次上班 2月14日周六 08:30，大厅服务台接"],
        ),
        (  # of a year whose holidays nobody has announced, nothing is said of now
            "2031-11-21 09:00",
            ["下次上班预计 11月24日周一 08:30，大厅服务台接"],
        ),
    ],
)
def test_a_slip_names_who_answered_and_who_does_next(
    workdays: Workdays, moment: str, said: list[str]
) -> None:
    """By date, never by "today"; then everybody's hours."""
    lines = printed((DESK,), workdays, moment)
    assert lines == ["有事打电话", *said, *DESK_HOURS, DAYS]


def test_a_gap_is_told_with_who_comes_first(workdays: Workdays) -> None:
    """On a holiday in the night nobody answers; a watch does in the morning, the desk in a week."""
    assert printed((DESK, WATCH), workdays, "2026-10-01 02:00") == [
        "有事打电话",
        "打印时（10月1日周四 02:00）没人接",
        "最早 10月1日周四 09:00 有人接：夜间值班",
        "下次上班 10月8日周四 08:30，大厅服务台接",
        *DESK_HOURS,
        "夜间值班 0373-0000002",
        "工作日 00:00-07:00、17:30-24:00",
        "节假日 09:00-16:00",
        "周末没人接",
        DAYS,
    ]
    night = printed((DESK, WATCH), workdays, "2026-11-26 22:00")
    assert night[1] == "打印时（11月26日周四 22:00）有人接：夜间值班，到 11月27日周五 07:00"


def test_a_line_round_the_clock_needs_no_moment(workdays: Workdays) -> None:
    """Alone it says all; beside a desk it is who answers in the night."""
    alone = ["有事打电话", "便民热线 12345", "每天 24 小时有人接"]
    assert printed((LINE,), workdays, "2026-10-01 02:00") == alone
    both = printed((DESK, LINE), workdays, "2026-10-01 02:00")
    assert both[1:3] == [
        "打印时（10月1日周四 02:00）有人接：便民热线",
        "下次上班 10月8日周四 08:30，大厅服务台接",
    ]


def test_a_number_without_hours_is_told_and_never_that_nobody_answers(workdays: Workdays) -> None:
    """Nobody knows that; the desk's hours and its next day at work are told as always."""
    number = "物业 0373-0000005"
    assert printed((UNSAID,), workdays, "2026-10-01 02:00") == ["有事打电话", number]
    both = printed((DESK, UNSAID), workdays, "2026-10-01 02:00")
    next_day = "下次上班 10月8日周四 08:30，大厅服务台接"
    assert both == ["有事打电话", next_day, *DESK_HOURS, number, DAYS]


def test_without_a_roster_the_one_number_stands_with_its_hours(workdays: Workdays) -> None:
    """And without hours where nobody said them."""
    assert printed((), workdays, "2026-10-01 02:00") == ["咨询电话 12345，周一到周五"]
    help_ = Help(phone="12345", workdays=workdays)
    assert table(help_, ZH.text) == (("", "12345", ()),)
    assert on_paper(help_, datetime.now(LEGAL_TIME), ZH.text) == ({"text": "咨询电话 12345"},)
