"""Out of service by command and from afar: a sentence that would not be shown is said to be one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.agent.centre import acts
from kiosk.agent.reporting.orders import OrderFailed
from kiosk.agent.service import Service
from kiosk.agent.staff import ROLE, StaffDesk
from kiosk.agent.wishes import Wishes
from kiosk.channel import Caller, Refused, Request
from kiosk.maintenance.keeping import Keeping
from kiosk.outbox import Outbox
from kiosk.status.command import Command, Kind


def _ignored(*_: object, **__: object) -> None:
    """Take whatever is noted."""


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """A terminal in service."""
    return Service(Keeping(tmp_path), _ignored, _ignored)


@pytest.mark.parametrize("words", ["", "  "])
def test_staff_say_a_sentence(tmp_path: Path, service: Service, words: str) -> None:
    """Citizens never stand before a screen that is out of service and says nothing."""
    outbox = Outbox(tmp_path / "outbox.db")
    desk = StaffDesk(outbox, _ignored, service, Wishes())
    caller = Caller(role=ROLE, pid=1, uid=1)
    asked = Request(caller=caller, op="serve", fields={"out": True, "words": words}, fds=())
    with pytest.raises(Refused, match="bad_request"):
        desk.serve(asked)
    outbox.close()
    assert service.out is None


def test_the_centre_is_told_that_its_words_are_not_taken(service: Service) -> None:
    """It chooses others; a full disk, which it could do nothing about, has another word."""
    now = datetime.now(UTC)
    command = Command(
        id="0123456789abcdef0123456789abcdef",
        to="all",
        kind=Kind.OUT_OF_SERVICE,
        argument="维\u200b护",
        by="0317",
        issued_at=now,
        expires_at=now + timedelta(minutes=5),
    )
    with pytest.raises(OrderFailed, match="bad_words"):
        acts(service, Wishes())[Kind.OUT_OF_SERVICE](command)
    assert service.out is None
