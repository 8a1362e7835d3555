"""Vendor mode: the table, and what it means for who has a device."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.service.adapter import WorkerPlan
from drivers.service.envelope import Message
from drivers.service.front import ServiceFront
from drivers.service.host_services import VendorModeService
from drivers.service.interfaces.vendor_mode import Mode
from drivers.service.roles import Role
from drivers.service.service import DeviceService
from drivers.service.status import device_word
from drivers.service.vendor_mode import TABLE, Told, VendorMode, What
from tests.devices.echo_adapter import ECHO

APPLICATION, OTHER, TECHNICIAN = 1, 2, 3


def names(told: list[Told] | None) -> list[str]:
    """Return the events without the interface's name."""
    assert told is not None
    return [one.event.removeprefix("VendorMode.").removesuffix("Event") for one in told]


def test_without_applications_the_devices_change_hands_at_once() -> None:
    """Nobody is registered, so nobody is asked; the mode is entered all the same."""
    mode = VendorMode()
    assert names(mode.enter(TECHNICIAN)) == ["EnterModeRequest", "ModeEntered"]
    assert mode.handed_over
    assert names(mode.exit()) == ["ExitModeRequest", "ModeExited"]
    assert not mode.handed_over


def test_every_application_is_waited_for() -> None:
    """The mode changes with the last acknowledgement, not before."""
    mode = VendorMode()
    mode.register(APPLICATION, "desk")
    mode.register(OTHER, "watch")
    (asked,) = mode.enter(TECHNICIAN) or []
    assert asked.to == {APPLICATION, OTHER}
    assert mode.acknowledge(APPLICATION, Mode.ENTER_PENDING) == []
    assert mode.mode is Mode.ENTER_PENDING
    assert mode.acknowledge(APPLICATION, Mode.ENTER_PENDING) is None
    assert names(mode.acknowledge(OTHER, Mode.ENTER_PENDING)) == ["ModeEntered"]
    assert names(mode.exit()) == ["ExitModeRequest"]
    assert mode.handed_over
    mode.acknowledge(OTHER, Mode.EXIT_PENDING)
    (left,) = mode.acknowledge(APPLICATION, Mode.EXIT_PENDING) or []
    assert left.payload == {"connectedApplications": ["desk", "watch"]}


def test_who_disconnects_is_not_waited_for() -> None:
    """An application that is gone cannot hold up the hand-over."""
    mode = VendorMode()
    mode.register(APPLICATION, "desk")
    mode.enter(TECHNICIAN)
    assert names(mode.left(APPLICATION)) == ["ModeEntered"]


def test_a_technician_who_disconnects_gives_the_devices_back() -> None:
    """A terminal is not left dead by a pulled laptop, in any state."""
    mode = VendorMode()
    mode.enter(TECHNICIAN)
    assert names(mode.left(TECHNICIAN)) == ["ExitModeRequest", "ModeExited"]
    mode.register(APPLICATION, "desk")
    mode.enter(TECHNICIAN)
    assert names(mode.left(TECHNICIAN)) == ["ModeExited"]
    assert mode.mode is Mode.INACTIVE


def test_the_wrong_moment_changes_nothing() -> None:
    """What is not in the table is refused."""
    mode = VendorMode()
    assert mode.exit() is None
    mode.enter(TECHNICIAN)
    assert mode.enter(OTHER) is None
    assert mode.acknowledge(OTHER, Mode.EXIT_PENDING) is None
    assert mode.mode is Mode.ACTIVE


@given(st.lists(st.tuples(st.sampled_from("reatxl"), st.integers(1, 3)), max_size=40))
def test_nothing_hangs_in_any_order(steps: list[tuple[str, int]]) -> None:
    """Whatever comes: a pending mode waits for somebody who is there, and all leaving ends it."""
    mode, there = VendorMode(), set[int]()
    for step, who in steps:
        match step:
            case "r":
                mode.register(who, "name")
                there.add(who)
            case "e":
                mode.enter(who)
            case "a":
                mode.acknowledge(who, Mode.ENTER_PENDING)
            case "t":
                mode.acknowledge(who, Mode.EXIT_PENDING)
            case "x":
                mode.exit()
            case "l":
                mode.left(who)
                there.discard(who)
        pending = mode.mode in (Mode.ENTER_PENDING, Mode.EXIT_PENDING)
        assert not pending or there
    for who in (1, 2, 3):
        mode.left(who)
    assert mode.mode is Mode.INACTIVE


