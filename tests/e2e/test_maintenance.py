"""Maintenance mode by real touches on the real screen: in, at work, out; then citizens again."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator

import pytest

from kiosk.cli import main
from tests.e2e.desk import Desk
from tests.waiting import until

pytestmark = pytest.mark.e2e
CLERK, STRANGER = "chen-xiaoyun", "zhao-min"
PIN = "739205"
EMBLEM = (198, 244)
"""Where the emblem of the idle page is, in dots of 1080 × 1920."""
HELD_S = 3.3


class Staff:
    """A member of staff at the terminal."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.player = desk, desk.player

    def listed(self, work_no: str, ref: str, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put somebody on the list, by command."""
        number = self.desk.person(ref)["card"]["id_no"]
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{number}\n{PIN}\n"))
        on = ["staff", "--state", str(self.desk.stack.state), "add", work_no]
        assert main([*on, "--role", role, "--site", "410700-*"]) == 0

    def hold(self) -> None:
        """Rest a finger on the emblem until the page of the card is there."""
        self.player.reach("attract")
        self.player.screen.press(*EMBLEM)
        time.sleep(HELD_S)
        self.player.screen.release()
        self.player.reach("staff_card")

    def pin(self, digits: str) -> None:
        """Type a PIN."""
        for digit in digits:
            self.tap(f"digit:{digit}")

    def tap(self, name: str) -> None:
        """Touch a button."""
        self.player.tap(f"staff:{name}")

    def put(self, ref: str) -> None:
        """Put a card down."""
        self.player.devices.do("id-reader", put=ref)

    def lift(self) -> None:
        """Take it away."""
        self.player.devices.do("id-reader", lift=True)

    def noted(self, event: str) -> list[dict[str, object]]:
        """Return the fields of every such event in the log."""
        log = (self.desk.stack.state / "audit" / "audit.log").read_text().splitlines()
        lines = [json.loads(line) for line in log if f'"{event}"' in line]
        return [one["f"] for one in lines if one["e"] == event]


@pytest.fixture
def staff(desk: Desk) -> Iterator[Staff]:
    """Somebody at the terminal; the card is lifted at the end."""
    own = Staff(desk)
    yield own
    own.lift()


def test_a_day_of_the_clerk(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    """In with card and PIN, paper low is seen and replaced, the opening check is done, and out."""
    staff.listed("0317", CLERK, "clerk", monkeypatch)
    staff.player.devices.do("printer", paper="low")
    staff.hold()
    staff.put(CLERK)
    staff.player.reach("staff_pin")
    staff.pin("111222")
    until(lambda: staff.noted("staff_pin_wrong"))
    staff.pin(PIN)
    staff.player.reach("staff_glance")
    staff.lift()
    staff.tap("paper:receipt_printer")
    staff.player.devices.do("printer", paper="ok")
    staff.tap("paper_done")
    until(lambda: staff.noted("supplies_replaced"))
    staff.tap("leave")
    staff.player.reach("attract")
    assert staff.noted("maintenance_closed")[-1] == {"how": "left", "person": "0317"}
