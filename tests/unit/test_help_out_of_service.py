"""Whom to ring while the terminal serves nobody: on the page, and where no window is."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from kiosk.catalogue.files import workdays_of
from kiosk.domain.calendar import LEGAL_TIME, NOTHING_KNOWN
from kiosk.domain.roster_words import Help
from kiosk.session.whom_to_ring import help_of
from kiosk.settings import config_root, load
from kiosk.translation import Translator
from screens.ground import paint, whom
from screens.standing import OutOfService, out_of_service
from screens.theme import PAPER

ZH = Translator("zh", strict=True)
DESK = config_root() / "terminals" / "desk.yaml"
GAP = """\
help:
  roster:
    - {name: 大厅服务台, phone: 0373-0000001, workdays: ["09:00-12:00", "13:00-17:00"]}
    - {name: 值班电话, phone: 0373-0000002, workdays: ["17:00-22:00"], holidays: ["09:00-12:00"]}
"""
UNSAID = "help: {roster: [{name: 大厅服务台, phone: 0373-0000001}]}\n"
EMPTY = "help: {roster: [], hours: 工作日白天}\n"


def told(tmp_path: Path, text: str) -> Help:
    """Return whom a terminal's own file says, by the calendar that ships."""
    own = tmp_path / "terminal.yaml"
    own.write_text(text, encoding="utf-8")
    return help_of(load([DESK, own]), workdays_of(config_root(), "410700"))


def at(moment: str) -> datetime:
    """Return a moment in legal time."""
    return datetime.fromisoformat(moment).replace(tzinfo=LEGAL_TIME)


@pytest.mark.parametrize(
    ("text", "moment", "phone", "said"),
    [
        ("", "2026-11-27 02:00", "12345", "现在有人接：政务服务便民热线，24 小时"),
        ("", "2026-10-01 10:00", "0373-0000002", "现在有人接：值班电话，到 12:00"),
        ("", "2026-02-14 10:00", "0373-0000001", "现在有人接：大厅服务台，到 12:00"),
        (GAP, "2026-11-27 02:00", "0373-0000001", "现在没人接。大厅服务台，今天 09:00 起有人。"),
        (GAP, "2026-10-01 02:00", "0373-0000002", "现在没人接。值班电话，今天 09:00 起有人。"),
        (GAP, "2031-11-21 10:00", "0373-0000001", "大厅服务台，平时这个时间有人接。"),
        (EMPTY, "2026-11-27 02:00", "12345", "工作日白天"),
        (UNSAID, "2026-10-01 02:00", "0373-0000001", "大厅服务台，不清楚现在有没有人接。"),
    ],
)
def test_the_page_says_who_can_help_now(
    tmp_path: Path, text: str, moment: str, phone: str, said: str
) -> None:
    """At night, on a holiday, on a Saturday that is worked, in a gap, without a roster."""
    page = OutOfService(
        out_of_service("s", "0"), help_=told(tmp_path, text), clock=lambda: at(moment)
    )
    view = page.view()
    assert view.answers
    words = dict(view.answers.values)
    line = words["text"] if "text" in words else ZH.text(view.answers.key, **words)
    assert (view.phone, line[: len(said)]) == (phone, said)


LINE = """\
help:
  roster:
    - {name: 大厅服务台, phone: 0373-0000001, workdays: ["08:30-12:00", "14:00-17:30"]}
    - {name: 值班员, phone: 0373-0000002, workdays: ["17:30-24:00", "00:00-07:00"]}
    - {name: 便民热线, phone: "12345", workdays: ["00:00-24:00"], weekends: ["00:00-24:00"], \
holidays: ["00:00-24:00"]}
"""


