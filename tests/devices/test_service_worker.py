"""Worker and service on a device that echoes, hangs, crashes or is not there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import structlog

from drivers.service import service as service_module
from drivers.service.adapter import WorkerPlan
from drivers.service.envelope import Message
from drivers.service.service import DeviceService
from drivers.service.status import device_word
from drivers.service.worker_link import WorkerLink
from tests.devices.echo_adapter import ECHO
from tests.devices.service_bench import is_alive
from tests.devices.service_schema import check


class Talk:
    """One connection to a service on the same event loop."""

    def __init__(self, service: DeviceService) -> None:
        self.service = service
        self.messages: asyncio.Queue[Message] = asyncio.Queue()
        self.number = service.connected(self.messages.put_nowait)
        self.last = 0

    def command(self, name: str, limit_ms: int = 0, **payload: object) -> int:
        """Send a command; return its request id."""
        self.last += 1
        header = {"name": name, "type": "command", "version": "2.0", "requestId": self.last}
        text = json.dumps({"header": {**header, "timeout": limit_ms}, "payload": payload})
        self.service.received(self.number, text)
        return self.last

    async def end(self, request_id: int) -> Message:
        """Wait for the completion of a command."""
        while True:
            message = await asyncio.wait_for(self.messages.get(), 5)
            head = message.header
            if head.type == "completion" and head.request_id == request_id:
                return message

    async def run(self, name: str, limit_ms: int = 0, **payload: object) -> str:
        """Run a command; return its completion code."""
        message = await self.end(self.command(name, limit_ms, **payload))
        return str(message.header.completion_code)

    async def events(self, name: str) -> list[Message]:
        """Return the events of that name so far."""
        got = []
        while not self.messages.empty():
            message = self.messages.get_nowait()
            if message.header.name == name:
                got.append(message)
        return got


@pytest.fixture(autouse=True)
def log() -> Iterator[list[dict[str, object]]]:
    """Lend what the service logs."""
    with structlog.testing.capture_logs() as lines:
        yield lines  # type: ignore[misc]  # structlog types its lines as a mutable mapping


def with_service(
    port: Path, scene: Callable[[DeviceService], Awaitable[None]], **options: str
) -> None:
    """Play a scene with a running service."""

    async def play() -> None:
        plan = WorkerPlan(device="echo", adapter=ECHO.adapter, port=str(port), options=options)
        service = DeviceService(ECHO, plan)
        service.start()
        try:
            await scene(service)
        finally:
            await service.stop()

    asyncio.run(play())


async def word_is(service: DeviceService, word: str) -> None:
    """Wait until the device is in a state."""
    async with asyncio.timeout(5):
        while device_word(service.status) != word:  # noqa: ASYNC110  # tests poll, the service tells
            await asyncio.sleep(0.01)


def test_say(tmp_path: Path) -> None:
    """A command's payload goes to the device and comes back; the state is told before its end."""

    async def scene(service: DeviceService) -> None:
        talk = Talk(service)
        done = await talk.end(talk.command("XEcho.Say", text="你好"))
        assert done.payload == {"text": "你好"}
        assert service.status["xEcho"] == {"said": "你好"}

    with_service(tmp_path, scene)


def test_a_device_that_hangs_is_ended(tmp_path: Path) -> None:
    """Cancel ends even a command that never returns, by ending its worker."""

    async def scene(service: DeviceService) -> None:
        talk = Talk(service)
        hung = talk.command("XEcho.Hang")
        await word_is(service, "online")
        before, asked = service.worker_pid, service.now()
        talk.command("Common.Cancel")
        assert (await talk.end(hung)).header.completion_code == "canceled"
        assert service.now() - asked < 3
        assert await talk.run("XEcho.Say", text="next") == "success"
        assert service.worker_pid != before
        assert before is not None
        assert not is_alive(before)

    with_service(tmp_path, scene)


