"""The end of a visit: signature, what is handed over, the grade, and what is left of a citizen."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import fields
from functools import cache

import pytest

from kiosk.journey import effects as e
from kiosk.journey import timing
from kiosk.journey.context import Context
from kiosk.journey.facts import Card, Stroke
from kiosk.journey.intents import Intent, touch
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.machine import IllegalIntent, Journey
from kiosk.journey.observe import observed
from kiosk.journey.present_page import present
from kiosk.journey.rehearsal import NAME, Rehearsal
from kiosk.journey.script import Step, load
from kiosk.journey.states import State
from tests.journeys.reach import offered, reached, touched, where
from tests.journeys.stage import ROOT, context, people, world

# ---- what is left of a citizen


class Stations(Rehearsal):
    """A rehearsal that keeps the visit as it was at every step."""

    seen: list[Journey]

    def _expect(self, step: Step, number: int) -> None:
        super()._expect(step, number)
        self.seen.append(copy(self.journey))


def _stations(name: str) -> list[Journey]:
    run = Stations(load(ROOT / "tests" / "journeys" / f"{name}.yaml"), world(), context)
    run.seen = []
    run.run()
    return run.seen


@cache
def stations() -> tuple[Journey, ...]:
    """Return the visits of these scripts, as they were at every step."""
    names = ("newborn", "newborn-signed-by-card", "newborn-promised", "newborn-card-worn")
    return tuple(station for name in names for station in _stations(name))


def _secrets(ctx: Context) -> set[str]:
    """Return every word that is the citizen's at this moment."""
    found = set(ctx.form.values().values()) if ctx.form else set()
    found |= {own.value for own in ctx.prefill.values.values()} if ctx.prefill else set()
    for card in (ctx.card, ctx.confirmed):
        if card is not None:
            own = card.person
            found |= {own.name, own.id_no, own.address, card.evidence.evidence.id_hash}
    found |= {own.picture for pages in ctx.captures.values() for own in pages}
    found |= {ctx.stored.local_no, ctx.stored.code} if ctx.stored else set()
    found |= {ctx.answer.application_no or ""} if ctx.answer else set()
    found |= {ctx.number.number} if ctx.number else set()
    return {word for word in found if len(word) > 1}


def _told(ctx: Context) -> str:
    """Return all that a context knows, without the catalogue, which is everybody's."""
    return repr(
        {own.name: getattr(ctx, own.name) for own in fields(ctx) if own.name != "catalogue"}
    )


def _by_home(journey: Journey) -> None:
    journey.apply(touch("home"))
    if journey.page is State.WARNING:
        journey.apply(touch("finish"))


def _by_idling(journey: Journey) -> None:
    journey.apply(Intent(kind=K.IDLE))
    for _ in range(journey.context.site.warning_seconds):
        journey.apply(Intent(kind=K.TICK))


@pytest.mark.parametrize("card_left", [False, True])
@pytest.mark.parametrize("leaving", [_by_home, _by_idling])
def test_nothing_of_a_citizen_is_left(leaving, card_left) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - pytest gives them
    """Left at any page, by the button or by walking off: no name, number, answer or picture."""
    left = set()
    for station in stations():
        journey = copy(station)
        kind = K.HOME if leaving is _by_home else K.IDLE
        if not journey.legal(Intent(kind=kind)):
            continue
        journey.apply(Intent(kind=K.CARD_PRESENT if card_left else K.CARD_LIFTED))
        secrets, page = _secrets(journey.context), journey.page
        leaving(journey)
        told = _told(journey.context)
        assert not [word for word in secrets if word in told], page
        assert journey.context.card is None
        assert not journey.context.strokes
        assert not journey.context.situations
        assert not journey.context.captures
        left.add(page)
    assert {State.CONSENT, State.FORM, State.MATERIALS, State.CAPTURE, State.CAPTURED} <= left
    assert {State.DELIVERY, State.REVIEW, State.SIGN, State.RECEIPT, State.RATING} <= left


def test_nothing_of_a_citizen_is_left_when_it_is_done() -> None:
    """Finished: the last page knows how to call for the card and nothing else."""
    journey = reached("newborn", State.RATING).journey
    secrets = _secrets(journey.context)
    touched(journey, "finish")
    assert where(journey) is State.FAREWELL
    assert not [word for word in secrets if word in _told(journey.context)]
    touched(journey, "finish")
    assert where(journey) is State.ENDED
    assert not [word for word in secrets if word in _told(journey.context)]


def test_a_grade_is_handed_on_with_the_slips_token_alone() -> None:
    """What outlives the wiping is the grade, its reasons and the token; no name, no number."""
    journey = reached("newborn", State.RATING).journey
    secrets = _secrets(journey.context) - {journey.context.stored and journey.context.stored.code}
    touched(journey, "rate:1", "rate_option:slow")
    sent = [x for x in journey.apply(touch("finish")) if isinstance(x, e.SendRating)]
    assert [(own.grade, own.options) for own in sent] == [(1, ("slow",))]
    rest = _told(journey.context).replace(sent[0].token, "")
    assert not [word for word in secrets if word in rest]


