"""Sending a file in pieces to intakes that break off, forget, and lie."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.gateway import (
    IntakeClient,
    IntakeGarbled,
    IntakeRefused,
    IntakeUnreachable,
    RelayTransport,
    Reply,
)
from kiosk.gateway.transport import Json
from kiosk.gateway.uploads import MOST, PATIENCE, PIECE, Stride

BODY = bytes(range(100))
SHA256 = hashlib.sha256(BODY).hexdigest()
PLACE = "/v1/uploads/1"


def told(status: int, offset: int, length: int = len(BODY)) -> Reply:
    """Return an answer about an upload."""
    headers = {"upload-offset": str(offset), "upload-length": str(length), "location": PLACE}
    return Reply(status=status, headers=headers)


def refusal(status: int, code: str) -> Reply:
    """Return a problem document."""
    texts = {"title_zh": "标题", "detail_zh": "", "help": "", "field": None}
    body = {"code": code, "retryable": True, **texts}
    return Reply(status=status, body=json.dumps(body).encode())


@dataclass
class Keeper:
    """An intake in memory; ``before`` and ``after`` may spoil a call, by its number."""

    before: Callable[[int, str], Reply | None] = lambda _number, _method: None
    after: Callable[[int, str], Reply | None] = lambda _number, _method: None
    kept: bytearray = field(default_factory=bytearray)
    sent: int = 0
    calls: int = 0
    takes_first: bool = True

    def request(
        self,
        method: str,
        path: str,
        body: Json | bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Answer as a right intake does, unless spoilt."""
        self.calls += 1
        number = self.calls
        assert number < 200, "the work has to end"
        spoilt = self.before(number, method)
        if spoilt is None:
            answer = self._answer(method, body, headers or {})
            spoilt = self.after(number, method) or answer
        return spoilt

    def _answer(self, method: str, body: object, headers: Mapping[str, str]) -> Reply:
        if method == "POST" and body and self.takes_first and not self.kept:
            assert isinstance(body, bytes)
            self.kept += body
            self.sent += len(body)
        if method != "PATCH":
            return told(201 if method == "POST" else 200, len(self.kept))
        assert isinstance(body, bytes)
        if int(headers["upload-offset"]) != len(self.kept):
            return refusal(409, "UPLOAD_OFFSET")
        self.kept += body
        self.sent += len(body)
        return told(204, len(self.kept))


def send(keeper: Keeper, piece: int = 30) -> None:
    """Send the file."""
    IntakeClient(keeper).upload(SHA256, BODY, "image/jpeg", chunk=piece)


def send_new(keeper: Keeper, piece: int = 30) -> None:
    """Send the file as one that was never tried."""
    IntakeClient(keeper).upload(SHA256, BODY, "image/jpeg", chunk=piece, untried=True)


def dead(_number: int, _method: str) -> Reply:
    """Be unreachable."""
    raise IntakeUnreachable("no_connection")


@given(st.integers(1, 120), st.integers(0, 100))
def test_only_what_is_missing_is_sent(piece: int, there: int) -> None:
    """Whatever the intake has from an earlier life is not sent again."""
    keeper = Keeper(kept=bytearray(BODY[:there]))
    send(keeper, piece)
    assert (bytes(keeper.kept), keeper.sent) == (BODY, 100 - there)


@given(st.integers(1, 9), st.booleans(), st.integers(5, 40))
def test_a_broken_call_costs_nothing_that_arrived(cut: int, late: bool, piece: int) -> None:
    """One call of any kind fails, before or after its effect: then the next life ends it."""

    def once(number: int, _method: str) -> Reply | None:
        if number == cut:
            raise IntakeUnreachable("no_connection")
        return None

    keeper = Keeper(after=once) if late else Keeper(before=once)
    for _ in range(2):
        try:
            send(keeper, piece)
            break
        except IntakeUnreachable:
            continue
    assert (bytes(keeper.kept), keeper.sent) == (BODY, 100)


