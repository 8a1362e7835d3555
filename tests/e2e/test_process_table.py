"""The process table of docs/architecture.md, compared with what the processes have open."""

from __future__ import annotations

import re
from pathlib import Path

import psutil
import pytest

from tests.e2e.desk import Desk
from tests.waiting import until

pytestmark = pytest.mark.e2e


def _inet(process: psutil.Process) -> set[tuple[str, int]]:
    """Return the far ends of a process's internet sockets, listening ones as port 0."""
    return {
        (c.raddr.ip, c.raddr.port) if c.raddr else ("listen", 0)
        for c in process.net_connections(kind="inet")
    }


def _files(process: psutil.Process) -> set[str]:
    """Return the files a process has open, by descriptor and by memory map."""
    held = Path(f"/proc/{process.pid}/fd")
    names = set()
    for descriptor in held.iterdir():
        try:
            names.add(str(descriptor.readlink()))
        except OSError:
            continue
    return names


def _written(process: psutil.Process) -> set[str]:
    """Return regular files on disk that a process has open for writing."""
    found = set()
    for descriptor in Path(f"/proc/{process.pid}/fdinfo").iterdir():
        try:
            flags = int(re.search(r"flags:\s+(\d+)", descriptor.read_text())[1], 8)  # type: ignore[index]
            target = Path(f"/proc/{process.pid}/fd/{descriptor.name}").readlink()
        except OSError:
            continue
        if flags & 3 and target.is_file() and "/memfd:" not in str(target):
            found.add(str(target))
    return found


def test_shell_and_sessions_have_no_network_and_write_nothing(desk: Desk) -> None:
    """No internet socket at all; nothing on disk but the log they were given."""
    desk.play_until("review")
    for process in [desk.process("shell"), *desk.sessions()]:
        assert _inet(process) == set()
        written = {f for f in _written(process) if not f.endswith("/logs/shell.log")}
        assert written == set()


def test_no_private_key_in_a_session_or_the_shell(desk: Desk) -> None:
    """Neither an open key file nor a key in the environment or on the command line."""
    desk.play_until("review")
    for process in [desk.process("shell"), *desk.sessions()]:
        assert not any("/keys/" in name for name in _files(process))
        words = " ".join([*process.cmdline(), *process.environ().values()])
        assert "PRIVATE" not in words
        assert not any(secret in words for secret in desk.stack.secrets.roles.values())


def test_a_relay_lives_for_a_visit_and_talks_to_the_intake_only(desk: Desk) -> None:
    """None for a standby; one during a visit; gone after it."""

    def relays() -> list[psutil.Process]:
        return desk.titled("agent", "kiosk-relay")

    until(lambda: relays() == [])
    desk.play_until("review")
    (relay,) = until(relays)
    far = {port for _, port in _inet(relay)}
    assert far <= {desk.line.port}
    desk.kill_session()
    until(lambda: relays() == [])


def test_the_agent_itself_has_no_network(desk: Desk) -> None:
    """Relay and forwarder talk; the process that owns the outbox does not."""
    desk.play()
    assert _inet(desk.process("agent")) == set()


def test_the_device_host_has_no_network_and_opens_no_port_of_a_device(desk: Desk) -> None:
    """Workers own the lines; the host relays bytes."""
    host = desk.process("devices")
    desk.play_until("card")
    assert _inet(host) == set()
    assert not any(name.startswith("/dev/pts/") for name in _files(host))


def test_workers_end_with_the_visit_they_served(desk: Desk) -> None:
    """Whatever read a card or printed a slip is another process afterwards."""
    host = desk.process("devices")
    desk.play_until("guide")
    reader = until(lambda: _worker(host, "id-reader"))
    printer = until(lambda: _worker(host, "receipt-printer"))
    desk.make_whole()
    desk.play()
    until(lambda: _worker(host, "id-reader") not in {None, reader})
    until(lambda: _worker(host, "receipt-printer") not in {None, printer})


WORKERS = ("id-reader", "scanner", "receipt-printer", "document-camera")


def test_pictures_stay_with_the_camera_the_reading_and_the_session(desk: Desk) -> None:
    """Camera's worker and reading process: no network, nothing on disk, gone after the visit.

    The reading process begins with the live view. One that had no answer within its ten seconds was
    ended with the picture it was asked about, so on a busy machine there is none after the shot.
    """
    host = desk.process("devices")
    assert _reading(desk) == []
    course = desk.play_until("capture", "newborn")
    worker = psutil.Process(until(lambda: _worker(host, "document-camera")))
    (reading,) = until(lambda: _reading(desk))
    assert reading.ppid() == worker.pid
    course.until("captured")
    for process in (worker, *_reading(desk), *desk.sessions()):
        assert _inet(process) == set()
        assert {f for f in _written(process) if "/logs/" not in f} == set()
    assert _inet(host) == set()
    desk.player.devices.do("id-reader", lift=True)
    desk.player.tap("home")
    desk.player.reach("warning")
    desk.player.tap("finish")
    until(lambda: not worker.is_running() and not reading.is_running())
    until(lambda: _worker(host, "document-camera") not in {None, worker.pid})
    assert _reading(desk) == []


def _reading(desk: Desk) -> list[psutil.Process]:
    return desk.titled("devices", "kiosk-devices: reading")


def _worker(host: psutil.Process, device: str) -> int | None:
    """Return the pid of a device's worker."""
    title = f"kiosk-devices: worker {device}"
    for child in host.children(recursive=True):
        if child.cmdline()[:1] == [title]:
            return child.pid
    return None


def test_only_a_devices_worker_has_its_line_open(desk: Desk) -> None:
    """The line of each device is open in its worker and nowhere else of the terminal."""
    host = desk.process("devices")
    until(lambda: all(_worker(host, name) for name in WORKERS))
    holders = [
        " ".join(child.cmdline()[:1])
        for child in host.children(recursive=True)
        if any(name.startswith("/dev/pts/") for name in _open(child))
    ]
    assert sorted(holders) == [
        "kiosk-devices: worker id-reader",
        "kiosk-devices: worker receipt-printer",
        "kiosk-devices: worker scanner",
    ]


def _open(process: psutil.Process) -> set[str]:
    try:
        return _files(process)
    except OSError:
        return set()
