"""The clock of a visit, the warning, the holds, and the codes of slips."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.journey import facts as f
from kiosk.journey.context import wiped
from kiosk.journey.intents import Intent, touch
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.machine import IllegalIntent, Journey
from kiosk.journey.present_page import present
from kiosk.journey.slip_code import BadCode, progress_token
from kiosk.journey.states import State
from kiosk.journey.timing import Clock
from kiosk.journey.view import WarningView
from tests.journeys.stage import PUBLIC, context, people

SLIP = f"{PUBLIC}/p/L0020261122K7QD.0123456789abcdef"


def _kinds(clock: Clock, until: float, page: State, *, is_held: bool = False) -> list[K]:
    """Poll four times a second up to ``until`` and return what came."""
    found = []
    for step in range(int(until * 4) + 1):
        found += [intent.kind for intent in clock.poll(step / 4, page, is_held=is_held)]
    return found


def test_idle_after_a_minute() -> None:
    """Nothing before sixty seconds, the warning then."""
    clock = Clock()
    clock.touched(0)
    assert clock.poll(59.9, State.GUIDE, is_held=False) == []
    assert [i.kind for i in clock.poll(60, State.GUIDE, is_held=False)] == [K.IDLE]


def test_a_touch_starts_the_minute_again() -> None:
    """Sixty seconds count from the last touch; the setting may be longer."""
    clock = Clock(idle_seconds=180)
    clock.touched(100)
    assert clock.poll(279, State.GUIDE, is_held=False) == []
    assert clock.poll(280, State.GUIDE, is_held=False)


def test_holds_stop_the_clock_and_say_when_they_are_long() -> None:
    """Reading, fetching, sending, printing: no idle, one word after five seconds."""
    clock = Clock()
    assert _kinds(clock, 149, State.FETCHING, is_held=True) == [K.SLOW]


def test_nothing_holds_a_page_for_ever() -> None:
    """Whatever a page believes it waits for: after 150 s it is asked whether somebody is there."""
    clock = Clock()
    clock.poll(0, State.CAPTURED, is_held=True)
    (stuck,) = clock.poll(150, State.CAPTURED, is_held=True)
    assert (stuck.kind, stuck.argument) == (K.IDLE, "stuck")
    held = Journey(replace(context(), busy=True))
    held.apply(touch("begin"))
    assert not held.legal(Intent(kind=K.IDLE))
    held.apply(stuck)
    assert held.page is State.WARNING


def test_a_page_that_cannot_go_on_looks_again_calmly() -> None:
    """Every ten seconds, and the warning comes as it would: looking is no touch."""
    clock, came = Clock(), []
    for now in range(61):
        came += [(now, i.kind) for i in clock.poll(now, State.GUIDE, is_held=False, looks=True)]
    assert came == [*((now, K.LOOK_AGAIN) for now in range(10, 60, 10)), (60, K.IDLE)]


def test_nothing_looks_again_where_one_can_go_on() -> None:
    """Of a page whose way on is there nobody is asked."""
    assert _kinds(Clock(), 59, State.GUIDE) == []


def test_a_lifted_card_shortens_the_last_page_only() -> None:
    """A warning, and the number kept after a crash, are counted down in full."""
    lifted = Intent(kind=K.CARD_LIFTED)
    broken = Journey(context())
    broken.apply(Intent(kind=K.SHOWN, fact=f.Shown(how="crashed", local_no="L1")))
    broken.apply(lifted)
    assert (broken.page, broken.context.seconds) == (State.TROUBLE, 60)
    warned = Journey(context())
    for intent in (touch("begin"), Intent(kind=K.IDLE), lifted):
        warned.apply(intent)
    assert (warned.page, warned.context.seconds) == (State.WARNING, 20)


def test_after_a_hold_the_minute_begins_anew() -> None:
    """Who waited two minutes for the terminal is not asked whether they are there."""
    clock = Clock()
    clock.poll(0, State.FETCHING, is_held=True)
    clock.poll(120, State.FETCHING, is_held=True)
    assert clock.poll(121, State.CHOICE, is_held=False) == []
    assert clock.poll(180, State.CHOICE, is_held=False) == []
    assert clock.poll(181, State.CHOICE, is_held=False)


def test_nobody_is_warned_on_the_first_page() -> None:
    """The attract page has no clock."""
    assert _kinds(Clock(), 200, State.ATTRACT) == []


def test_a_count_down_ticks_once_a_second() -> None:
    """Twenty seconds are twenty ticks, also when polled late."""
    assert len(_kinds(Clock(), 20, State.WARNING)) == 20
    late = Clock()
    late.poll(0, State.WARNING, is_held=False)
    assert len(late.poll(3.2, State.WARNING, is_held=False)) == 3


def _asked() -> Journey:
    journey = Journey(context())
    fine = f.Devices(id_reader=f.Condition.READY)
    own = people()["chen-xiaoyun"]
    journey.apply(touch("begin"))
    journey.apply(Intent(kind=K.DEVICES, fact=fine))
    journey.apply(Intent(kind=K.INTAKE, fact=f.Intake.UP))
    journey.apply(touch("open_thing:medical-expenses"))
    journey.apply(touch("start"))
    ticket = journey.context.awaited
    journey.apply(Intent(kind=K.CARD_SEEN, ticket=ticket))
    card = f.Card(person=own.person, evidence=own.evidence)
    journey.apply(Intent(kind=K.CARD_READ, ticket=ticket, fact=card))
    return journey


def test_going_on_works_as_often_as_wanted() -> None:
    """Fifteen warnings, fifteen taps, nothing lost."""
    journey = _asked()
    before = journey.context.card
    for _ in range(15):
        journey.apply(Intent(kind=K.IDLE))
        for _ in range(19):
            journey.apply(Intent(kind=K.TICK))
        view = present(journey)
        assert isinstance(view, WarningView)
        assert view.seconds == 1
        journey.apply(touch("continue"))
    assert journey.page is State.CONSENT
    assert journey.context.card == before


def test_the_end_of_the_warning_wipes() -> None:
    """After twenty ticks nothing of the citizen is known, and the card is asked to be taken."""
    journey = _asked()
    journey.apply(Intent(kind=K.IDLE))
    for _ in range(20):
        journey.apply(Intent(kind=K.TICK))
    assert journey.page is State.FAREWELL
    kept = replace(wiped(journey.context), seconds=journey.context.seconds, gone=True)
    assert journey.context == kept
    assert journey.context.how == "timed_out"


def test_no_idle_while_the_terminal_works() -> None:
    """The idle intent itself is illegal during a hold."""
    journey = _asked()
    journey.apply(touch("agree"))
    assert journey.held
    with pytest.raises(IllegalIntent):
        journey.apply(Intent(kind=K.IDLE))


def test_a_slip_is_recognised() -> None:
    """Its address, with or without the line end a scanner adds."""
    for end in ("", "\r", "\n", "\r\n"):
        assert progress_token((SLIP + end).encode(), PUBLIC) == "L0020261122K7QD.0123456789abcdef"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"A" * 4096, "too_long"),
        (SLIP.encode() + b"\x1b@", "control_bytes"),
        (b"\x00" + SLIP.encode(), "control_bytes"),
        (b"https://example.org/p/L0020261122K7QD.0123456789abcdef", "foreign"),
        (SLIP.replace("/p/", "/q/").encode(), "foreign"),
        (SLIP.encode() + b"&x=1", "foreign"),
        ("付款码".encode(), "foreign"),
        (b"", "foreign"),
    ],
)
def test_other_codes_are_refused_by_name(data: bytes, reason: str) -> None:
    """Long, steering, and foreign codes each have their sentence."""
    with pytest.raises(BadCode) as caught:
        progress_token(data, PUBLIC)
    assert caught.value.reason == reason


@given(st.binary(max_size=700))
def test_any_bytes_are_taken_or_refused(data: bytes) -> None:
    """Accept or `BadCode`, nothing else; what is accepted is safe in a path."""
    try:
        token = progress_token(data, PUBLIC)
    except BadCode:
        return
    assert token.isascii()
    assert "/" not in token