def test_a_worker_that_cannot_be_started_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: list[dict[str, object]]
) -> None:
    """No memory and no process to be had, or the clean parent just died: it is not for good."""
    refused = [OSError("no process"), EOFError()]

    def start(plan: WorkerPlan, service: DeviceService) -> WorkerLink:
        if refused:
            raise refused.pop()
        return WorkerLink(plan, service)

    monkeypatch.setattr(service_module, "WorkerLink", start)
    monkeypatch.setattr(service_module, "BACK_OFF_S", (0.01,))

    async def scene(service: DeviceService) -> None:
        assert await Talk(service).run("XEcho.Say", text="at last") == "success"

    with_service(tmp_path, scene)
    assert [line["kind"] for line in log if line["event"] == "worker_not_started"] == [
        "EOFError",
        "OSError",
    ]


def test_a_hung_command_times_out(tmp_path: Path) -> None:
    """So does its deadline."""

    async def scene(service: DeviceService) -> None:
        assert await Talk(service).run("XEcho.Hang", 100) == "timeOut"

    with_service(tmp_path, scene)


def test_a_bug_ends_the_worker_not_the_service(
    tmp_path: Path, log: list[dict[str, object]]
) -> None:
    """What a bug quotes is never logged; its place is."""

    async def scene(service: DeviceService) -> None:
        talk = Talk(service)
        assert await talk.run("XEcho.Bug", who="陈小云") == "hardwareError"
        assert await talk.run("XEcho.Say", text="again") == "success"

    with_service(tmp_path, scene)
    (fault,) = [line for line in log if line["event"] == "worker_fault"]
    assert fault["kind"] == "ValueError"
    assert str(fault["where"]).startswith("echo_adapter.py:")
    assert "陈小云" not in str(log)


def test_a_visit_ends_with_its_worker(tmp_path: Path) -> None:
    """Another visit's queued command runs on the fresh worker, and the status never blinks."""

    async def scene(service: DeviceService) -> None:
        first, second = Talk(service), Talk(service)
        first.command("XEcho.Wait")
        await word_is(service, "online")
        before = service.worker_pid
        waiting = second.command("XEcho.Say", text="mine")
        await second.events("")
        service.disconnected(first.number)
        assert (await second.end(waiting)).payload == {"text": "mine"}
        assert service.worker_pid != before
        changes = await second.events("Common.StatusChangedEvent")
        assert all("common" not in change.payload for change in changes)

    with_service(tmp_path, scene)


def test_a_visit_that_leaves_does_not_stop_another(tmp_path: Path) -> None:
    """The running command of another visit is let out before its worker is replaced."""

    async def scene(service: DeviceService) -> None:
        first, second = Talk(service), Talk(service)
        assert await first.run("XEcho.Say", text="mine") == "success"
        before = service.worker_pid
        waiting = second.command("XEcho.Wait")
        service.disconnected(first.number)
        await asyncio.sleep(0)
        assert service.worker_pid == before
        second.command("Common.Cancel", requestIds=[waiting])
        assert (await second.end(waiting)).header.completion_code == "canceled"
        assert await second.run("XEcho.Say", text="next") == "success"
        assert service.worker_pid != before

    with_service(tmp_path, scene)


def test_a_missing_device_comes_back(tmp_path: Path, log: list[dict[str, object]]) -> None:
    """One state and one log line down, with the first message; one up."""
    missing = tmp_path / "missing"
    missing.touch()

    async def scene(service: DeviceService) -> None:
        talk = Talk(service)
        await word_is(service, "noDevice")
        assert await talk.run("XEcho.Say", text="?") == "deviceNotReady"
        assert await talk.run("XEcho.Say", text="?") == "deviceNotReady"
        missing.unlink()
        assert await talk.run("XEcho.Say", text="!") == "success"
        assert device_word(service.status) == "online"

    with_service(tmp_path, scene)
    words = [line["word"] for line in log if line["event"] == "device_state"]
    assert words == ["noDevice", "online"]


def test_a_device_that_breaks_while_idle(tmp_path: Path) -> None:
    """A poll that fails drops the device; it is opened again when it can be."""

    async def scene(service: DeviceService) -> None:
        await word_is(service, "online")
        (tmp_path / "broken").touch()
        await word_is(service, "hardwareError")
        (tmp_path / "broken").unlink()
        await word_is(service, "online")

    with_service(tmp_path, scene)


def test_a_device_that_breaks_on_command(tmp_path: Path) -> None:
    """The command says so, and the next one opens the device again."""

    async def scene(service: DeviceService) -> None:
        talk = Talk(service)
        assert await talk.run("XEcho.Break") == "hardwareError"
        assert await talk.run("XEcho.Say", text="well") == "success"

    with_service(tmp_path, scene)


