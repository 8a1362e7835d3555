"""Signed heads: who is believed, when they are made, what waits, and what a log is held against."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.agent.reporting import heads as made
from kiosk.agent.reporting.heads import Heads, Proofs
from kiosk.audit import AuditLog, Event
from kiosk.audit.signed_head import (
    HeadRefused,
    Letter,
    SignedHead,
    believed,
    instant,
    received,
    sign,
)
from kiosk.crypto.certificates import Authority

OURS = Authority.create("terminals")
TRUSTED = (OURS.certificate,)
LEAF = OURS.client("T-0001")
NOW = datetime.now(UTC)


def head(**changes: Any) -> SignedHead:
    """Return a head of a terminal."""
    own: dict[str, Any] = {
        "terminal": "T-0001",
        "sequence": 9,
        "digest": "9" * 64,
        "first": 1,
        "origin": "1" * 64,
        "at": instant(NOW),
        "run_s": 60,
    }
    return SignedHead(**{**own, **changes})


def letter(own: SignedHead | None = None) -> Letter:
    """Return a head signed by its terminal."""
    return sign(own or head(), LEAF.key, LEAF.certificate)


def test_a_head_is_believed_by_the_terminals_certificate() -> None:
    """What was signed comes out again, with the clock of the moment in which it was sent."""
    found = received(letter().to_bytes(NOW), TRUSTED, NOW)
    assert found.head == head()
    assert found.sent == NOW.replace(microsecond=0)


def _other_body() -> Letter:
    return replace(letter(), body=letter().body.replace("9999", "8888", 1))


def _foreign() -> Letter:
    leaf = Authority.create("terminals").client("T-0001")
    return sign(head(), leaf.key, leaf.certificate)


def _anothers_certificate() -> Letter:
    return replace(letter(), certificate=OURS.client("T-0001").certificate.decode())


def _server() -> Letter:
    return replace(letter(), certificate="-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----")


def _thirteenth_month() -> Letter:
    return letter(head(at="2026-13-01T00:00:00Z"))


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (_other_body, "bad_signature"),
        (_foreign, "untrusted"),
        (_anothers_certificate, "bad_signature"),
        (_server, "malformed"),
        (_thirteenth_month, "malformed"),
        (lambda: letter(head(terminal="T-0002")), "other_terminal"),
    ],
)
def test_what_is_not_believed(bad: Any, why: str) -> None:
    """Another body, authority, key or name; a certificate or a time that is none."""
    with pytest.raises(HeadRefused) as refused:
        believed(bad(), TRUSTED, NOW)
    assert refused.value.why == why


def test_a_head_has_no_place_for_more() -> None:
    """Neither a field nor a text that is no digest."""
    body = {**head().model_dump(mode="json", exclude_none=True), "name": "x"}
    wrong: tuple[object, ...] = (body, {**body, "digest": "x" * 64}, [])
    for own in wrong:
        with pytest.raises(ValueError, match="validation error"):
            SignedHead.model_validate_json(json.dumps(own))
    for data in (b"", b"[]", b"{}", b"[" * 9000, b'{"body": 1}'):
        with pytest.raises(HeadRefused, match="malformed"):
            received(data, TRUSTED, NOW)


def test_a_certificate_that_ended_is_good_for_heads_of_its_time() -> None:
    """A head waited for a broker longer than its certificate lasted."""
    after = NOW + timedelta(days=400)
    assert believed(letter(), TRUSTED, after).head == head()
    with pytest.raises(HeadRefused, match="untrusted"):
        believed(letter(head(at=instant(after))), TRUSTED, after + timedelta(days=1))


class Sent:
    """A message that the broker takes when it is told to."""

    def __init__(self) -> None:
        self.there = False

    def is_published(self) -> bool:
        """Say whether it is there."""
        return self.there


class Terminal:
    """A log, a clock and a broker."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.log = AuditLog(place / "audit" / "audit.log")
        self.now = 0.0
        self.sent: list[tuple[bytes, Sent]] = []
        self.events: list[str] = []

    def heads(self) -> Heads:
        """Begin, as the agent does."""
        proofs = Proofs(
            terminal="T-0001",
            directory=self.place / "audit",
            head=lambda: self.log.head,
            key=lambda: (LEAF.key, LEAF.certificate),
            note=lambda event, **_fields: self.events.append(event.value),
        )
        return Heads(self.place / "heads.json", proofs, self._post, clock=lambda: self.now)

    def happen(self, count: int = 1) -> None:
        """Let something happen."""
        for _ in range(count):
            self.log.append(Event("agent_started"), entries=0)

    def told(self) -> list[SignedHead]:
        """Return what was sent, in order."""
        return [received(data, TRUSTED, datetime.now(UTC)).head for data, _ in self.sent]

    def _post(self, data: bytes) -> Sent:
        own = Sent()
        self.sent.append((data, own))
        return own


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A terminal on whose log something stands."""
    own = Terminal(tmp_path)
    own.happen(3)
    return own


def test_heads_are_signed_by_the_clock_and_not_by_events(terminal: Terminal) -> None:
    """At the start, an hour later, when the line came back, and at the stop."""
    own = terminal.heads()
    for now in (0, 5, 10, 3599):
        terminal.now = now
        terminal.happen()
        own.do(connected=True)
    assert [one.sequence for one in terminal.told()] == [4]
    terminal.now = 3600
    own.do(connected=True)
    terminal.now = 3700
    own.do(connected=False)
    own.do(connected=True)
    terminal.happen()
    own.stop()
    assert [one.sequence for one in terminal.told()[1:]] == [7, 4, 7, 7, 8]
    assert [one.run_s for one in terminal.told()][-1] == 3700


def test_a_new_day_of_the_hall_is_a_reason(terminal: Terminal) -> None:
    """The last line of each day is known, however much happens in the next hour."""
    own = terminal.heads()
    own.do(connected=True)
    own._day -= timedelta(days=1)
    terminal.now = made.APART_S
    own.do(connected=True)
    terminal.now += made.APART_S
    own.do(connected=True)
    signed = {(one.sequence, one.run_s) for one in terminal.told()}
    assert signed == {(3, 0), (3, int(made.APART_S))}


def test_each_head_says_what_the_log_has_now_of_the_one_before(terminal: Terminal) -> None:
    """Its number and hash, read from the disk."""
    own = terminal.heads()
    own.do(connected=True)
    terminal.happen(2)
    terminal.now = 3600
    own.do(connected=True)
    first, second = terminal.told()
    assert first.before is None
    assert second.before is not None
    assert (second.before.sequence, second.before.digest) == (first.sequence, first.digest)
    assert (second.first, second.origin) == (1, first.origin)


def test_days_without_a_broker_do_not_grow(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restart loses none; the last of each day stays; then all are sent, and forgotten."""
    monkeypatch.setattr(made, "MOST", 20)
    own = terminal.heads()
    for hour in range(50):
        terminal.now = hour * 3600
        terminal.happen()
        own.do(connected=False)
    assert own.waiting <= made.RECENT + 2
    size = (terminal.place / "heads.json").stat().st_size
    assert size < 20 * 2500
    again = terminal.heads()
    assert again.waiting == own.waiting
    terminal.now += 60
    again.do(connected=True)
    assert terminal.told()[-1].sequence == terminal.log.head.sequence
    for _, sent in terminal.sent:
        sent.there = True
    again.do(connected=True)
    assert again.waiting == 0
    assert json.loads((terminal.place / "heads.json").read_text())["waits"] == []


