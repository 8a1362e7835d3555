"""Who gets in: guessing is slow, a code serves once, nobody learns what was wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import Engine, update

from fleet import journal
from fleet.orders import CommandDesk, Wanted, command_key
from fleet.orders.desk import NotGiven
from fleet.people import Refused, Right, Role, SigningIn, may
from fleet.people.signing_in import CAP, FREE, IDLE, add
from fleet.store import open_store
from fleet.store.model import Entry, Person
from kiosk.status.command import Done, Kind
from tests.fleet_databases import engine, postgres_url, url

__all__ = ["engine", "postgres_url", "url"]
NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Engine]:
    """The tables on SQLite: a door has no statement that databases see differently."""
    own = open_store(f"sqlite:///{tmp_path}/fleet.db").execution_options(writes=True)
    yield own
    own.dispose()


@pytest.fixture
def secret(desk: Engine) -> str:
    """A releaser's second factor."""
    return add(desk, "0021", Role.RELEASER, PASSWORD, must_change=False)


def code(secret: str, at: datetime = NOW) -> str:
    """Return the code of a moment."""
    return pyotp.TOTP(secret).at(at)


def test_password_and_code_let_in(desk: Engine, secret: str) -> None:
    """A browser is known by its token until it is idle, or the day is over."""
    door = SigningIn(desk)
    token = door.enter("0021", PASSWORD, code(secret), NOW)
    who = door.who(token, NOW)
    assert who is not None
    assert (who.work_no, who.role) == ("0021", Role.RELEASER)
    assert door.who(token + "x", NOW) is None
    assert door.who(token, NOW + IDLE - timedelta(seconds=1)) is not None
    assert door.who(token, NOW + 2 * IDLE) is None


def test_a_signed_in_browser_ends_after_the_cap(desk: Engine, secret: str) -> None:
    """However busy it is."""
    door = SigningIn(desk)
    token = door.enter("0021", PASSWORD, code(secret), NOW)
    at = NOW
    while at - NOW <= CAP:
        assert door.who(token, at) is not None
        at += IDLE / 2
    assert door.who(token, at) is None


@pytest.mark.parametrize("wrong", ["person", "password", "code", "used"])
def test_what_was_wrong_is_not_told(desk: Engine, secret: str, wrong: str) -> None:
    """An unknown person, a wrong password, a wrong code, a code that was used."""
    door = SigningIn(desk)
    right = code(secret)
    if wrong == "used":
        door.enter("0021", PASSWORD, right, NOW)
    person = "0022" if wrong == "person" else "0021"
    password = "x" * 20 if wrong == "password" else PASSWORD
    given = "000000" if wrong == "code" else right
    with pytest.raises(Refused) as refused:
        door.enter(person, password, given, NOW)
    assert str(refused.value) == ""


def test_guessing_takes_ever_longer(desk: Engine, secret: str) -> None:
    """Even the right password is refused meanwhile; at the end it lets in and all is forgotten."""
    door = SigningIn(desk)
    for _ in range(FREE):
        with pytest.raises(Refused):
            door.enter("0021", "wrong password!", code(secret), NOW)
    with pytest.raises(Refused):
        door.enter("0021", PASSWORD, code(secret), NOW + timedelta(seconds=14))
    later = NOW + timedelta(seconds=16)
    with pytest.raises(Refused):
        door.enter("0021", "wrong password!", code(secret, later), later)
    with pytest.raises(Refused):
        door.enter("0021", PASSWORD, code(secret, later), later + timedelta(seconds=29))
    last = later + timedelta(seconds=31)
    token = door.enter("0021", PASSWORD, code(secret, last), last)
    assert door.who(token, last) is not None


def test_a_day_of_guessing_is_a_hundred_tries(desk: Engine, secret: str) -> None:
    """However many ask at once: a pause is at most a quarter of an hour, and each counts."""
    del secret
    door = SigningIn(desk)
    judged, at = 0, NOW
    while at < NOW + timedelta(days=1):
        person = door._counted("0021", at)
        judged += person is not None
        at += timedelta(minutes=5)
    assert judged <= 110


