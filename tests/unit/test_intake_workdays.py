"""Working hours and working days: what a promise counts, and the file of holidays."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from intake import workdays
from intake.workdays import Workdays, WorkdaysError
from tests.legal_time import china


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-27 09:00", 2, "2026-11-27 11:00"),
        ("2026-11-27 11:30", 2, "2026-11-27 14:30"),
        ("2026-11-27 12:30", 2, "2026-11-27 15:00"),
        ("2026-11-27 16:00", 2, "2026-11-30 10:00"),
        ("2026-11-27 15:00", 2, "2026-11-27 17:00"),
        ("2026-11-28 03:00", 2, "2026-11-30 11:00"),
        ("2026-11-26 22:00", 2, "2026-11-27 11:00"),
    ],
)
def test_working_hours(start: str, hours: int, due: str) -> None:
    """Nights, noons and weekends do not count."""
    assert Workdays().after_hours(china(start), hours) == china(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-26 10:00", 1, "2026-11-27 17:00"),
        ("2026-11-27 10:00", 1, "2026-11-30 17:00"),
        ("2026-11-28 10:00", 1, "2026-11-30 17:00"),
        ("2026-11-27 10:00", 10, "2026-12-11 17:00"),
        ("2026-09-30 10:00", 1, "2026-10-08 17:00"),
        ("2026-10-09 10:00", 1, "2026-10-10 17:00"),
    ],
)
def test_working_days(start: str, days: int, due: str) -> None:
    """The first day does not count; holidays rest and worked weekends work."""
    calendar = Workdays(
        closed=frozenset(date(2026, 10, day) for day in range(1, 8)),
        worked=frozenset({date(2026, 10, 10)}),
    )
    assert calendar.after_days(china(start), days) == china(due)


def test_the_file_of_holidays_is_read_or_named(tmp_path: Path) -> None:
    """Dates are read; anything else is an error that names the file."""
    path = tmp_path / "days.toml"
    path.write_text("closed = [2026-10-01]\nworked = [2026-10-10]\n")
    assert workdays.read(path) == Workdays(
        closed=frozenset({date(2026, 10, 1)}), worked=frozenset({date(2026, 10, 10)})
    )
    for wrong in ('closed = "x"', "closed = [1]", "closed = [", "closed = [2026-10-01T00:00:00Z]"):
        path.write_text(wrong)
        with pytest.raises(WorkdaysError, match=r"days\.toml"):
            workdays.read(path)