@pytest.mark.parametrize(("piece", "calls"), [(100, 1), (200, 1), (50, 2), (30, 4)])
def test_a_new_file_begins_with_its_first_piece(piece: int, calls: int) -> None:
    """What fits into one piece is one exchange."""
    keeper = Keeper()
    send_new(keeper, piece)
    assert (bytes(keeper.kept), keeper.sent, keeper.calls) == (BODY, 100, calls)


def test_an_intake_that_leaves_the_first_piece_aside_is_sent_it_again() -> None:
    """It says so by the offset; the next file of the conversation begins without."""
    keeper = Keeper(takes_first=False)
    client = IntakeClient(keeper)
    client.upload(SHA256, BODY, "image/jpeg", untried=True)
    assert (bytes(keeper.kept), keeper.calls) == (BODY, 2)
    keeper.kept.clear()
    keeper.takes_first = True
    client.upload(SHA256, BODY, "image/jpeg", untried=True)
    assert (bytes(keeper.kept), keeper.calls) == (BODY, 4)


@pytest.mark.parametrize("code", ["INVALID", "MEDIA_TYPE", "CHECKSUM_MISMATCH"])
def test_a_beginning_that_is_refused_is_made_without_its_piece(code: str) -> None:
    """An intake that takes no piece there is no reason to keep an application."""
    keeper = Keeper(before=lambda number, _method: refusal(422, code) if number == 1 else None)
    send_new(keeper)
    assert (bytes(keeper.kept), keeper.calls) == (BODY, 6)


@given(st.integers(1, 9), st.booleans(), st.integers(5, 120))
def test_a_broken_call_of_a_new_file_costs_nothing_that_arrived(
    cut: int, late: bool, piece: int
) -> None:
    """As for one that is begun first; the beginning's own break is mended in the same life."""

    def once(number: int, _method: str) -> Reply | None:
        if number == cut:
            raise IntakeUnreachable("no_connection")
        return None

    keeper = Keeper(after=once) if late else Keeper(before=once)
    try:
        send_new(keeper, piece)
    except IntakeUnreachable:
        send(keeper, piece)
    assert (bytes(keeper.kept), keeper.sent) == (BODY, 100)


def test_pieces_grow_on_a_quick_line_and_shrink_after_a_break() -> None:
    """From 256 kB to 1 MiB by what arrived in time, back by what did not."""
    stride = Stride()
    sizes = []
    for seconds in (0.1, 0.1, 0.1, 9.0):
        sizes.append(stride.size)
        stride.went(stride.size, seconds)
    assert sizes == [PIECE, 2 * PIECE, MOST, MOST]
    stride.broke()
    stride.went(PIECE, 9.0)
    stride.went(100, 0.1)
    assert stride.size == PIECE


def test_a_dead_line_is_left_at_once() -> None:
    """With the intake gone after two pieces the caller hears it, and goes on later."""
    keeper = Keeper(before=lambda number, method: dead(number, method) if number > 3 else None)
    with pytest.raises(IntakeUnreachable):
        send(keeper)
    assert (keeper.calls, keeper.sent) == (5, 60)
    keeper.before = lambda _number, _method: None
    send(keeper)
    assert (bytes(keeper.kept), keeper.sent) == (BODY, 100)


@pytest.mark.parametrize("code", ["CHECKSUM_MISMATCH", "UPLOAD_OFFSET", "UPLOAD_GONE"])
def test_an_endless_no_comes_to_an_end(code: str) -> None:
    """A refusal that is mended here is mended a few times, then it is the caller's."""

    def never(_number: int, method: str) -> Reply | None:
        return refusal(409, code) if method == "PATCH" else None

    keeper = Keeper(before=never)
    with pytest.raises(IntakeRefused) as refused:
        send(keeper)
    assert refused.value.problem.code == code
    assert keeper.calls == 2 * (PATIENCE + 1)


