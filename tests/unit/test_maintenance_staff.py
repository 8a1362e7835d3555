"""Who may open maintenance mode: cards, PINs, codes, and never more than fifteen guesses."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.agent import sign_in
from kiosk.agent.sign_in import Gate, Refused, SignIn
from kiosk.cli import main
from kiosk.maintenance import codes, staff
from kiosk.maintenance.attempts import ALL, FREE, MOST, Counts, Waits, wait
from kiosk.maintenance.keeping import Keeping
from kiosk.maintenance.staff import Person, Refusal, Right, Role, Staff, StaffError, card_hash

KEY = b"k" * 32
NUMBER = "400101198001011231"
PIN = "739205"
TERMINAL = "410700-0020"
NOON = 1_800_000_000.0


@pytest.fixture(scope="module")
def hashed() -> str:
    """The PIN's hash, made once: it is slow on purpose."""
    return staff.hash_pin(PIN)


def _person(hashed: str, **other: object) -> Person:
    own = Person(
        work_no="1032",
        role=Role.CLERK,
        card=card_hash(KEY, NUMBER),
        pin=hashed,
        sites=("410700-*",),
        until=date(2099, 1, 1),
    )
    return replace(own, **other)  # type: ignore[arg-type]


class Hand:
    """A gate with a clock of its own, and what was noted."""

    def __init__(self, place: Path, *people: Person) -> None:
        self.now = 0.0
        self.noted: list[tuple[str, dict[str, object]]] = []
        self.keeping = Keeping(place)
        if people:
            listed = Staff()
            for one in people:
                listed = listed.put(one)
            self.keeping.keep_staff(listed)
        self.start()

    def start(self) -> SignIn:
        """Begin as after a restart."""
        self.gate = Gate(
            keeping=self.keeping,
            terminal=TERMINAL,
            note=lambda event, **fields: self.noted.append((event.value, fields)),
            clock=lambda: self.now,
            wall=lambda: NOON + self.now,
        )
        self.own = SignIn(self.gate)
        return self.own

    def events(self) -> list[str]:
        """Return the names of what was noted."""
        return [name for name, _ in self.noted]


def _refused(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value


def test_card_and_pin_open(tmp_path: Path, hashed: str) -> None:
    """The right card and PIN sign in, with what the role may do, for twelve hours at most."""
    hand = Hand(tmp_path, _person(hashed))
    assert not hand.own.may(Right.LOOK)
    hand.own.card(card_hash(KEY, NUMBER.lower()))
    assert hand.own.person is None, "a card alone opens nothing"
    assert hand.own.pin(PIN).work_no == "1032"
    assert hand.own.may(Right.CHECK)
    assert not hand.own.may(Right.EXPORT)
    hand.now += sign_in.CAP_S
    assert hand.own.person is None
    assert hand.events() == ["staff_signed_in"]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"until": date(2020, 1, 1)}, Refusal.EXPIRED),
        ({"sites": ("411523-*",)}, Refusal.OTHER_SITE),
        ({"sites": ("410700-002",)}, Refusal.OTHER_SITE),
        ({"disabled": True}, Refusal.DISABLED),
        ({"card": card_hash(KEY, "40010119800101124X")}, Refusal.UNKNOWN),
        ({"card": card_hash(b"o" * 32, NUMBER)}, Refusal.UNKNOWN),
    ],
)
def test_what_opens_nothing_is_told_noted_and_counted(
    tmp_path: Path, hashed: str, other: dict[str, object], reason: Refusal
) -> None:
    """Each has its own reason; none ever asks for a PIN."""
    hand = Hand(tmp_path, _person(hashed, **other))
    assert _refused(lambda: hand.own.card(card_hash(KEY, NUMBER))).reason == reason
    assert hand.noted == [("staff_refused", {"reason": reason.value, "count": 1})]
    assert _refused(lambda: hand.own.pin(PIN)).reason == "first_the_card"


def test_a_row_of_strange_cards_keeps_no_card_out(tmp_path: Path, hashed: str) -> None:
    """A citizen who holds one card after the other cannot shut staff out, not for a second."""
    hand = Hand(tmp_path, _person(hashed))
    for _ in range(40):
        refused = _refused(lambda: hand.own.card("f" * 64))
        assert (refused.reason, refused.wait_s) == ("unknown", 0.0)
    assert _refused(hand.own.unreadable).wait_s == 0.0
    hand.own.card(card_hash(KEY, NUMBER))
    assert hand.own.pin(PIN)