def test_a_device_that_stays_silent_is_out_of_order(
    tmp_path: Path, log: list[dict[str, object]]
) -> None:
    """One fresh process, then staff is asked, by the first message; told and logged once."""
    (tmp_path / "silent").touch()

    async def scene(service: DeviceService) -> None:
        talk = Talk(service)
        await word_is(service, "hardwareError")
        before, first = service.worker_pid, trouble(service)["message"]
        async with asyncio.timeout(20):
            error = await event(talk, "Common.ErrorEvent")
        assert error.payload == {
            "eventId": "hardware",
            "action": "maintenance",
            "vendorDescription": first,
        }
        assert service.worker_pid not in (before, None)
        assert trouble(service) == {"message": first, "step": "outOfOrder"}
        assert (tmp_path / "resets").read_text() == "."
        assert await talk.run("XEcho.Say", text="?") == "hardwareError"
        (tmp_path / "silent").unlink()
        assert await talk.run("XEcho.Say", text="!") == "success"
        assert "xTrouble" not in service.status

    with_service(tmp_path, scene, hurry="0.2")
    words = [line["word"] for line in log if line["event"] == "device_state"]
    assert words == ["hardwareError", "online"]


def trouble(service: DeviceService) -> dict[str, str]:
    """Return what the status says of the trouble."""
    told = service.status["xTrouble"]
    assert isinstance(told, dict)
    check("xTrouble", told)
    return told


async def event(talk: Talk, name: str) -> Message:
    """Wait for an event."""
    while True:
        message = await talk.messages.get()
        if message.header.name == name:
            return message


def test_a_driver_that_is_stuck_does_not_keep_an_old_status(
    tmp_path: Path, log: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody uses the device, and yet its process is replaced; a long command is not mistaken."""
    monkeypatch.setattr(service_module, "HUNG_S", 2.0)

    async def stuck(service: DeviceService) -> None:
        await word_is(service, "online")
        before = service.worker_pid
        (tmp_path / "stuck").touch()
        await word_is(service, "starting")
        await word_is(service, "online")
        assert service.worker_pid != before

    async def busy(service: DeviceService) -> None:
        await word_is(service, "online")
        before = service.worker_pid
        assert await Talk(service).run("XEcho.Wait", 2100) == "timeOut"
        assert service.worker_pid == before

    async def scene(service: DeviceService) -> None:
        (tmp_path / "other").mkdir()
        plan = WorkerPlan(device="echo", adapter=ECHO.adapter, port=str(tmp_path / "other"))
        other = DeviceService(ECHO, plan)
        other.start()
        try:
            await asyncio.gather(stuck(service), busy(other))
        finally:
            await other.stop()

    with_service(tmp_path, scene)
    assert sum(line["event"] == "worker_hung" for line in log) == 1


def test_a_process_that_always_ends_is_not_just_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After three ends in a row the device is out of order, and says so."""
    monkeypatch.setattr(service_module, "BACK_OFF_S", (0.1,))
    (tmp_path / "dies").touch()

    async def scene(service: DeviceService) -> None:
        await word_is(service, "hardwareError")
        assert trouble(service)["step"] == "outOfOrder"

    with_service(tmp_path, scene)


@pytest.mark.parametrize("line", [b"not json", b"[1]", b'{"op":"dance"}'])
def test_a_line_that_makes_no_sense_ends_the_worker(
    tmp_path: Path, log: list[dict[str, object]], line: bytes
) -> None:
    """A worker that cannot hear any more does not go on saying that it is well."""

    async def scene(service: DeviceService) -> None:
        await word_is(service, "online")
        before, link = service.worker_pid, service._worker
        assert link is not None
        assert link._writer is not None
        link._writer.write(line + b"\n")
        async with asyncio.timeout(5):
            await link.ended()
        await word_is(service, "online")
        assert service.worker_pid not in (before, None)
        assert await Talk(service).run("XEcho.Say", text="again") == "success"

    with_service(tmp_path, scene)
    assert [one["event"] for one in log].count("worker_fault") == 1
    assert "dance" not in str(log)