def test_refused_tries_and_leaving_stand_in_the_journal(desk: Engine, secret: str) -> None:
    """Each that counts; of the others one a minute; never what somebody typed as a number."""
    door = SigningIn(desk)
    for wrong in ("x", "y"):
        with pytest.raises(Refused):
            door.enter("0021", wrong, code(secret), NOW)
    with pytest.raises(Refused):
        door.enter("0021", PASSWORD, "000000", NOW)
    door.leave(door.enter("0021", PASSWORD, code(secret), NOW))
    door.leave("no token of anybody")
    for second in (*range(4), 60):
        with pytest.raises(Refused):
            door.enter(f"{PASSWORD}{second}", "x", "1", NOW + timedelta(seconds=second))
    told = [(one.action, one.subject, one.detail) for one in reversed(journal.newest(desk, 9))]
    assert told[1:] == [
        ("sign_in_refused", "0021", "1"),
        ("sign_in_refused", "0021", "2"),
        ("sign_in_refused", "0021", "3"),
        ("signed_in", "0021", ""),
        ("signed_out", "0021", ""),
        ("sign_in_refused", "-", "1"),
        ("sign_in_refused", "-", "4"),
    ]


def test_a_disabled_person_is_out_at_once(desk: Engine, secret: str) -> None:
    """Also a browser that is signed in."""
    door = SigningIn(desk)
    token = door.enter("0021", PASSWORD, code(secret), NOW)
    with desk.begin() as connection:
        connection.execute(update(Person).values(disabled=True))
    assert door.who(token, NOW) is None
    later = NOW + timedelta(minutes=1)
    with pytest.raises(Refused):
        door.enter("0021", PASSWORD, code(secret, later), later)


def test_a_new_password_signs_out_every_browser(desk: Engine, secret: str) -> None:
    """The old one must be right and the new one strong."""
    door = SigningIn(desk)
    token = door.enter("0021", PASSWORD, code(secret), NOW)
    assert not door.change_password("0021", "wrong", "another good password")
    assert not door.change_password("0021", PASSWORD, "123456789012345")
    assert door.change_password("0021", PASSWORD, "another good password")
    assert door.who(token, NOW) is None


def test_nobody_approves_what_they_may_begin() -> None:
    """Two persons by their roles, whatever the pages do."""
    assert not [role for role in Role if may(role, Right.RELEASE) and may(role, Right.APPROVE)]
    assert not may(Role.VIEWER, Right.COMMAND)


def test_a_command_is_kept_sent_and_answered(engine: Engine, tmp_path: Path) -> None:
    """Nothing is given that the journal does not tell; a bus that is away refuses."""
    sent: list[tuple[str, int]] = []
    there = True

    def send(recipient: str, data: bytes, seconds: int) -> bool:
        assert data
        sent.append((recipient, seconds))
        return there

    desk = CommandDesk(engine, command_key(tmp_path / "keys"), send)
    wanted = Wanted(recipient="T-1", kind=Kind.OUT_OF_SERVICE, argument="检修中", by="0021")
    name = desk.give(wanted)
    desk.answered(Done(id=name, terminal="T-1", outcome="done"))
    desk.answered(Done(id=name, terminal="T-1", outcome="done"))
    desk.answered(Done(id="unknown-1234", terminal="T-1", outcome="done"))
    assert [one.outcome for one in desk.answers([name])] == ["done"]
    there = False
    with pytest.raises(NotGiven):
        desk.give(wanted)
    with pytest.raises(NotGiven):
        desk.give(Wanted(recipient="T-1", kind=Kind.OUT_OF_SERVICE, argument="a\nb", by="0021"))
    assert [one.id for one in desk.newest(["T-1"], 10)] == [name]
    assert sent == [("T-1", 3600), ("T-1", 3600)]
    told = [one.action for one in journal.newest(engine, 10)]
    assert told == ["command_not_sent", "command_given", "command_given"]


@pytest.mark.parametrize("harm", ["change", "take", "swap"])
def test_the_journal_shows_what_was_changed(engine: Engine, harm: str) -> None:
    """A changed entry, one that was taken, two that changed places."""
    with engine.begin() as connection:
        for number in range(4):
            journal.append(connection, "0021", "signed_in", f"browser {number}", at=NOW)
    assert journal.verify(engine)[0] == 4
    with engine.begin() as connection:
        if harm == "change":
            connection.execute(update(Entry).where(Entry.sequence == 2).values(person="0022"))
        elif harm == "take":
            connection.exec_driver_sql("DELETE FROM entry WHERE sequence = 2")
        else:
            for old, new in ((2, 99), (3, 2), (99, 3)):
                connection.execute(update(Entry).where(Entry.sequence == old).values(sequence=new))
    with pytest.raises(journal.JournalBroken, match="entry 2"):
        journal.verify(engine)