def test_a_forgotten_card_is_called_out_and_the_page_stays() -> None:
    """Every few seconds while it lies there, and no longer than the page stays."""
    journey = reached("newborn", State.RATING).journey
    journey.apply(Intent(kind=K.CARD_PRESENT))
    done = journey.apply(touch("finish"))
    for _ in range(timing.CARD_LEFT_SECONDS):
        assert where(journey) is State.FAREWELL
        done += journey.apply(Intent(kind=K.TICK))
    assert where(journey) is State.ENDED
    calls = sum(isinstance(own, e.Chime) and own.name == "take_card" for own in done)
    assert calls == timing.CARD_LEFT_SECONDS // timing.REMIND_EVERY


# ---- the signature


def _dot(x: float) -> Intent:
    return Intent(kind=K.STROKE, fact=Stroke(points=((x, 0.5, 0.0), (x + 0.01, 0.5, 0.1))))


def test_a_touch_of_the_field_is_no_signature() -> None:
    """Dots are lines too, and do not sign; a name does, until it is wiped."""
    journey = reached("newborn", State.SIGN).journey
    for number in range(5):
        journey.apply(_dot(number / 10))
    assert "submit" not in offered(journey)
    journey.apply(Intent(kind=K.STROKE, fact=NAME))
    assert "submit" in offered(journey)
    touched(journey, "wipe")
    assert not {"submit", "wipe"} & set(offered(journey))


@pytest.mark.parametrize("point", [(1.01, 0.5, 0.0), (0.5, -0.01, 0.0)])
def test_a_line_outside_the_field_is_none(point: tuple[float, float, float]) -> None:
    """A finger that slipped off the field draws nothing."""
    journey = reached("newborn", State.SIGN).journey
    with pytest.raises(IllegalIntent):
        journey.apply(Intent(kind=K.STROKE, fact=Stroke(points=((0.5, 0.5, 0.0), point))))


def test_only_the_same_persons_card_signs() -> None:
    """Another card is told of and changes nothing, not the lines that were drawn either."""
    journey = reached("newborn", State.SIGN).journey
    journey.apply(Intent(kind=K.STROKE, fact=NAME))
    touched(journey, "confirm")
    for ref, page in (("li-jianguo", State.SIGN_CARD), ("chen-xiaoyun", State.SIGN)):
        own = people()[ref]
        card = Card(person=own.person, evidence=own.evidence)
        before = journey.context.card
        ticket = journey.context.awaited
        journey.apply(Intent(kind=K.CARD_READ, ticket=ticket, fact=card))
        assert where(journey) is page
        assert journey.context.card == before
    assert observed(present(journey))["by_card"] is True
    assert observed(present(journey))["strokes"] == 0


def test_going_back_from_the_card_keeps_the_lines() -> None:
    """Who thought better of the card finds the name as it was written."""
    journey = reached("newborn", State.SIGN).journey
    journey.apply(Intent(kind=K.STROKE, fact=NAME))
    touched(journey, "confirm", "back")
    assert journey.context.strokes == (NAME,)
    assert "submit" in offered(journey)


# ---- what is handed over


def _handed_over(name: str) -> e.Submit:
    journey = reached(name, State.SIGN).journey
    journey.apply(Intent(kind=K.STROKE, fact=NAME))
    return next(own for own in journey.apply(touch("submit")) if isinstance(own, e.Submit))


def test_all_of_a_visit_is_handed_over() -> None:
    """Role, consents, situations, pictures, promises, delivery and signature."""
    sent = _handed_over("newborn-promise-kept")
    assert (sent.role, sent.agreed, sent.reuse) == ("mother", True, False)
    assert dict(sent.situations) == {
        "marriage": "married",
        "certificate": "not-issued",
        "household": "not-registered",
    }
    assert sent.commitments == ("discharge_record",)
    assert {key: len(pages) for key, pages in sent.captures.items()} == {"bank_card": 1}
    assert sent.delivery == e.Delivered(method="window", together=True)
    assert sent.signed is not None
    assert sent.signed.strokes == (NAME,)


def test_a_paper_that_turned_up_is_no_promise_any_more() -> None:
    """Photographed after it was promised: the picture counts alone."""
    sent = _handed_over("newborn-promised")
    assert sent.commitments == ()
    assert set(sent.captures) == {"discharge_record", "bank_card"}


@pytest.mark.parametrize(
    ("name", "agreed", "reuse"),
    [("newborn-reuse", True, True), ("newborn-declined", False, False), ("newborn", True, False)],
)
def test_consents_are_as_they_were_given(name: str, agreed: bool, reuse: bool) -> None:
    """Nobody agrees for the citizen, and a refusal stays one."""
    sent = _handed_over(name)
    assert (sent.agreed, sent.reuse) == (agreed, reuse)


def test_the_father_files_as_the_father() -> None:
    """His card is his part of the form; the mother's came as she allowed."""
    sent = _handed_over("newborn-father")
    assert sent.role == "father"
    assert sent.form.field("father.id_no").source == "id_card"
    assert sent.form.field("mother.id_no").source == "share:母亲授权"


def _names() -> Iterator[str]:
    yield from ("newborn-household-only", "newborn-mother-only", "newborn-unmarried")
    yield from ("newborn-certificate-issued", "newborn-registered")


@pytest.mark.parametrize("name", list(_names()))
def test_an_item_that_is_not_filed_asks_nothing(name: str) -> None:
    """The form has the fields of what is filed and no others."""
    sent = _handed_over(name)
    wanted = {spec.key for item in sent.items for spec in item.fields}
    assert {own.key for own in sent.form.fields} == wanted
