"""What maintenance mode may ask of the agent: nothing before the PIN, each role its own."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk.agent.maintenance import MaintenanceDesk, Upkeep
from kiosk.agent.service import Out, Service, ServiceError
from kiosk.agent.sign_in import Gate
from kiosk.channel import Client, Refused, Secrets, Server
from kiosk.maintenance.keeping import Keeping
from kiosk.maintenance.opening_check import Result, Step
from kiosk.maintenance.staff import Person, Role, Staff, card_hash, hash_pin
from kiosk.outbox import Entry, Outbox, OutboxFull
from kiosk.outbox.report import FILE
from tests.faults.parcels import parcel
from tests.waiting import until

PIN = "739205"
NUMBER = "400101198001011231"
SECRETS = Secrets.generate(["maintenance"])


class Terminal:
    """An agent's desk on a socket of its own."""

    def __init__(self, place: Path, role: Role, **upkeep: Any) -> None:
        self.state, self.noted = place, []
        self.stick = place / "stick"
        self.keeping = Keeping(place)
        self.keeping.make()
        person = Person(
            work_no="0317",
            role=role,
            card=card_hash(self.keeping.key(), NUMBER),
            pin=hash_pin(PIN),
            sites=("T-*",),
            until=date(2099, 1, 1),
        )
        self.keeping.keep_staff(Staff().put(person))
        self.renewed = 0
        self.service = Service(self.keeping, self._note, self._renew)
        gate = Gate(keeping=self.keeping, terminal="T-0020", note=self._note)
        self.outbox = Outbox(place / FILE)
        self.ran = place / "ran"
        own = Upkeep(
            state=place,
            stick=self.stick,
            stick_folder=True,
            shut_down=("touch", str(self.ran)),
            **upkeep,
        )
        desk = MaintenanceDesk(own, gate, self.service, self.outbox, self._note)
        self.server = Server(place / "s", SECRETS, desk.operations(), on_leave=desk.left)
        self.server.start()

    def client(self) -> Client:
        """Return a fresh maintenance session."""
        return Client(self.state / "s", "maintenance", SECRETS.roles["maintenance"], timeout=30)

    def signed_in(self) -> Client:
        """Return one whose PIN was right."""
        own = self.client()
        key = bytes.fromhex(str(own.call("begin", how="hold")["key"]))
        own.call("card", card=card_hash(key, NUMBER))
        own.call("pin", pin=PIN)
        return own

    def events(self) -> list[str]:
        """Return what was noted, by name."""
        return [name for name, _ in self.noted]

    def close(self) -> None:
        """End everything."""
        self.server.close()
        self.outbox.close()

    def _note(self, event: object, **fields: object) -> None:
        self.noted.append((event.value, fields))  # type: ignore[attr-defined]

    def _renew(self) -> None:
        self.renewed += 1