def test_a_row_of_strange_codes_makes_codes_wait_and_no_card(tmp_path: Path, hashed: str) -> None:
    """Eight digits can be guessed, so the wait is theirs; it locks nobody out."""
    hand = Hand(tmp_path, _person(hashed))
    for _ in range(12):
        hand.now += sign_in.UNKNOWN_WAIT_S
        assert _refused(lambda: hand.own.code("00000000")).reason == "unknown_code"
    assert _refused(lambda: hand.own.code("00000000")).reason == "wait"
    hand.own.card(card_hash(KEY, NUMBER))
    assert hand.own.pin(PIN)


def test_five_tries_then_waits_that_double_then_locked(
    tmp_path: Path, hashed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restart begins a wait anew and gives no try back; at fifteen the right PIN is too late."""
    monkeypatch.setattr(sign_in, "is_pin", lambda _, pin: pin == PIN)
    hand = Hand(tmp_path, _person(hashed))
    waited = []
    for number in range(1, MOST + 1):
        hand.own.card(card_hash(KEY, NUMBER))
        refused = _refused(lambda: hand.own.pin("000000"))
        assert refused.reason == ("locked" if number == MOST else "wrong_pin")
        waited.append(refused.wait_s)
        if refused.wait_s:
            assert _refused(lambda: hand.own.pin(PIN)).reason == "wait"
        hand.start()
        hand.now += refused.wait_s
    assert waited[: FREE - 1] == [0.0] * (FREE - 1)
    assert waited[FREE - 1 : -1] == [15.0 * 2**n for n in range(MOST - FREE)]
    hand.now += 1e9
    assert _refused(lambda: hand.own.card(card_hash(KEY, NUMBER))).reason == "locked"
    assert hand.events().count("staff_locked") == 1
    hand.keeping.keep_counts(Counts())
    hand.own.card(card_hash(KEY, NUMBER))
    assert hand.own.pin(PIN)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["guess", "other", "restart", "power cut", "clock back", "wait"]),
        max_size=120,
    )
)
def test_never_more_than_fifteen_guesses(steps: list[str]) -> None:
    """Whatever is done between them, a guesser has fifteen tries of a card and of all cards."""
    counts, now, judged = Counts(), 0.0, 0
    waits = Waits(begun=now)
    for step in steps:
        if step in {"guess", "other", "power cut"}:
            card = "b" if step == "other" else "a"
            if counts.locked(card) or waits.left(counts, card, now) > 0:
                now += waits.left(counts, card, now)
                continue
            counts = counts.begun(card)  # durable before it is judged
            waits.tried(card, now)
            judged += 1
            if step == "power cut":
                waits = Waits(begun=now)
        elif step == "restart":
            waits = Waits(begun=now)
        elif step == "wait":
            now += wait(counts.of(ALL))
    assert judged <= MOST
    assert counts.of(ALL) == judged


def test_a_power_cut_between_write_and_answer_gives_no_try_back(
    tmp_path: Path, hashed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The count is on the disk when the PIN is looked at."""
    hand = Hand(tmp_path, _person(hashed))

    def dies(_person: Person, _pin: str) -> bool:
        assert hand.keeping.counts().of(_person.card) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr(sign_in, "is_pin", dies)
    hand.own.card(card_hash(KEY, NUMBER))
    with pytest.raises(KeyboardInterrupt):
        hand.own.pin(PIN)
    assert Keeping(tmp_path).counts().of(card_hash(KEY, NUMBER)) == 1


def test_what_cannot_be_counted_is_not_tried(
    tmp_path: Path, hashed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full or read-only disk opens nothing, and a damaged count is a lock."""
    hand = Hand(tmp_path, _person(hashed))
    hand.own.card(card_hash(KEY, NUMBER))

    def full(_: Counts) -> None:
        raise OSError

    with monkeypatch.context() as disk:
        disk.setattr(hand.keeping, "keep_counts", full)
        assert _refused(lambda: hand.own.pin(PIN)).reason == "not_kept"
    (hand.keeping.folder / "tries.json").write_text('{"tries": {"a')
    assert _refused(lambda: hand.own.pin(PIN)).reason == "locked"


def test_a_disk_that_takes_nothing_opens_nothing_and_says_so(
    tmp_path: Path, hashed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A code that cannot be noted as used, and a right PIN whose count cannot be taken back."""
    hand = Hand(tmp_path, _person(hashed))
    typed = codes.code(hand.keeping.key("code.key"), TERMINAL, "1032", codes.window_at(NOON))
    write = Keeping._write

    def full(keeping: Keeping, name: str, data: bytes) -> None:
        if name == "codes.json" or ALL.encode() not in data:
            raise OSError
        write(keeping, name, data)

    with monkeypatch.context() as disk:
        disk.setattr(Keeping, "_write", full)
        assert _refused(lambda: hand.own.code(typed)).reason == "not_kept"
        hand.own.card(card_hash(KEY, NUMBER))
        assert _refused(lambda: hand.own.pin(PIN)).reason == "not_kept"
        assert hand.own.person is None


@pytest.mark.parametrize("damaged", ['{"1032": 6', '{"1032": "6000000"}', "[]"])
def test_a_damaged_list_of_used_codes_locks_codes(
    tmp_path: Path, hashed: str, damaged: str
) -> None:
    """It could hide that a code was used; cards open, and unlocking begins it anew."""
    hand = Hand(tmp_path, _person(hashed))
    key = hand.keeping.key("code.key")
    typed = codes.code(key, TERMINAL, "1032", codes.window_at(NOON))
    hand.own.code(typed)
    (hand.keeping.folder / "codes.json").write_text(damaged)
    assert _refused(lambda: hand.own.code(typed)).reason == "codes_damaged"
    hand.own.card(card_hash(KEY, NUMBER))
    assert main(["staff", "--state", str(tmp_path), "unlock"]) == 0
    assert set(hand.keeping.used_codes()) == {"1032"}


def test_a_code_replaces_the_card_once_and_for_ten_minutes(tmp_path: Path, hashed: str) -> None:
    """It is the person's and the terminal's, and it asks for the PIN."""
    hand = Hand(tmp_path, _person(hashed))
    key = hand.keeping.key("code.key")
    typed = codes.code(key, TERMINAL, "1032", codes.window_at(NOON))
    other = codes.code(key, "410700-0021", "1032", codes.window_at(NOON))
    assert _refused(lambda: hand.own.code(other)).reason == "unknown_code"
    hand.own.code(typed)
    assert hand.own.pin(PIN)
    hand.start()
    assert _refused(lambda: hand.own.code(typed)).reason == "unknown_code"
    hand.now += 600
    late = codes.code(key, TERMINAL, "1032", codes.window_at(NOON) + 0)
    assert _refused(lambda: hand.own.code(late)).reason == "unknown_code"


@pytest.mark.parametrize(
    "pin", ["12345", "1234567", "12345a", "000000", "123456", "654321", "121212"]
)
def test_weak_pins_are_not_taken(pin: str) -> None:
    """Six digits that are not guessed first."""
    with pytest.raises(StaffError):
        staff.hash_pin(pin)


def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Added, listed without card or PIN, given a code, taken off; no number is kept anywhere."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NUMBER}\n{PIN}\n"))
    on = ("staff", "--state", str(tmp_path))
    assert main([*on, "add", "1032", "--role", "clerk", "--site", "410700-*"]) == 0
    assert main([*on, "list", "--json"]) == 0
    told = capsys.readouterr().out.splitlines()[-1]
    assert json.loads(told)[0]["work_no"] == "1032"
    kept = b"".join(p.read_bytes() for p in Keeping(tmp_path).folder.iterdir())
    assert NUMBER.encode() not in kept
    assert PIN.encode() not in kept
    assert {p.stat().st_mode & 0o77 for p in Keeping(tmp_path).folder.iterdir()} == {0}
    assert main([*on, "code", "1032", "--terminal", TERMINAL]) == 0
    assert len(capsys.readouterr().out.split()[0]) == codes.LENGTH
    assert main([*on, "disable", "1032"]) == 0
    assert Keeping(tmp_path).staff().people[0].disabled
    assert main([*on, "unlock", "9999"]) == 1
    monkeypatch.setattr("sys.stdin", io.StringIO("400101198001011230\n"))
    assert main([*on, "add", "1", "--role", "clerk", "--site", "x"]) == 1