def test_a_log_that_does_not_follow_is_noticed_at_the_start(terminal: Terminal) -> None:
    """It was cut while the agent was down; with its own log back nothing is said."""
    own = terminal.heads()
    own.do(connected=False)
    terminal.heads()
    assert terminal.events == []
    path = terminal.place / "audit" / "audit.log"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]))
    terminal.heads()
    assert terminal.events == ["audit_not_followed"]


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"last": 1, "waits": []}', b"\xff"])
def test_a_damaged_file_of_heads_stops_nothing(terminal: Terminal, damage: bytes) -> None:
    """The next head tells the same."""
    (terminal.place / "heads.json").write_bytes(damage)
    own = terminal.heads()
    own.do(connected=True)
    assert len(terminal.told()) == 1


def test_a_log_that_cannot_be_read_is_tried_again_soon(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within a minute, not in an hour."""
    own = terminal.heads()

    def broken(_directory: Path) -> None:
        raise OSError("io")

    with monkeypatch.context() as disk:
        disk.setattr(made, "beginning", broken)
        own.do(connected=True)
    assert terminal.sent == []
    terminal.now = made.APART_S
    own.do(connected=True)
    assert len(terminal.sent) == 1


def test_heads_wait_in_the_order_in_which_they_were_signed() -> None:
    """No broker for a day, and a clock that falls back to 2000 and is set the same day.

    Another order would have the centre say that the log was cut.
    """
    days = (NOW.replace(hour=1), datetime(2000, 1, 1, 1, tzinfo=UTC), NOW.replace(hour=3))
    waiting: list[made._Waiting] = []
    for sequence in range(1, 34):
        at = days[(sequence - 1) // 11] + timedelta(minutes=sequence)
        own = made._Waiting(letter=letter(head(sequence=sequence)), at=at)
        waiting = made.thinned([*waiting, own])
    told = [json.loads(one.letter.body)["sequence"] for one in waiting]
    assert told == sorted(told)
    assert told[:2] == [22, 25]
