"""Whom a citizen is told to call: from the settings' roster to the words on the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from drivers.printer.layout import TextRow, lay_out
from drivers.printer.receipt import parse
from kiosk.domain.calendar import LEGAL_TIME
from kiosk.domain.receipt import Line
from kiosk.journey import context as contexts
from kiosk.journey.answering import news
from kiosk.journey.effects import PrintGuide
from kiosk.journey.facts import Power, Terminal
from kiosk.journey.intents import Intent, touch
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.machine import Journey
from kiosk.journey.present_page import present
from kiosk.journey.view import HelpView, Text
from kiosk.session.slip import guide
from kiosk.session.whom_to_ring import roster_of
from kiosk.settings import SettingsError, load
from kiosk.translation import Translator
from tests.journeys.stage import context

OWN = """\
terminal: {id: 410700-0021}
intake: {api_url: "https://intake.invalid", public_url: "https://intake.invalid"}
help:
  roster:
    - {name: 大厅服务台, phone: 0373-0000001, workdays: ["08:30-12:00", "14:00-17:30"]}
    - {name: 值班员, phone: 0373-0000002, workdays: ["17:30-22:00"], holidays: ["09:00-16:00"]}
"""


def own(tmp_path: Path, text: str) -> Path:
    """Write a terminal's own file."""
    path = tmp_path / "terminal.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def journey(tmp_path: Path) -> Journey:
    """A visit of a terminal with that roster."""
    ctx = context()
    roster = roster_of(load([own(tmp_path, OWN)]).help.roster)
    return Journey(replace(ctx, site=replace(ctx.site, roster=roster)))


def _at(journey: Journey, moment: str) -> None:
    here = datetime.fromisoformat(moment).replace(tzinfo=LEGAL_TIME)
    told = news(journey.context, here, begun=False)
    assert told, "the page did not know it"
    journey.apply(Intent(kind=K.TODAY, fact=told))
    assert news(journey.context, here, begun=True) is None


def _lead(journey: Journey) -> Text:
    lead = present(journey).lead
    assert lead
    return lead


@pytest.mark.parametrize(
    ("moment", "phone", "said"),
    [
        ("2026-11-27 09:00", "0373-0000001", "现在有人接：大厅服务台，到 12:00"),
        ("2026-11-27 19:00", "0373-0000002", "现在有人接：值班员，到 22:00"),
        ("2026-11-27 02:00", "0373-0000001", "现在没人接。大厅服务台，今天 08:30 起有人。"),
        ("2026-11-26 23:00", "0373-0000001", "现在没人接。大厅服务台，明天 08:30 起有人。"),
        ("2026-11-28 02:00", "0373-0000001", "现在没人接。大厅服务台，11月30日 08:30 起有人。"),
        ("2026-10-01 10:00", "0373-0000002", "现在有人接：值班员，到 16:00"),
        ("2026-10-01 02:00", "0373-0000002", "现在没人接。值班员，今天 09:00 起有人。"),
        ("2026-02-14 10:00", "0373-0000001", "现在有人接：大厅服务台，到 12:00"),
    ],
)
def test_the_help_page_names_who_answers_now_or_next(
    journey: Journey, moment: str, phone: str, said: str
) -> None:
    """By day, at two in the night, on a holiday, on a Saturday that is worked."""
    _at(journey, moment)
    journey.apply(touch("begin"))
    journey.apply(touch("help"))
    view = present(journey)
    assert isinstance(view, HelpView)
    assert view.answers
    words = Translator("zh").text(view.answers.key, **dict(view.answers.values))
    assert (view.phone, view.hours, words) == (phone, "", said)


def test_while_nobody_is_here_the_page_says_whether_somebody_answers(journey: Journey) -> None:
    """And the number in every other sentence is the same one; a visit's end forgets it not."""
    _at(journey, "2026-11-27 02:00")
    assert _lead(journey).key == "attract.lead_unanswered"
    _at(journey, "2026-11-27 20:00")
    lead = _lead(journey)
    assert (lead.key, dict(lead.values)) == ("attract.lead_answered", {"phone": "0373-0000002"})
    journey.apply(Intent(kind=K.TERMINAL, fact=Terminal(power=Power.BATTERY)))
    assert dict(_lead(journey).values) == {"phone": "0373-0000002"}
    assert contexts.wiped(journey.context).helped == journey.context.helped


def test_a_visit_over_midnight_keeps_its_day_and_says_today(journey: Journey) -> None:
    """Whose night it is changes; what was checked by the day does not."""
    _at(journey, "2026-11-26 23:59")
    here = datetime(2026, 11, 27, 0, 0, tzinfo=LEGAL_TIME)
    told = news(journey.context, here, begun=True)
    assert told
    assert (told.day.day, journey.context.helped.days, told.helped.days) == (26, 1, 0)


def test_without_a_roster_the_settings_number_stands() -> None:
    """As before."""
    journey = Journey(context())
    _at(journey, "2026-11-27 02:00")
    assert _lead(journey).key == "attract.lead"
    journey.apply(touch("begin"))
    journey.apply(touch("help"))
    view = present(journey)
    assert isinstance(view, HelpView)
    assert (view.phone, view.answers) == ("12345", None)


