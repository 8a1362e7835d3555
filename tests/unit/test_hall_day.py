"""The day is the hall's, whatever zone the machine keeps: a staff card's last day, counts of today.

At the moment of these tests it is the 28th in the hall, and still the 27th where the machine
thinks it is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from kiosk.agent.maintenance.history import History
from kiosk.agent.sign_in import Gate
from kiosk.audit import AuditLog, Event
from kiosk.channel import Request
from kiosk.channel.server import Caller
from kiosk.domain.calendar import LEGAL_TIME
from kiosk.maintenance.keeping import Keeping
from kiosk.maintenance.staff import Person, Refusal, Role

NIGHT = datetime(2026, 11, 28, 2, 0, tzinfo=LEGAL_TIME)
"""02:00 in the hall: 18:00 of the day before in UTC, 13:00 in New York."""


@pytest.fixture(params=["UTC", "America/New_York"])
def elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that was installed with another zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(
    ("last", "refused"), [(date(2026, 11, 27), Refusal.EXPIRED), (date(2026, 11, 28), None)]
)
def test_a_staff_card_is_good_until_midnight_in_the_hall(
    tmp_path: Path, last: date, refused: Refusal | None
) -> None:
    """Not until the machine's own midnight."""
    gate = Gate(
        keeping=Keeping(tmp_path),
        terminal="410700-0020",
        note=lambda *_, **__: None,
        wall=NIGHT.timestamp,
    )
    person = Person(
        work_no="1032", role=Role.CLERK, card="c", pin="p", sites=("410700-*",), until=last
    )
    assert gate.today() == date(2026, 11, 28)
    assert person.refusal(gate.terminal, gate.today()) is refused


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(("hour", "today"), [(23, 0), (1, 2)])
def test_today_begins_at_midnight_in_the_hall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hour: int, today: int
) -> None:
    """What was done in the evening before is not of today; of one in the night it is."""
    at = NIGHT.replace(day=27 if hour == 23 else 28, hour=hour)
    monkeypatch.setattr("kiosk.audit.log._now", lambda: at.isoformat(timespec="milliseconds"))
    (tmp_path / "audit").mkdir()
    log = AuditLog(tmp_path / "audit" / "audit.log")
    for _ in range(2):
        log.append(Event("identity_read"), visit="v1", method="card")
        log.append(Event("receipt_not_printed"), visit="v1", reason="paperOut")
    log.close()
    history = History(tmp_path, lambda: NIGHT)
    caller = Caller(role="maintenance", pid=0, uid=0)
    asked = Request(caller=caller, op="history", fields={"part": "id_reader"}, fds=())
    told = history.history(asked)
    assert told["counts"] == {"today": today, "failed": 0}
    assert history.unprinted() == today
