"""What a citizen takes back: home, a promise, a signature, a paper, a device that fails midway."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from kiosk.domain.choice import Why, WhyKind
from kiosk.domain.commitments import CommitmentKind
from kiosk.domain.receipt import Outcome, Owed, owed_values
from kiosk.journey import material_moves, offers, orders, timing
from kiosk.journey.effects import PrintReceipt, Submit
from kiosk.journey.facts import CardRead, Condition, Devices, Taken, Trouble
from kiosk.journey.intents import Intent, touch
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.machine import Journey
from kiosk.journey.observe import observed
from kiosk.journey.present_page import present
from kiosk.journey.rehearsal import NAME
from kiosk.journey.states import State
from kiosk.journey.view import FarewellView
from kiosk.session.consents import Consents
from kiosk.session.slip import receipt
from kiosk.translation import Translator
from tests.journeys.reach import offered, reached, touched, where
from tests.journeys.stage import context

ZH = Translator(strict=True)
CHINA = timezone(timedelta(hours=8))


def _at(page: State, name: str = "newborn") -> Journey:
    return reached(name, page).journey


def _no_camera(journey: Journey) -> Journey:
    gone = Devices(id_reader=Condition.READY, camera=Condition.ABSENT)
    journey.apply(Intent(kind=K.DEVICES, fact=gone))
    return journey


def test_home_leaves_only_what_the_terminal_knows() -> None:
    """Whoever chooses another thing begins it with nothing of the first; size and language stay."""
    journey = touched(_at(State.CHOOSE), "size")
    touched(journey, "situation:marriage:married", "home")
    fresh, ctx = context(), journey.context
    assert where(journey) is State.HOME
    assert (ctx.thing, ctx.card, ctx.prefill, ctx.form, ctx.decided) == (None,) * 5
    assert (dict(ctx.situations), ctx.left_out, ctx.query) == ({}, frozenset(), "")
    assert (ctx.size, ctx.language, ctx.site) == ("elder", "zh", fresh.site)


def test_a_promise_given_twice_is_one() -> None:
    """Read again and agreed to again: one paper is owed, once."""
    journey = _at(State.MATERIALS)
    journey.apply(touch("commit:discharge_record"))
    journey.apply(touch("agree"))
    journey.apply(touch("commit:discharge_record"))
    journey.apply(touch("agree"))
    assert journey.context.commitments == ("discharge_record",)


@pytest.mark.parametrize("way", ["back", "change:newborn.name"])
def test_a_signature_falls_when_the_text_is_opened_again(way: str) -> None:
    """It stood under what was read; what is read next is signed anew."""
    journey = _at(State.SIGN)
    journey.apply(Intent(kind=K.STROKE, fact=NAME))
    touched(journey, "back", way)
    assert not offers.signed(journey.context)


def test_an_item_whose_picture_cannot_be_taken_is_taken_away_before_the_card() -> None:
    """No camera, and a paper that may not be promised: told while choosing, not at the end."""
    journey = _no_camera(_at(State.CHOOSE))
    touched(
        journey,
        "situation:marriage:married",
        "situation:certificate:not-issued",
        "situation:household:not-registered",
    )
    gone = offers.choice_of(journey.context).gone
    assert gone == {"maternity-reimbursement": Why(WhyKind.UNAVAILABLE, "no_camera")}
    assert "next" in offered(journey)


def test_a_camera_that_dies_midway_sends_papers_to_the_window() -> None:
    """What may not be promised is handed in at the window, the rest of the visit goes on."""
    journey = _no_camera(_at(State.MATERIALS))
    touched(journey, "window:bank_card", "commit:discharge_record", "agree")
    assert observed(present(journey))["states"] == [
        "discharge_record:committed",
        "bank_card:committed",
    ]
    assert journey.context.to_window == ("bank_card",)
    assert "capture:bank_card" not in offered(journey)


def test_a_working_camera_sends_nothing_to_the_window() -> None:
    """The window is for when the machine fails, not a way around the pictures."""
    journey = _at(State.MATERIALS)
    assert not [own for own in offered(journey) if own.startswith("window:")]
    assert not journey.legal(touch("window:bank_card"))


def test_nothing_is_sent_where_no_address_is_asked() -> None:
    """A courier is offered only when the form has the address it goes to."""
    journey = _at(State.DELIVERY)
    assert "deliver:courier" in offered(journey)
    form = journey.context.form
    assert form is not None
    kept = replace(form, fields=tuple(f for f in form.fields if f.key != "delivery.address"))
    assert material_moves.ways(replace(journey.context, form=kept)) == ("window", "e_licence")


def test_a_reading_that_failed_is_a_number_that_was_not_read() -> None:
    """The page asks for the number; it does not wait for a reading that will not come."""
    journey = touched(_at(State.MATERIALS), "capture:bank_card", "shoot")
    got = Taken(picture="p", sha256="0" * 64, size=1, width=1, height=1, faults=())
    journey.apply(Intent(kind=K.TAKEN, ticket=journey.context.awaited, fact=got))
    failed = Trouble(reason="camera_failed")
    journey.apply(Intent(kind=K.NUMBER_READ, ticket=journey.context.awaited, fact=failed))
    assert journey.context.number == CardRead(number="", bank="")
    assert "keep" in offered(journey)
    assert not journey.held


def test_a_declined_fetch_takes_the_keeping_along() -> None:
    """Who does not agree to the fetching has agreed to nothing, whatever was ticked before."""
    journey = touched(_at(State.CONSENT), "reuse", "decline")
    assert not journey.context.reuse
    assert not journey.context.agreed


def test_a_consent_has_the_moment_of_its_touch() -> None:
    """Not of the submission: that may be an hour later."""
    journey = _at(State.MATERIALS)
    at = datetime(2026, 11, 22, 9, 0, tzinfo=CHINA)
    consents = Consents(journey.context.catalogue, lambda: at)
    consents.give("data_fetch")
    touched(journey, "commit:discharge_record")
    before = journey.context
    touched(journey, "agree")
    consents.follow(before, journey.context)
    at += timedelta(minutes=7)
    sign = _at(State.SIGN, "newborn-promise-kept")
    sign.apply(Intent(kind=K.STROKE, fact=NAME))
    sent = next(own for own in sign.apply(touch("submit")) if isinstance(own, Submit))
    given = {own.purpose: own.time[11:16] for own in consents.agreed(sent)}
    assert given == {"data_fetch": "09:00", "commitment": "09:00", "declaration": "09:07"}


def test_one_of_several_applications_is_opened_by_its_place() -> None:
    """Two that are named alike are still two."""
    run = reached("newborn-progress-several", State.MINE, after=3)
    journey = run.journey
    assert "open_case:0" in offered(journey)
    touched(journey, "open_case:1")
    assert journey.context.progress is not None
    assert journey.context.mine is not None
    assert journey.context.progress == journey.context.mine.applications[1]
    assert not journey.legal(touch(f"open_case:{len(journey.context.mine.applications)}"))


def test_an_answer_that_never_came_is_no_success() -> None:
    """What is stored and not answered is told as stored."""
    journey = _at(State.RECEIPT, "newborn-intake-down")
    assert journey.context.answer is not None
    assert journey.context.answer.outcome is Outcome.STORED


PROMISED = Owed(
    name="出院记录", kind=CommitmentKind.FOLLOWS, days=5, due="2026年11月27日", example=True
)


def test_what_is_still_owed_is_told_with_the_receipt_and_printed() -> None:
    """A promise is remembered for the citizen: on the page, and on the slip in the hand."""
    run = reached("newborn-promise-kept", State.RECEIPT)
    told = observed(present(run.journey))["notices"]
    assert isinstance(told, list)
    assert told[0] == "slip.owed.follows"
    (printed,) = orders.print_slip(replace(run.journey.context, printing="printing"))
    assert isinstance(printed, PrintReceipt)
    assert printed.owed == (PROMISED,)
    words = ZH.text
    slip = receipt(
        printed,
        catalogue=run.journey.context.catalogue,
        site=run.journey.context.site,
        terminal="410702-HQ-0003",
        words=ZH,
        now=datetime(2026, 11, 22, 9, 0, tzinfo=CHINA),
    )
    line = words("slip.owed.follows", **owed_values(PROMISED))
    assert "（示例）" in line
    assert line in [own.get("text") for own in slip.lines]


# ---- nothing is said of a form that was handed over and not answered


def _handed_over(*, answered: bool) -> Journey:
    journey = _at(State.SIGN)
    journey.apply(Intent(kind=K.STROKE, fact=NAME))
    touched(journey, "submit")
    if answered:
        unknown = Trouble(reason="unanswered")
        ticket = journey.context.awaited
        journey.apply(Intent(kind=K.STORE_TROUBLE, ticket=ticket, fact=unknown))
    return journey


def _lead(journey: Journey) -> str:
    lead = present(journey).lead
    assert lead is not None
    return lead.key


def _looks_done(journey: Journey) -> bool:
    view = present(journey)
    assert isinstance(view, FarewellView)
    return view.done


def test_leaving_after_a_hand_over_nobody_answered_claims_nothing() -> None:
    """It may be stored: neither the question nor the last page says that nothing was submitted."""
    journey = touched(_handed_over(answered=True), "home")
    assert where(journey) is State.WARNING
    assert _lead(journey) == "warning.lead_unsure"
    journey.apply(Intent(kind=K.CARD_PRESENT))
    touched(journey, "finish")
    assert where(journey) is State.FAREWELL
    assert _lead(journey) == "farewell.lead.unsure"
    assert not _looks_done(journey)


def test_a_hand_over_that_hangs_claims_nothing_when_time_is_up() -> None:
    """Stuck while submitting: the warning counts down to a page that does not say too much."""
    journey = _handed_over(answered=False)
    journey.apply(Intent(kind=K.CARD_PRESENT))
    journey.apply(Intent(kind=K.IDLE, argument=timing.STUCK))
    assert _lead(journey) == "warning.lead_unsure"
    for _ in range(journey.context.site.warning_seconds):
        journey.apply(Intent(kind=K.TICK))
    assert _lead(journey) == "farewell.lead.unsure"


def test_who_gives_up_is_told_that_nothing_was_submitted() -> None:
    """A form was begun: the last page neither thanks nor looks like success."""
    journey = touched(_at(State.REVIEW), "home")
    assert _lead(journey) == "warning.lead_home"
    journey.apply(Intent(kind=K.CARD_PRESENT))
    touched(journey, "finish")
    assert _lead(journey) == "farewell.lead.given_up"
    assert not _looks_done(journey)


def test_a_paper_is_settled_in_one_way_only() -> None:
    """Promised, then the camera fails over it: it goes to the window, promised no more."""
    journey = touched(_at(State.MATERIALS), "commit:discharge_record", "agree")
    touched(journey, "capture:discharge_record")
    failed = Trouble(reason="frozen")
    ticket = journey.context.awaited
    journey.apply(Intent(kind=K.CAPTURE_TROUBLE, ticket=ticket, fact=failed))
    touched(journey, "window:discharge_record")
    assert journey.context.commitments == ()
    assert offers.owed(journey.context) == (Owed(name="出院记录"),)
    touched(journey, "capture:discharge_record")
    journey.apply(Intent(kind=K.CAPTURE_TROUBLE, ticket=journey.context.awaited, fact=failed))
    touched(journey, "commit:discharge_record", "agree")
    assert journey.context.to_window == ()
    assert offers.owed(journey.context) == (PROMISED,)
