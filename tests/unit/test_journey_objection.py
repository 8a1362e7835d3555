"""Saying that a register is wrong: it stays through every way back, and under no old signature."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.journey import form_moves, material_moves, objection_moves
from kiosk.journey.intents import Intent
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.machine import Journey
from kiosk.journey.present_page import present
from kiosk.journey.rehearsal import NAME
from kiosk.journey.states import State
from kiosk.journey.view import SignView
from tests.journeys.reach import offered, reached, touched, written

WEIGHT = "newborn.birth_weight_g"


def objected(journey: Journey) -> Journey:
    """Say what the weight is, on the review."""
    touched(journey, f"object:{WEIGHT}")
    written(journey, "3250")
    return touched(journey, "next")


def word(journey: Journey) -> str:
    """Return what is said against the weight."""
    form = journey.context.form
    assert form is not None
    return form.field(WEIGHT).disputed


@pytest.fixture
def journey() -> Journey:
    """A visit whose whole form is on the review."""
    return reached("newborn", State.REVIEW).journey


def test_it_survives_a_new_looking_up(journey: Journey) -> None:
    """Fetched again, the register says the same, and so does the citizen."""
    ctx = objected(journey).context
    assert ctx.prefill is not None
    again = form_moves.prefilled(ctx, Intent(kind=K.PREFILLED, fact=ctx.prefill))
    assert again.form is not None
    assert again.form.field(WEIGHT).disputed == "3250"


def test_it_goes_when_the_register_was_put_right(journey: Journey) -> None:
    """What was said of a value is not said of another one."""
    ctx = objected(journey).context
    assert ctx.prefill is not None
    mended = replace(ctx.prefill.values[WEIGHT], value="3250")
    got = replace(ctx.prefill, values={**ctx.prefill.values, WEIGHT: mended})
    again = form_moves.prefilled(ctx, Intent(kind=K.PREFILLED, fact=got))
    assert again.form is not None
    assert again.form.field(WEIGHT).disputed == ""


@pytest.mark.parametrize("then", ["keep", "withdraw"])
def test_a_signature_does_not_stand_under_another_word(journey: Journey, then: str) -> None:
    """Said or taken back after signing, the form is signed anew."""
    if then == "withdraw":
        objected(journey)
    touched(journey, "next")
    journey.apply(Intent(kind=K.STROKE, fact=NAME))
    touched(journey, "back")
    assert journey.context.strokes
    if then == "keep":
        objected(journey)
    else:
        touched(journey, f"withdraw:{WEIGHT}")
    assert not journey.context.strokes


def test_every_objection_stands_above_the_signature(journey: Journey) -> None:
    """What is signed is read there: which value is wrong, and what is right."""
    objected(journey)
    touched(journey, "next")
    view = present(journey)
    assert isinstance(view, SignView)
    said = [dict(words.values) for words in view.statement if words.key == "sign.says"]
    assert [own["words"] for own in said] == ["3250"]


def test_another_register_is_taken_and_signed_anew(journey: Journey) -> None:
    """Taken after signing, the form is signed anew; looked up again, it stays taken."""
    ctx = journey.context
    assert ctx.prefill is not None
    assert ctx.form is not None
    differ = replace(ctx.prefill.values[WEIGHT], others=(("3250", "share:公安"),))
    got = replace(ctx.prefill, values={**ctx.prefill.values, WEIGHT: differ})
    ctx = form_moves.prefilled(replace(ctx, strokes=(NAME,)), Intent(kind=K.PREFILLED, fact=got))
    touch = Intent(kind=K.TAKE, argument=f"{WEIGHT}:0")
    assert objection_moves.may_take(ctx, touch)
    taken = objection_moves.take(replace(ctx, strokes=(NAME,)), touch)
    assert not taken.strokes
    again = form_moves.prefilled(taken, Intent(kind=K.PREFILLED, fact=got))
    assert again.form is not None
    field = again.form.field(WEIGHT)
    assert (field.value, field.source) == ("3250", "share:公安")


def test_nothing_new_is_no_objection(journey: Journey) -> None:
    """The register's own value, or nothing, cannot be kept."""
    form = journey.context.form
    assert form is not None
    touched(journey, f"object:{WEIGHT}")
    assert "next" not in offered(journey)
    written(journey, form.field(WEIGHT).value)
    assert not objection_moves.may_keep(journey.context, Intent(kind=K.NEXT))
    touched(journey, "back")
    assert word(journey) == ""


def test_only_what_is_published_may_follow() -> None:
    """A paper whose line is not in the list is not promised: the intake would refuse it."""
    ctx = reached("newborn-promised", State.MATERIALS).journey.context
    listed = ctx.catalogue.commitments
    assert listed is not None
    paper = next(
        own
        for item in ctx.catalogue.thing("newborn").items
        for own in item.materials
        if own.commitment_days
    )
    assert material_moves.may_follow(ctx, paper)
    bare = replace(ctx, catalogue=replace(ctx.catalogue, commitments=replace(listed, entries=())))
    assert not material_moves.may_follow(bare, paper)
