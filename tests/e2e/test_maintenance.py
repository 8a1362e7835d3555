"""Maintenance mode by real touches on the real screen: in, at work, out; then citizens again."""

from __future__ import annotations

import io
import json
import os
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from drivers.service.client import ServiceClient
from drivers.service.status import device_word
from kiosk.cli import main
from kiosk.desk.stack import Stack
from kiosk.maintenance.touch_matrix import TARGETS
from tests.e2e.desk import Desk
from tests.e2e.learner import Learner
from tests.releases.repositories import Fleet
from tests.waiting import until

pytestmark = pytest.mark.e2e
CLERK, STRANGER = "chen-xiaoyun", "zhao-min"
PIN = "739205"
EMBLEM = (198, 244)
"""Where the emblem of the idle page is, in dots of 1080 × 1920."""


FINGER = "Virtual core XTEST pointer"
"""What touches the screen under test."""


class Town:
    """A fleet that signs releases, and a terminal whose staff may install them from a stick."""

    def __init__(self, place: Path) -> None:
        self.place, self.fleet = place, Fleet(place / "fleet").begin()
        self.releases, self.root = place / "releases", place / "root.json"
        self.install = place / "install"

    def prepare(self, patch: pytest.MonkeyPatch) -> None:
        """Tell the terminal its root document, and the command that installs."""
        self.root.write_bytes(self.fleet.root)
        patch.setenv("YIDUAN_RELEASES", str(self.releases))
        patch.setenv("YIDUAN_RELEASE_ROOT", str(self.root))
        of_the_stack = Stack._maintenance

        def maintenance(stack: Stack) -> dict[str, object]:
            told = of_the_stack(stack)
            words = ["release", "update", "--from-usb", told["stick"], "--root", self.root]
            words += ["--folder", self.releases, "--trial", "0"]
            words += [word for path in stack._layers() for word in ("--settings", path)]
            line = shlex.join(map(str, (sys.executable, "-m", "kiosk", *words)))
            self.install.write_text(f"#!/bin/sh\nexec {line}\n")
            self.install.chmod(0o755)
            return {**told, "update": [str(self.install)]}

        patch.setattr(Stack, "_maintenance", maintenance)


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

    def comes_in(self, ref: str) -> None:
        """Hold the emblem, put the card down and type the PIN."""
        self.hold()
        self.knows(ref)

    def knows(self, ref: str) -> None:
        """Put the card down and type the PIN."""
        self.player.reach("staff_card")
        self.put(ref)
        self.player.reach("staff_pin")
        self.pin(PIN)
        self.player.reach("staff_glance")
        self.lift()

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
        self.player.devices.do("scanner", show="of something else")
        until(lambda: "staff:go_on" in self.player.reach("staff_check").targets)
        self.tap("again")
        self.desk.sees(step="scan")
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
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Who signs releases for this terminal."""
    return Town(tmp_path_factory.mktemp("staff"))


@pytest.fixture(scope="module")
def running_desk(town: Town) -> Iterator[Desk]:
    """A terminal whose devices answer faster than their lines allow: hands are what is timed."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    touch = town.place / "touch.yaml"
    touch.write_text(f"display: {{touch: {FINGER}}}\n")
    with pytest.MonkeyPatch.context() as patch:
        town.prepare(patch)
        with Desk(pace="fast", devices=("panel",), settings=(touch,)) as desk:
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