def test_every_state_can_be_left() -> None:
    """The table has a way out of each mode."""
    assert {mode for mode, _ in TABLE} == set(Mode)
    assert set(What) == {what for _, what in TABLE}


# -- over the services ------------------------------------------------------------------------


class Talk:
    """One connection to a service on this event loop."""

    def __init__(self, service: ServiceFront, role: Role) -> None:
        self.service = service
        self.messages: asyncio.Queue[Message] = asyncio.Queue()
        self.number = service.connected(self.messages.put_nowait, role)
        self.last = 0

    def command(self, name: str, **payload: object) -> int:
        """Send a command; return its request id."""
        self.last += 1
        header = {"name": name, "type": "command", "version": "2.0", "requestId": self.last}
        self.service.received(self.number, json.dumps({"header": header, "payload": payload}))
        return self.last

    async def end(self, request_id: int) -> Message:
        """Wait for a completion."""
        while True:
            message = await asyncio.wait_for(self.messages.get(), 5)
            if message.header.type == "completion" and message.header.request_id == request_id:
                return message

    async def run(self, name: str, **payload: object) -> str:
        """Run a command; return its completion code."""
        return str((await self.end(self.command(name, **payload))).header.completion_code)

    async def event(self, name: str) -> Message:
        """Wait for an event."""
        while True:
            message = await asyncio.wait_for(self.messages.get(), 5)
            if message.header.name == name:
                return message

    async def word(self) -> str:
        """Return the device's word as this role sees it."""
        return device_word((await self.end(self.command("Common.Status"))).payload)


async def handed_over(port: Path) -> None:
    """Play a hand-over with a visit in the middle of a command."""
    device = DeviceService(ECHO, WorkerPlan(device="echo", adapter=ECHO.adapter, port=str(port)))

    def hand_over(active: bool) -> None:
        device.vendor_mode(active=active)

    mode = VendorModeService(hand_over)
    device.start()
    mode.start()
    visit, technician = Talk(device, Role.SESSION), Talk(device, Role.MAINTENANCE)
    desk, laptop = Talk(mode, Role.SESSION), Talk(mode, Role.MAINTENANCE)
    try:
        assert await technician.run("XEcho.Say", text="early") == "sequenceError"
        assert await visit.run("XEcho.Say", text="mine") == "success"
        waiting, before = visit.command("XEcho.Wait"), device.worker_pid
        assert await desk.run("VendorMode.Register", appName="desk") == "success"
        assert await desk.run("VendorMode.EnterModeRequest") == "authorisationRequired"
        assert await laptop.run("VendorMode.EnterModeRequest") == "success"
        await desk.event("VendorMode.EnterModeRequestEvent")
        assert await visit.word() == "online"
        assert await desk.run("VendorMode.EnterModeAcknowledge") == "success"
        await laptop.event("VendorMode.ModeEnteredEvent")
        # What the visit had running ends, and its worker with it.
        assert (await visit.end(waiting)).header.completion_code == "deviceNotReady"
        assert await visit.run("XEcho.Say", text="late") == "deviceNotReady"
        assert await technician.run("XEcho.Say", text="test") == "success"
        assert device.worker_pid != before
        assert (await visit.word(), await technician.word()) == ("offline", "online")
        # The laptop is pulled: the devices serve again.
        mode.disconnected(laptop.number)
        await desk.event("VendorMode.ExitModeRequestEvent")
        assert await desk.run("VendorMode.ExitModeAcknowledge") == "success"
        assert await visit.word() == "online"
        assert await visit.run("XEcho.Say", text="again") == "success"
        assert await technician.run("XEcho.Say", text="late") == "sequenceError"
    finally:
        await device.stop()


def test_devices_are_handed_over_and_back(tmp_path: Path) -> None:
    """While maintenance has them, visits are refused by name, see them offline, and then again."""
    asyncio.run(handed_over(tmp_path))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Common.Status", "success"),
        ("Common.GetTransactionState", "success"),
        ("Common.SetTransactionState", "authorisationRequired"),
        ("XEcho.Say", "authorisationRequired"),
        ("Common.PowerSaveControl", "unsupportedCommand"),
    ],
)
def test_who_watches_uses_nothing(tmp_path: Path, name: str, code: str) -> None:
    """The agent reads; what no device can do is unsupported for everyone."""

    async def scene() -> None:
        plan = WorkerPlan(device="echo", adapter=ECHO.adapter, port=str(tmp_path))
        service = DeviceService(ECHO, plan)
        agent = Talk(service, Role.AGENT)
        assert await agent.run(name, state="active") == code

    asyncio.run(scene())
