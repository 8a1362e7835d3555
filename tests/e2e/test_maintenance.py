"""Maintenance mode by real touches on the real screen: in, at work, out; then citizens again."""

from __future__ import annotations

import io
import json
import shutil
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
        try:
            self.player.reach("staff_card")
        finally:
            self.player.screen.release()

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

    def check(self) -> None:
        """Go through the opening check as the page asks for it."""
        self.tap("check")
        self.tap("begin")
        self.at("card")
        self.put(CLERK)
        self.at("scan")
        self.lift()
        code = self.player.devices.papers()[-1]["qr"]
        self.player.devices.do("camera", scene="discharge_record")
        self.player.devices.do("scanner", show=code[0])  # type: ignore[index]
        self.at("sound")
        self.tap("yes")
        self.at("touch")
        self.sweep()
        until(lambda: self.noted("opening_check_ended"), timeout=60)

    def at(self, step: str) -> None:
        """Wait until the check has come to a step."""
        self.desk.sees(step=step)

    def sweep(self) -> None:
        """Slide a finger over every row; what it did not feel is touched by itself."""
        seen = self.player.reach("staff_touch")
        middles = [seen.targets[f"staff:cell:{number}"].middle for number in range(24)]
        for row in range(0, 24, 4):
            self.player.screen.draw(middles[row : row + 4])
        until(lambda: self._touch_what_is_left(middles))

    def _touch_what_is_left(self, middles: list[tuple[float, float]]) -> bool:
        """Touch the cells that were not felt; say whether the grid is left."""
        now = self.player.link.look()
        if now is None or now.page != "staff_touch":
            return now is not None
        felt = now.facts["cells"]
        assert isinstance(felt, list)
        for number, middle in enumerate(middles):
            if f"staff:cell:{number}" not in felt:
                self.player.screen.tap(*middle)
        return False

    def lift(self) -> None:
        """Take it away."""
        self.player.devices.do("id-reader", lift=True)

    def noted(self, event: str) -> list[dict[str, object]]:
        """Return the fields of every such event in the log."""
        log = (self.desk.stack.state / "audit" / "audit.log").read_text().splitlines()
        lines = [json.loads(line) for line in log if f'"{event}"' in line]
        return [one["f"] for one in lines if one["e"] == event]


@pytest.fixture(scope="module")
def running_desk() -> Iterator[Desk]:
    """A terminal whose devices answer faster than their lines allow: hands are what is timed."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    with Desk(pace="fast") as desk:
        yield desk


@pytest.fixture
def staff(desk: Desk) -> Iterator[Staff]:
    """Somebody at the terminal; the card is lifted at the end."""
    own = Staff(desk)
    yield own
    own.lift()


def test_a_day_of_the_clerk(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    """In with card and PIN, paper low is seen and replaced, every device is tried, and out."""
    staff.listed("0317", CLERK, "clerk", monkeypatch)
    staff.player.devices.do("printer", paper="low")
    staff.hold()
    staff.put(STRANGER)
    staff.desk.sees(page="staff_card", denied="unknown")
    staff.lift()
    staff.put(CLERK)
    staff.player.reach("staff_pin")
    staff.pin("111222")
    staff.desk.sees(page="staff_pin", tries_left=14)
    staff.pin(PIN)
    staff.desk.sees(page="staff_glance", faults="receipt_printer.low")
    staff.lift()
    staff.tap("paper:receipt_printer")
    staff.player.devices.do("printer", paper="ok")
    staff.tap("paper_done")
    until(lambda: staff.noted("supplies_replaced"))
    staff.tap("back")
    staff.desk.sees(page="staff_glance", faults="!receipt_printer.low")
    staff.check()
    staff.tap("leave")
    staff.player.reach("attract")
    assert staff.noted("staff_refused")[-1]["reason"] == "unknown"
    assert staff.noted("supplies_replaced")[-1]["result"] == "printed"
    done = staff.noted("opening_check_ended")[-1]
    assert (done["person"], done["passed"], done["failed"]) == ("0317", 9, 0)
    assert int(str(done["seconds"])) <= 90
    assert staff.noted("maintenance_closed")[-1] == {"how": "left", "person": "0317"}


def test_out_of_service(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened by command; citizens read why nobody is served, until it is taken back."""
    staff.listed("0007", STRANGER, "engineer", monkeypatch)
    on = ["maintenance", "--state", str(staff.desk.stack.state)]
    assert main([*on, "open"]) == 0
    staff.player.reach("staff_card")
    staff.put(STRANGER)
    staff.player.reach("staff_pin")
    staff.pin(PIN)
    staff.player.reach("staff_glance")
    staff.tap("out")
    staff.tap("stop")
    until(lambda: staff.noted("service_stopped"))
    staff.tap("leave")
    staff.player.reach("out_of_service")
    assert main([*on, "in"]) == 0
    staff.player.reach("attract")