@pytest.mark.campaign
def test_a_clerk_trains(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole visit is filed in the training and nothing of it here; then all of it is gone."""
    desk = staff.desk
    staff.listed("0317", CLERK, "clerk", monkeypatch)
    staff.hold()
    staff.put(CLERK)
    staff.player.reach("staff_pin")
    staff.pin(PIN)
    staff.player.reach("staff_glance")
    staff.lift()
    stored, arrived = desk.stored(), desk.arrived()
    papers = len(staff.player.devices.papers())
    staff.tap("system")
    staff.tap("train")
    staff.player.reach("staff_train")
    staff.tap("train")
    learner = Learner(desk)
    course = learner.course("thin")
    course.until("card")
    learner.tap("card", "training:card")
    course.leave_out("consent")
    course.until("receipt")
    slip = until(learner.player.devices.papers)[-1]
    assert "练习" in str(slip["text"])
    learner.tap("receipt", "training:end")
    until(lambda: staff.noted("training_ended"), timeout=30)
    ended = staff.noted("training_ended")[-1]
    assert staff.noted("training_began")[-1] == {"person": "0317"}
    assert (ended["person"], ended["how"]) == ("0317", "left")
    assert not learner.state.exists()
    assert not learner.run.exists()
    assert (desk.stored(), desk.arrived()) == (stored, arrived)
    assert len(staff.player.devices.papers()) == papers
    staff.tap("leave")  # the button comes back with the end
    staff.player.reach("attract")


def test_the_agent_is_started_anew(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    """Staff are asked for their card again, read why, and go on; nobody is let in without."""
    staff.listed("0317", CLERK, "clerk", monkeypatch)
    staff.comes_in(CLERK)
    staff.desk.restart("agent")
    staff.tap("outbox")
    staff.desk.sees(page="staff_card", denied="agent_back")
    staff.knows(CLERK)
    staff.tap("leave")
    staff.player.reach("attract")


@pytest.mark.campaign
def test_an_engineers_visit(staff: Staff, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stick's release is told, tried and refused; a line is recorded; the glass is calibrated."""
    staff.listed("0007", STRANGER, "engineer", monkeypatch)
    stick = staff.desk.stack.state / "stick"
    staff.comes_in(STRANGER)
    staff.tap("system")
    staff.tap("update")
    staff.desk.sees(page="staff_update", title="stick.title.nothing")
    shutil.copytree(town.fleet.release("0371-0000001", group="stable"), stick, dirs_exist_ok=True)
    staff.tap("again")
    staff.tap("install")
    staff.desk.sees(page="staff_update", title="stick.title.failed")
    assert staff.noted("stick_refused")[-1]["reason"] == "release.unreachable"
    assert staff.noted("stick_update_began")
    until(lambda: staff.noted("release_refused"))
    staff.tap("back")
    _calibrated(staff)
    staff.tap("back")
    staff.tap("part:receipt_printer")
    staff.tap("trace")
    until(lambda: staff.noted("trace_began"))
    staff.tap("test")
    until(lambda: staff.noted("device_tested"))
    staff.tap("trace")
    until(lambda: staff.noted("trace_ended"))
    (kept,) = stick.glob("trace-*-receipt_printer-*.txt")
    assert {line.split()[1] for line in kept.read_text().splitlines()[3:]} == {">", "<"}
    staff.tap("leave")
    staff.player.reach("attract")


def _calibrated(staff: Staff) -> None:
    """Touch four targets two percent beside where they are felt, and keep it."""
    staff.tap("calibrate")
    for number, (x, y) in enumerate(TARGETS, start=1):
        staff.desk.sees(page="staff_calibrate", point=number)
        staff.player.screen.tap(x * 1080 + 20, y * 1920)
    staff.desk.sees(page="staff_calibrate", point=0)
    staff.tap("yes")
    until(lambda: staff.noted("touch_calibrated"))
    document = json.loads((staff.desk.stack.state / "maintenance" / "touch.json").read_text())
    assert document[FINGER][2] == pytest.approx(-20 / 1080, abs=0.002)


def _given_back(staff: Staff) -> None:
    """Citizens have the terminal and its devices again."""
    staff.desk.sees(page="attract")
    stack = staff.desk.stack
    socket, secret = stack.run / "xfs4iot" / "IdReader.sock", stack.secrets.roles["session"]
    with closing(ServiceClient(socket, "IdReader", secret)) as reader:
        until(lambda: device_word(reader.call("Common.Status", None, 5.0).payload) == "online")


def test_the_key_switch_and_a_stay_that_is_killed(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Turned, it opens maintenance; killed or frozen on any page, citizens are served again."""
    staff.listed("0317", CLERK, "clerk", monkeypatch)
    staff.desk.sees(page="attract")
    staff.player.devices.do("panel", sensor="operatorSwitch", word="maintenance")
    staff.knows(CLERK)
    assert staff.noted("maintenance_opened")[-1]["how"] == "switch"
    staff.player.devices.do("panel", sensor="operatorSwitch", word="run")
    staff.tap("part:id_reader")
    staff.tap("test")  # it waits for a card: the reader is at work when its session dies
    os.kill(_stay(staff), signal.SIGKILL)
    _given_back(staff)
    staff.comes_in(CLERK)
    os.kill(_stay(staff), signal.SIGSTOP)
    _given_back(staff)
    until(lambda: [one["how"] for one in staff.noted("maintenance_closed")[-2:]] == ["lost"] * 2)
    staff.desk.play_until("consent")


def _stay(staff: Staff) -> int:
    """Return the process of the stay on the screen."""
    sockets = (staff.desk.stack.run / "rehearsal.sock",)
    return next(
        process.pid
        for process in staff.desk.sessions()
        if any(Path(one.laddr or "") in sockets for one in process.net_connections(kind="unix"))
    )