def test_a_desk_without_hours_is_told_and_not_whether_somebody_answers(tmp_path: Path) -> None:
    """On the page, on a holiday; nothing is promised to who looks from afar."""
    text = OWN[: OWN.index("    - {name")] + "    - {name: 大厅服务台, phone: 0373-0000001}\n"
    roster = roster_of(load([own(tmp_path, text)]).help.roster)
    ctx = context()
    journey = Journey(replace(ctx, site=replace(ctx.site, roster=roster)))
    _at(journey, "2026-10-01 10:00")
    assert _lead(journey).key == "attract.lead"
    journey.apply(touch("begin"))
    journey.apply(touch("help"))
    view = present(journey)
    assert isinstance(view, HelpView)
    assert view.answers
    words = Translator("zh").text(view.answers.key, **dict(view.answers.values))
    assert (view.phone, words) == ("0373-0000001", "大厅服务台，不清楚现在有没有人接。")


@pytest.mark.parametrize("answered", [True, False])
def test_when_staff_are_at_the_hall_is_said_apart_from_the_number(
    journey: Journey, *, answered: bool
) -> None:
    """By day and at night, with a roster and without: it is where to turn in person."""
    own = journey.context
    attended = "工作日 9:00至17:00 有工作人员在场"
    site = replace(own.site, attended=attended, roster=own.site.roster if answered else ())
    journey = Journey(replace(own, site=site))
    journey.apply(touch("begin"))
    journey.apply(touch("help"))
    view = present(journey)
    assert isinstance(view, HelpView)
    assert (view.hours, dict(view.cannot[0].values)) == ("", {"text": attended})
    assert all("text" not in dict(own.values) for own in view.cannot[1:])


@pytest.mark.parametrize(
    "hours", ["12:00-08:30", "08:30-08:30", "8:30-12:00", "08:30-25:00", "20:00-08:00"]
)
def test_hours_that_are_none_are_refused(tmp_path: Path, hours: str) -> None:
    """With file and line; a night is two parts."""
    text = OWN.replace("17:30-22:00", hours)
    with pytest.raises(SettingsError, match=r"terminal\.yaml"):
        load([own(tmp_path, text)])
    both = OWN.replace('"08:30-12:00", "14:00', '"08:30-14:30", "14:00')
    with pytest.raises(SettingsError, match="overlap"):
        load([own(tmp_path, both)])


def _printed(journey: Journey, at: str) -> list[str]:
    """Return the end of a guide's slip that is printed at a moment."""
    ctx, words = journey.context, Translator("zh")
    thing = ctx.catalogue.things[0]
    effect = PrintGuide(ticket=1, thing=thing, items=thing.told_items)
    now = datetime.fromisoformat(at).replace(tzinfo=LEGAL_TIME)
    lines = guide(effect, ctx.catalogue, ctx.site, words, now).lines
    told = [" ".join(map(str, line.values())).strip() for line in lines]
    return told[told.index(words.text("slip.help_title")) :]


def test_a_slip_has_the_roster_as_the_settings_say_it(journey: Journey) -> None:
    """Printed at two in the night of a holiday, read on any other day."""
    said = _printed(journey, "2026-10-01 02:00")
    assert said[1:4] == [
        "打印时（10月1日周四 02:00）没人接",
        "最早 10月1日周四 09:00 有人接：值班员",
        "下次上班 10月8日周四 08:30，大厅服务台接",
    ]
    assert "大厅服务台 0373-0000001" in said
    assert "工作日 08:30-12:00、14:00-17:30" in said
    before = _printed(journey, "2026-02-13 23:00")  # a Saturday that is worked follows
    assert before[2] == "下次上班 2月14日周六 08:30，大厅服务台接"


@pytest.mark.parametrize("address", ["https://banli.invalid", ""])
def test_the_numbers_stand_under_a_line_of_their_own(journey: Journey, address: str) -> None:
    """On every guide, with a code and without; never two lines in a row, none at the end."""
    ctx, words = journey.context, Translator("zh")
    site = replace(ctx.site, public_url=address)
    rule: Line = {"rule": True}
    now = datetime(2026, 10, 1, 2, 0, tzinfo=LEGAL_TIME)
    for thing in ctx.catalogue.things:
        effect = PrintGuide(ticket=1, thing=thing, items=thing.told_items)
        lines = guide(effect, ctx.catalogue, site, words, now).lines
        title = lines.index({"text": words.text("slip.help_title")})
        assert lines[title - 1] == rule, thing.code
        assert (rule, rule) not in pairwise(lines), thing.code


@pytest.mark.parametrize("columns", [48, 32])
def test_no_number_is_broken_on_paper(journey: Journey, columns: int) -> None:
    """Numbers and hours stay whole on both widths of paper."""
    ctx, words = journey.context, Translator("zh")
    thing = ctx.catalogue.things[0]
    effect = PrintGuide(ticket=1, thing=thing, items=thing.told_items)
    now = datetime(2026, 10, 1, 2, 0, tzinfo=LEGAL_TIME)
    paper = guide(effect, ctx.catalogue, ctx.site, words, now)
    rows = [row for row in lay_out(parse(paper.as_json()), columns) if isinstance(row, TextRow)]
    lines = ["".join(row.clusters) for row in rows]
    for whole in ("0373-0000001", "0373-0000002", "08:30-12:00", "14:00-17:30", "09:00-16:00"):
        assert any(whole in line for line in lines), whole
