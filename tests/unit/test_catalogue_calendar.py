"""The working calendar of a place: what was announced, and what is wrong in a file of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kiosk.catalogue.build import workdays
from kiosk.catalogue.calendar_shape import CalendarFile
from kiosk.catalogue.check_calendar import check_calendar
from kiosk.catalogue.comparison import changes
from kiosk.catalogue.faults import CatalogueError
from kiosk.catalogue.files import load
from kiosk.catalogue.sources import Source, Sources, read_sources
from kiosk.documents import parse, validate
from kiosk.domain.calendar import Workdays
from kiosk.settings import config_root
from tests.legal_time import china

PATH = Path("calendars/china.yaml")


@pytest.fixture(scope="module")
def sources() -> Sources:
    """The files of the jurisdiction that is served."""
    return read_sources(config_root(), "410700")


@pytest.fixture(scope="module")
def shipped(sources: Sources) -> Workdays:
    """The calendar that is shipped."""
    assert sources.calendar is not None
    return workdays(sources.calendar.file)


def test_the_days_are_those_of_the_notices(shipped: Workdays) -> None:
    """2025: 28 days off in six blocks; 2026: 33 in seven, and six weekends worked."""
    assert shipped.years == {2025, 2026}
    in_2026 = [day for day in shipped.closed if day.year == 2026]
    assert len(in_2026) == 3 + 9 + 3 + 5 + 3 + 3 + 7
    assert len(shipped.closed) - len(in_2026) == 1 + 8 + 3 + 5 + 3 + 8
    told = {"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"}
    assert {f"{day:%m-%d}" for day in shipped.worked if day.year == 2026} == told
    for day, works in (("2026-02-23", False), ("2026-02-24", True), ("2026-02-28", True)):
        assert shipped.is_working(date.fromisoformat(day)) is works
    assert shipped.is_estimate(china("2027-01-04 17:00"))
    assert not shipped.is_estimate(china("2026-12-31 17:00"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('last: "2026-04-06"', 'last: "2026-04-31"', "2026-04-31 does not exist"),
        ('last: "2026-04-06"', 'last: "2026-04-03"', "is no holiday"),
        ('last: "2026-09-27"', 'last: "2026-10-01"', "2026-10-01 is in 中秋节 already"),
        ('first: "2026-06-19"', 'first: "2025-06-19"', "2025-06-19 is not in 2026"),
        ('worked: ["2026-05-09"]', 'worked: ["2026-05-08"]', "is no weekend"),
        ('worked: ["2026-05-09"]', 'worked: ["2026-10-03"]', "worked day of 劳动节 already"),
        ("year: 2025", "year: 2026", "2026 is there twice"),
        ('date: "2025-11-04"', 'date: "2025-11-31"', "2025-11-31 does not exist"),
    ],
)
def test_a_wrong_day_is_refused_with_its_line(
    sources: Sources, old: str, new: str, told: str
) -> None:
    """Overlaps, wrong years, days that do not exist: each with file and line."""
    text = (config_root() / PATH).read_text("utf-8")
    assert old in text
    document = parse(PATH, text.replace(old, new, 1).encode())
    wrong = Source(document, validate(document, CalendarFile))
    faults = list(check_calendar(replace(sources, calendar=wrong)))
    assert any(told in str(own) for own in faults), faults
    assert all(str(own).startswith(f"{PATH}:") and own.line > 1 for own in faults)


def test_an_unknown_calendar_is_refused(tmp_path: Path) -> None:
    """A place that names a calendar nobody wrote is a fault of its line; a near name is offered."""
    for name in ("catalogue", "calendars"):
        (tmp_path / name).symlink_to(config_root() / name)
    place = tmp_path / "jurisdictions" / "410103.yaml"
    place.parent.mkdir()
    text = (config_root() / "jurisdictions" / "410103.yaml").read_text("utf-8")
    place.write_text(f"{text}calendar: chine\n", "utf-8")
    with pytest.raises(CatalogueError, match=r"no calendar chine\. Did you mean china") as caught:
        load(tmp_path, "410103")
    assert caught.value.line == len(text.splitlines()) + 1
    place.write_text(text, "utf-8")
    before = load(tmp_path, "410103")
    (tmp_path / "calendars").unlink()
    after = load(tmp_path, "410103")
    assert after.workdays == Workdays()
    gone = [str(own) for own in changes(before, after)]
    assert "- workdays.closed: 2026-10-01" in gone
