"""One time of day everywhere: that of the hall, whatever zone the machine keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.calendar import LEGAL_TIME
from kiosk.maintenance.hall_time import hall_time
from kiosk.session.maintenance.agent_desk import _looked
from kiosk.translation.size import size


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2026-11-28T06:25:00+00:00", ("2026-11-28", "14:25")),
        ("2026-11-28T14:25:00+08:00", ("2026-11-28", "14:25")),
        ("2026-11-28T20:10:00+00:00", ("2026-11-29", "04:10")),
        ("2026-11-28T14:25:00", ("2026-11-28", "14:25")),
        ("", ("", "")),
    ],
)
def test_the_time_is_that_of_the_hall(at: str, told: tuple[str, str]) -> None:
    """A machine that keeps UTC tells what the clock on the wall tells."""
    assert hall_time(at) == told


@pytest.mark.parametrize(("ago", "open_steps"), [(0, (1, 2)), (1, (0, 0))])
def test_the_check_of_another_day_is_not_todays(ago: int, open_steps: tuple[int, int]) -> None:
    """What yesterday's check left to do is asked anew by today's."""
    at = (datetime.now(LEGAL_TIME) - timedelta(days=ago)).astimezone(UTC).isoformat()
    results = {"card": "failed", "scan": "skipped", "sound": "unfinished", "clock": "passed"}
    looked = _looked({"checked": {"at": at, "by": "0317", "results": results}})
    assert (looked.failed, looked.left) == open_steps


@pytest.mark.parametrize(
    ("count", "told"), [(77916 * 2**20, "76 GB"), (2000 * 2**20, "2000 MB"), (0, "0 MB")]
)
def test_room_is_told_as_people_say_it(count: int, told: str) -> None:
    """Rounded down: never more than there is."""
    assert size(count) == told
