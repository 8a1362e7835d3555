"""A command between two citizens: it waits, nobody begins meanwhile, a dead one holds nothing."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.agent.pause import REASON, Pause
from kiosk.agent.staff import ROLE, connect, new_secret
from kiosk.audit import AuditLog, Event
from kiosk.channel import Refused, Secrets, Server
from kiosk.cli import main
from kiosk.commands import between_citizens
from kiosk.outbox.report import FILE
from tests.waiting import until

FASTER = 20
"""Its seconds pass so much faster."""


class Held:
    """A pause behind a real socket, and how often pages had to be renewed."""

    def __init__(self, place: Path) -> None:
        self.renewed = 0
        self.relays = 0
        self.pause = Pause(self._renew, lambda: self.relays, lambda: time.monotonic() * FASTER)
        self.directory = (place / FILE).parent
        secret = new_secret(self.directory, place / "agent.sock")
        self.server = Server(
            place / "agent.sock",
            Secrets(roles={ROLE: secret}),
            self.pause.operations(),
            on_leave=self.pause.left,
        )

    def _renew(self) -> None:
        self.renewed += 1


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    """A served pause."""
    held = Held(tmp_path)
    held.server.start()
    yield held
    held.server.close()


def _command(place: Path, *words: str, wait: float = 30.0) -> int:
    return main(["between-citizens", "--state", str(place), "--wait", str(wait), "--", *words])


def test_it_waits_for_the_end_of_the_visit(held: Held, tmp_path: Path) -> None:
    """While somebody is served it does not run; new pages serve nobody; then it runs."""
    done = tmp_path / "done"
    held.pause.heard("visit_began", {"visit": "v1"})
    touch = f"import pathlib; pathlib.Path({str(done)!r}).touch()"
    statuses: list[int] = []
    thread = threading.Thread(
        target=lambda: statuses.append(_command(tmp_path, sys.executable, "-c", touch))
    )
    thread.start()
    until(lambda: held.pause.out() is not None)
    out = held.pause.out()
    assert out is not None
    assert out.reason == REASON
    assert held.renewed == 1
    assert not done.exists()
    held.pause.heard("visit_ended", {"visit": "v1", "how": "finished"})
    thread.join(30)
    assert statuses == [0]
    assert done.exists()
    until(lambda: held.pause.out() is None)
    assert held.renewed == 2, "citizens are served again"


def test_somebody_served_for_all_the_time_is_not_interrupted(held: Held, tmp_path: Path) -> None:
    """The command is not run, and the status says so; with --anyway it is."""
    held.relays = 1
    assert _command(tmp_path, "true", wait=0) == 75
    until(lambda: held.pause.out() is None)
    words = ["--wait", "0", "--anyway", "--", sys.executable, "-c", "raise SystemExit(7)"]
    assert main(["between-citizens", "--state", str(tmp_path), *words]) == 7


def test_a_pause_has_one_owner_and_ends_with_it(held: Held) -> None:
    """Another command is told so; whose connection breaks holds nothing any more."""
    one, other = connect(held.directory), connect(held.directory)
    one.call("pause")
    with pytest.raises(Refused):
        other.call("pause")
    with pytest.raises(Refused):
        other.call("quiet")
    one.close()
    until(lambda: held.pause.out() is None)
    other.call("pause")
    other.close()


def test_a_visit_whose_end_was_never_written_is_forgotten(held: Held) -> None:
    """Power was cut in the middle of it: it does not stand in the way for ever."""
    now = [0.0]
    pause = Pause(lambda: None, lambda: 0, lambda: now[0])
    pause.heard("visit_began", {"visit": "v1"})
    assert not pause._nobody()
    now[0] = 3600.0
    assert pause._nobody()
    pause.heard("visit_began", {"visit": "v2"})
    assert list(pause._served) == ["v2"]


def test_an_agent_that_ends_meanwhile_lets_nobody_be_cut_off(held: Held, tmp_path: Path) -> None:
    """Sessions outlive it: the next one is asked for the pause, and its word counts."""
    done = tmp_path / "done"
    held.pause.heard("visit_began", {"visit": "v1"})
    touch = f"import pathlib; pathlib.Path({str(done)!r}).touch()"
    statuses: list[int] = []
    thread = threading.Thread(
        target=lambda: statuses.append(_command(tmp_path, sys.executable, "-c", touch))
    )
    thread.start()
    until(lambda: held.pause.out() is not None)
    held.server.close()
    after = Held(tmp_path)
    after.pause.heard("visit_began", {"visit": "v1"})
    after.server.start()
    until(lambda: after.pause.out() is not None)
    assert not done.exists()
    after.pause.heard("visit_ended", {"visit": "v1", "how": "finished"})
    thread.join(30)
    after.server.close()
    assert statuses == [0]
    assert done.exists()


def test_an_agent_that_stays_away_is_not_taken_for_nobody(held: Held, tmp_path: Path) -> None:
    """It said that somebody is served; after that only another agent can say otherwise."""
    held.relays = 1
    statuses: list[int] = []
    thread = threading.Thread(target=lambda: statuses.append(_command(tmp_path, "true", wait=1)))
    thread.start()
    until(lambda: held.pause.out() is not None)
    held.server.close()
    thread.join(30)
    assert statuses == [75]


def test_who_was_served_is_read_from_the_log(tmp_path: Path) -> None:
    """A new agent knows the visit that its predecessor heard begin, and the one that ended."""
    audit = AuditLog(tmp_path / "audit.log")
    for event, visit in (("began", "v1"), ("began", "v2"), ("ended", "v1")):
        how = {"how": "finished"} if event == "ended" else {}
        audit.append(Event(f"visit_{event}"), visit=visit, **how)
    audit.close()
    now = [100.0]
    pause = Pause(lambda: None, lambda: 0, lambda: now[0])
    pause.remember(tmp_path)
    assert not pause._nobody()
    pause.heard("visit_ended", {"visit": "v2"})
    assert pause._nobody()
    (tmp_path / "audit.log").write_text("{\n")
    pause.remember(tmp_path)
    assert not pause._nobody(), "what can't be read may be somebody"
    now[0] += 3600
    assert pause._nobody()


def test_an_agent_that_never_answers_serves_nobody(
    held: Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at once: it may be in the middle of a restart."""
    held.server.close()
    monkeypatch.setattr(between_citizens, "ABSENT_S", 0.4)
    began = time.monotonic()
    assert _command(tmp_path, "true", wait=0) == 0
    assert time.monotonic() - began >= 0.4


def test_without_an_agent_nobody_is_waited_for(tmp_path: Path) -> None:
    """A terminal that is not up serves nobody."""
    assert _command(tmp_path, "true") == 0


def test_an_agent_that_knows_no_pause_is_waited_for_by_its_log(tmp_path: Path) -> None:
    """An upgrade from such a version waits for whoever is served, and not for all the time."""
    directory = (tmp_path / FILE).parent
    secret = new_secret(directory, tmp_path / "agent.sock")
    (tmp_path / "audit").mkdir()
    log = AuditLog(tmp_path / "audit" / "audit.log")
    log.append(Event.VISIT_BEGAN, visit="v1")
    server = Server(tmp_path / "agent.sock", Secrets(roles={ROLE: secret}), {})
    server.start()
    try:
        assert _command(tmp_path, "false", wait=1.0) == between_citizens.STILL_SERVED
        log.append(Event.VISIT_ENDED, visit="v1", how="finished")
        assert _command(tmp_path, "true", wait=30.0) == 0
    finally:
        server.close()