@pytest.fixture
def clerk(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal with one clerk."""
    own = Terminal(tmp_path, Role.CLERK)
    yield own
    own.close()


@pytest.fixture
def engineer(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal with one engineer."""
    own = Terminal(tmp_path, Role.ENGINEER)
    yield own
    own.close()


@pytest.mark.parametrize("op", ["look", "examine", "retry", "export", "bundle", "check_began"])
def test_nothing_before_the_pin(clerk: Terminal, op: str) -> None:
    """Neither without a card nor with one alone."""
    with clerk.client() as own:
        with pytest.raises(Refused, match="not_allowed"):
            own.call(op)
        key = bytes.fromhex(str(own.call("begin", how="hold")["key"]))
        own.call("card", card=card_hash(key, NUMBER))
        with pytest.raises(Refused, match="not_allowed"):
            own.call(op)


def test_a_connection_that_breaks_ends_what_it_had(clerk: Terminal) -> None:
    """The session was killed: nobody is signed in any more, and the log says so."""
    clerk.signed_in().close()
    until(lambda: ("maintenance_closed", {"how": "lost", "person": "0317"}) in clerk.noted)
    with clerk.client() as own, pytest.raises(Refused, match="not_allowed"):
        own.call("look")


def test_a_clerk_takes_nothing_away(clerk: Terminal) -> None:
    """What is stored leaves the terminal with the engineer alone."""
    with clerk.signed_in() as own:
        for op in ("export", "bundle"):
            with pytest.raises(Refused, match="not_allowed"):
                own.call(op)
        with pytest.raises(Refused, match="bad_request"):
            own.call("audit", event="submission_delivered", fields={})


def test_out_of_service_is_kept_and_renews_the_screen(clerk: Terminal) -> None:
    """It survives a restart; strange words are refused; the log has who and why."""
    with clerk.signed_in() as own:
        own.call("serve", out=True, reason="paper", until="hour")
        assert Service(Keeping(clerk.state), print, print).out == Out(reason="paper", until="hour")
        with pytest.raises(Refused, match="unusable"):
            own.call("serve", out=True, reason="../x", until="")
        own.call("serve", out=False)
    assert clerk.service.out is None
    assert clerk.renewed == 2
    stopped = {"person": "0317", "reason": "paper"}
    assert ("service_stopped", stopped) in clerk.noted
    with pytest.raises(ServiceError):
        clerk.service.stop(Out(reason="own", words="\x1b[2J"), "uid-0")


@pytest.mark.parametrize("damage", [b"", b'{"reason": "pap', b"[]", b'{"reason": 5}'])
def test_a_damaged_word_on_service_counts_as_out(clerk: Terminal, damage: bytes) -> None:
    """It may have said "out": nobody is served until staff say so; the log has it once."""
    clerk.keeping.keep("service.json", {})
    assert clerk.service.out is None
    (clerk.keeping.folder / "service.json").write_bytes(damage)
    assert clerk.service.out == clerk.service.out == Out(reason="maintenance")
    assert clerk.events().count("service_unreadable") == 1
    with clerk.signed_in() as own:
        own.call("serve", out=False)
    assert clerk.service.out is None
    assert "service_resumed" in clerk.events()


def test_a_number_that_may_be_in_a_file_set_aside_is_not_unknown(clerk: Terminal) -> None:
    """Until the file was taken to the centre; and the clerk is told what to do."""
    own = clerk.signed_in()
    assert own.call("find", local_no="L79AB")["state"] == "none"
    aside = clerk.state / FILE.with_name(f"{FILE.name}.damaged-1")
    aside.write_bytes(b"what is left")
    assert own.call("find", local_no="L79AB")["state"] == "set_aside"
    assert clerk.noted[-1] == ("slip_looked_up", {"person": "0317", "found": "set_aside"})
    own.close()


def test_the_opening_check_is_kept_with_date_and_work_number(clerk: Terminal) -> None:
    """Every step is told; half a record is refused."""
    results = dict.fromkeys((step.value for step in Step), Result.PASSED.value)
    with clerk.signed_in() as own:
        own.call("check_began")
        own.call("check_ended", check={"results": results, "seconds": 61})
        with pytest.raises(Refused, match="bad_request"):
            own.call("check_ended", check={"results": {"card": "passed"}, "seconds": 1})
        own.call("check_ended", check={"results": results, "seconds": 61, "ago": {"card": 9}})
        checked = own.call("look")["checked"]
        assert checked["by"] == "0317"  # type: ignore[index]
        assert list(checked["passed_at"]) == ["card"]  # type: ignore[index]
        assert checked["passed_by"] == {"card": "0317"}  # type: ignore[index]
    ended = dict(clerk.noted)["opening_check_ended"]
    counts = {"passed": 9, "failed": 0, "skipped": 0, "unfinished": 0, "seconds": 61}
    assert ended == {"person": "0317", **counts}


def test_shutting_down_runs_the_systems_command(clerk: Terminal) -> None:
    """Noted before it is done; what the machine has no command for is refused."""
    with clerk.signed_in() as own:
        with pytest.raises(Refused, match="not_here"):
            own.call("order", what="restart")
        own.call("order", what="shut_down")
        assert clerk.events()[-1] == "machine_ordered"
        until(clerk.ran.exists)


def test_the_bundle_is_whole_or_not_there(engineer: Terminal) -> None:
    """Without a stick it is told; with one there is a file that holds what it names."""
    with engineer.signed_in() as own:
        with pytest.raises(Refused, match="no_stick"):
            own.call("bundle")
        engineer.stick.mkdir()
        told = own.call("bundle")
    path = engineer.stick / str(told["file"])
    assert path.stat().st_size == told["bytes"]
    assert os.listdir(engineer.stick) == [path.name]
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        whole = b"".join(map(archive.read, archive.namelist()))
        json.loads(archive.read("outbox.json"))
        found = json.loads(archive.read("doctor.json"))["findings"]
    assert not {"touch", "display"} & {one["check"] for one in found}, "the agent sees no glass"
    assert NUMBER.encode() not in whole
    assert engineer.keeping.key().hex().encode() not in whole


def test_sending_again_leaves_what_was_stopped_and_counts_what_failed(
    clerk: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The centre's stop is not undone by a clerk; a full disk in the middle is a number."""
    for number in (1, 2, 3):
        clerk.outbox.put(parcel(number))
    held, broken, _ = clerk.outbox.owed()
    clerk.outbox.stop(held, "centre")
    release = clerk.outbox.release

    def fails(entry: Entry) -> None:
        if entry.row == broken.row:
            raise OutboxFull("disk")
        release(entry)

    monkeypatch.setattr(clerk.outbox, "release", fails)
    with clerk.signed_in() as own:
        said = own.call("retry")
    assert [said[name] for name in ("done", "stopped", "failed")] == [1, 1, 1]
    assert [one.held for one in clerk.outbox.waiting()] == ["centre", None, None]
