"""What terminal and centre say to each other: no room for a citizen's data, no foreign command."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kiosk.status import Reported, StateError, topics
from kiosk.status.command import (
    EMERGENCY,
    Command,
    CommandKey,
    CommandRefused,
    Kind,
    key_id,
    read,
    sign,
)
from kiosk.status.state import Day, Device, Machine, Outbox, Service, Update, Versions

NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
KEY, OTHER, SIREN = (Ed25519PrivateKey.generate() for _ in range(3))
KEYS = {
    key_id(KEY.public_key()): CommandKey(
        public=KEY.public_key().public_bytes_raw(), kinds=frozenset(Kind)
    ),
    key_id(SIREN.public_key()): CommandKey(
        public=SIREN.public_key().public_bytes_raw(), kinds=EMERGENCY
    ),
}
NAMES = frozenset({"XX-0003", "@canary", "@all"})
STATE = Reported(
    terminal="XX-0003",
    sequence=7,
    at="2026-11-03T02:00:00Z",
    service=Service.FREE,
    faults=("receipt_printer.low",),
    versions=Versions(software="1.4.0", release="2026.11.3", catalogue="2026.11.3"),
    update=Update(wanted="2026.11.4", step="trial"),
    devices=(Device(device="receipt-printer", word="online", paper="low"),),
    outbox=Outbox(waiting=2, oldest_s=40),
    day=Day(visits=41, submitted=30, ratings=(0, 0, 1, 2, 20)),
    machine=Machine(disk_free_mb=9000, degrees=51, clock_ahead_ms=-20),
)


def command(**changes: object) -> Command:
    """Return a command as an operator gives it, but for ``changes``."""
    own: dict[str, object] = {
        "id": "c-00000001",
        "to": "XX-0003",
        "kind": Kind.OUT_OF_SERVICE,
        "argument": "设备检修，请到 2 号窗口",
        "by": "0021",
        "issued_at": NOW,
        "expires_at": NOW + timedelta(hours=1),
    }
    return Command.model_validate({**own, **changes})


def why(data: bytes, at: datetime = NOW) -> str:
    """Return why a command is refused, or nothing."""
    try:
        read(data, KEYS, names=NAMES, now=at)
    except CommandRefused as refused:
        return refused.why
    return ""


def test_a_state_comes_back_as_it_was() -> None:
    """What is parsed is what was sent, and it is short."""
    data = STATE.to_bytes()
    assert Reported.parse(data) == STATE
    assert len(data) < 1000


@pytest.mark.parametrize("secret", ["张三", "400101199001010016", "13800000000", "zhang san"])
def test_no_text_of_a_state_holds_a_person(secret: str) -> None:
    """Put a name, an identity number or a telephone number into any text: it is refused."""
    refused = 0
    for path in _texts(json.loads(STATE.to_bytes()), ()):
        changed = json.loads(STATE.to_bytes())
        *way, last = path
        place = changed
        for step in way:
            place = place[step]
        place[last] = secret
        with pytest.raises(StateError):
            Reported.parse(json.dumps(changed).encode())
        refused += 1
    assert refused >= 11


def _texts(value: object, way: tuple[object, ...]) -> list[tuple[object, ...]]:
    if isinstance(value, dict):
        return [one for key, own in value.items() for one in _texts(own, (*way, key))]
    if isinstance(value, list):
        return [one for number, own in enumerate(value) for one in _texts(own, (*way, number))]
    return [way] if isinstance(value, str) else []


def test_a_state_with_more_than_belongs_there_is_none() -> None:
    """A key nobody knows, a number out of range, 17 kB."""
    own = json.loads(STATE.to_bytes())
    for changed in ({**own, "citizen": "x"}, {**own, "sequence": -1}, {**own, "faults": ["X"]}):
        with pytest.raises(StateError):
            Reported.parse(json.dumps(changed).encode())
    with pytest.raises(StateError, match="bytes"):
        Reported.parse(STATE.to_bytes() + b" " * 17_000)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_state_or_refused(data: bytes) -> None:
    """Nothing else is raised, and no value is in the message."""
    with pytest.raises(StateError):
        Reported.parse(data)


def test_a_command_of_the_centre_is_done() -> None:
    """To the terminal itself, and to a group it is in."""
    assert why(sign(command(), KEY)) == ""
    assert why(sign(command(to="@canary"), KEY)) == ""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"to": "XX-0004"}, "other_terminal"),
        ({"to": "@ring-2"}, "other_terminal"),
        ({"expires_at": NOW - timedelta(seconds=1)}, "expired"),
        ({"expires_at": NOW + timedelta(days=8)}, "too_long"),
        (
            {"issued_at": NOW + timedelta(hours=2), "expires_at": NOW + timedelta(hours=3)},
            "too_early",
        ),
    ],
)
def test_a_command_for_another_place_or_time_is_refused(
    changes: dict[str, object], expected: str
) -> None:
    """Signed by the right key, and still not done."""
    assert why(sign(command(**changes), KEY)) == expected


def test_a_strangers_command_is_refused() -> None:
    """A key nobody gave us; our key's name over another's signature; one byte changed."""
    assert why(sign(command(), OTHER)) == "unknown_key"
    letter = json.loads(sign(command(), OTHER))
    letter["key"] = key_id(KEY.public_key())
    assert why(json.dumps(letter).encode()) == "bad_signature"
    letter = json.loads(sign(command(), KEY))
    letter["body"] = letter["body"].replace("XX-0003", "XX-0009")
    assert why(json.dumps(letter).encode()) == "bad_signature"


def test_the_emergency_key_takes_out_of_service_and_nothing_else() -> None:
    """Whoever has it can stop terminals, not open them."""
    assert why(sign(command(), SIREN)) == ""
    for kind in set(Kind) - EMERGENCY:
        assert why(sign(command(kind=kind, argument=""), SIREN)) == "not_allowed"


@given(
    st.binary(max_size=400)
    | st.recursive(st.none() | st.text(), st.lists).map(lambda value: json.dumps(value).encode())
)
def test_any_bytes_are_refused_with_a_word(data: bytes) -> None:
    """A broker that was taken over can send what it likes."""
    assert why(data) in {"malformed", "unknown_key"}


def test_what_citizens_read_is_one_printable_line() -> None:
    """No control bytes, at most 60 characters."""
    for text in ("a\nb", "\x1b[2J", "长" * 61):
        with pytest.raises(ValidationError):
            command(argument=text)


@pytest.mark.parametrize("name", ["", "#", "+", "a/b", "a b", "终端", "@x"])
def test_a_name_with_a_wildcard_is_no_name(name: str) -> None:
    """Nobody makes a topic that means several."""
    with pytest.raises(ValueError, match="no name"):
        topics.reported(name)


def test_a_topic_is_read_back() -> None:
    """Kind and name; a foreign topic is none."""
    assert topics.parts(topics.group_command("canary")) == ("order", "canary")
    assert topics.parts("$SYS/broker/uptime") == ("", "")