def test_a_final_no_is_not_repeated() -> None:
    """A kind of file that is not taken is told at once."""
    keeper = Keeper(before=lambda _number, _method: refusal(415, "MEDIA_TYPE"))
    with pytest.raises(IntakeRefused):
        send(keeper)
    assert keeper.calls == 1


def test_what_is_gone_begins_anew() -> None:
    """An upload that the intake dropped is sent from the start, once."""

    def forget(number: int, method: str) -> Reply | None:
        if number == 3:
            keeper.kept.clear()
            return refusal(410, "UPLOAD_GONE")
        return None

    keeper = Keeper(before=forget)
    send(keeper)
    assert bytes(keeper.kept) == BODY
    keeper = Keeper(
        before=lambda number, method: (
            Reply(status=410) if method == "HEAD" else dead(number, method) if number == 3 else None
        )
    )
    send(keeper)
    assert (bytes(keeper.kept), keeper.sent) == (BODY, 100)


@pytest.mark.parametrize(
    ("method", "lie"),
    [
        ("POST", told(201, 101)),
        ("POST", told(201, -1)),
        ("POST", Reply(status=201, headers={"upload-offset": "0"})),
        ("POST", Reply(status=201, headers={"location": PLACE})),
        (
            "POST",
            Reply(status=201, headers={"upload-offset": "0", "location": "https://x.invalid/1"}),
        ),
        ("POST", Reply(status=201, headers={"upload-offset": "0", "location": f"{PLACE}/../x"})),
        ("HEAD", told(200, 91)),
        ("HEAD", told(200, 29)),
        ("HEAD", told(200, 30, length=99)),
        ("HEAD", told(200, 30, length=101)),
        ("HEAD", Reply(status=200)),
        ("HEAD", Reply(status=403)),
        ("HEAD", Reply(status=302)),
    ],
)
def test_what_cannot_be_so_is_garbled(method: str, lie: Reply) -> None:
    """Offsets never reached, offsets that go back, other lengths and other places."""

    def answer(number: int, asked: str) -> Reply | None:
        if asked == method:
            return lie
        return dead(number, asked) if number == 3 else None

    with pytest.raises(IntakeGarbled):
        send(Keeper(before=answer))


@pytest.mark.parametrize("seed", range(40))
def test_any_intake_is_survived(seed: int) -> None:
    """Whatever is answered in whatever order, the work ends in one of three errors or in truth."""
    print(f"seed {seed}")
    lot = random.Random(seed)  # noqa: S311 - a repeatable draw

    def spoil(_number: int, _method: str) -> Reply | None:
        if lot.random() < 0.5:
            return None
        return told(lot.choice([200, 201, 204, 409, 460, 500]), lot.randrange(-5, 120))

    keeper = Keeper(before=spoil)
    try:
        send(keeper, lot.randrange(1, 50))
    except (IntakeUnreachable, IntakeGarbled, IntakeRefused):
        return
    assert BODY.startswith(bytes(keeper.kept))


def test_a_session_does_not_upload() -> None:
    """A relay carries JSON without headers of ours; anything else is a mistake in the program."""
    transport = RelayTransport(None)  # type: ignore[arg-type]
    for body, headers in ((b"x", None), (None, {"upload-offset": "0"})):
        with pytest.raises(TypeError):
            transport.request("PATCH", PLACE, body, headers=headers)


def test_a_wait_that_the_intake_asks_for_is_not_filled_with_calls() -> None:
    """Told to come later, the client makes no further call and hands the wait on."""
    busy = Reply(status=429, body=b"", headers={"retry-after": "7"})
    keeper = Keeper(before=lambda number, _: busy if number == 3 else None)
    with pytest.raises(IntakeUnreachable) as told_later:
        send(keeper)
    assert (told_later.value.retry_after, keeper.calls) == (7.0, 3)