@pytest.mark.parametrize(
    ("text", "moment", "said"),
    [
        (LINE, "2026-10-02 02:00", "大厅服务台要到 10月8日 08:30 才有人。"),
        (LINE, "2026-11-27 20:00", "大厅服务台要到 11月30日 08:30 才有人。"),
        (LINE, "2026-11-27 09:00", ""),
        (LINE, "2031-09-30 20:00", "大厅服务台预计 10月6日 08:30 起有人。"),
        (GAP, "2026-11-27 02:00", ""),  # who answers next is the same, and told
        (UNSAID, "2026-11-27 02:00", ""),
        (EMPTY, "2026-11-27 02:00", ""),
    ],
)
def test_nobody_is_sent_to_a_closed_window(
    tmp_path: Path, text: str, moment: str, said: str
) -> None:
    """A hotline that answers at night opens none: the page says when somebody is there again."""
    page = OutOfService(
        out_of_service("s", "0"), help_=told(tmp_path, text), clock=lambda: at(moment)
    )
    view = page.view()
    own = view.opens
    assert (ZH.text(own.key, **dict(own.values)) if own else "") == said
    assert view.lead
    lead = ZH.text(view.lead.key)
    assert "另一台自助机" in lead
    assert "上班时间到窗口" in lead


def test_no_words_that_staff_choose_send_people_to_a_closed_window() -> None:
    """They stand through the night: each names another terminal, and the hours of a counter."""
    for until in ("soon", "hour", "today", "tomorrow", "open"):
        words = ZH.text(f"staff.out.told.{until}")
        assert "另一台自助机" in words
        assert "上班时间到窗口" in words


def test_the_page_follows_the_clock(tmp_path: Path) -> None:
    """It stands through the night; nothing is painted anew while nothing changes."""
    clock = [at("2026-11-27 08:58")]
    page = OutOfService(out_of_service("s", "0"), help_=told(tmp_path, GAP), clock=lambda: clock[0])
    changes = []
    for minute in range(4):
        clock[0] = at(f"2026-11-27 {8 + (58 + minute) // 60:02}:{(58 + minute) % 60:02}")
        changes.append(page.poll())
    assert changes == [False, False, True, False]
    assert page.view().answers
    assert not OutOfService(out_of_service("s", "0")).poll()


def test_without_a_window_the_hours_stand(tmp_path: Path) -> None:
    """Nobody lives to look at a clock there: hours, never "now"; a start is over soon."""
    own = told(tmp_path, "")
    night = at("2026-11-27 02:00")
    assert whom("out", own, night, ZH) == (
        ("政务服务便民热线 12345", "每天 24 小时有人接"),
        ("大厅服务台 0373-0000001", "工作日 09:00-12:00、13:00-17:00，周末和节假日没人接"),
        (
            "值班电话 0373-0000002",
            "工作日 17:00-22:00，周末 09:00-17:00，节假日 09:00-12:00",
        ),
    )
    assert whom("starting", own, night, ZH) == (("咨询电话 12345",),)
    assert whom("starting", own, at("2026-11-27 09:30"), ZH) == (("咨询电话 0373-0000001",),)
    assert whom("out", told(tmp_path, EMPTY), night, ZH) == (("咨询电话 12345", "工作日白天"),)


@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080)])
def test_a_long_roster_stays_on_the_screen(size: tuple[int, int]) -> None:
    """What has no room is left out from the end; the edge stays empty."""
    one = ("大厅服务台 0373-0000001", "工作日 09:00-12:00、13:00-17:00，周末和节假日没人接")
    page = paint("out", size, (one,) * 8)
    low = page.crop((0, size[1] - 20, *size))
    assert low.getcolors() == [(20 * size[0], tuple(bytes.fromhex(PAPER[1:])))]
    assert page.tobytes() != paint("out", size, (one,)).tobytes()


def test_a_calendar_that_is_not_there_knows_nothing(tmp_path: Path) -> None:
    """The page stands where the catalogue does not; one that is wrong is the same."""
    known = workdays_of(config_root(), "410700")
    assert 2026 in known.years
    shutil.copytree(config_root() / "jurisdictions", tmp_path / "jurisdictions")
    assert workdays_of(tmp_path, "410700") == NOTHING_KNOWN
    (tmp_path / "calendars").mkdir()
    for text in ("name: x\nyears: 5\n", "}{"):
        (tmp_path / "calendars" / "china.yaml").write_text(text)
        assert workdays_of(tmp_path, "410700") == NOTHING_KNOWN
    assert workdays_of(tmp_path / "nothing", "410700") == NOTHING_KNOWN
