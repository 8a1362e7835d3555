"""The three worked examples of the policy's figures, to the number."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.catalogue.files import load
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.effect import Effect, effect, figures, total

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """What 新乡市 offers."""
    return load(CONFIG, "410700")


def fields(own: Effect) -> tuple[int, ...]:
    """Boxes before, distinct fields, generated, produced, typed, papers before and asked."""
    made = (own.generated, own.produced, own.typed)
    return (own.boxes_before, own.fields, *made, own.materials_before, own.asked)


def test_newborn(catalogue: Catalogue) -> None:
    """All seven items; the two produced facts are filled by nobody."""
    own = effect(catalogue.thing("newborn"))
    assert fields(own) == (99, 49, 37, 2, 10, 28, 2)
    assert (own.days_before, own.days_after, own.steps_before, own.steps_after) == (46, 10, 28, 4)


def test_retirement(catalogue: Catalogue) -> None:
    """The seven items of a normal retirement: neither special work nor illness."""
    thing = catalogue.thing("retirement")
    normal = tuple(i for i in thing.items if "特殊工种" not in i.name and "病" not in i.name)
    own = effect(thing, normal)
    assert len(normal) == 7
    assert (own.boxes_before, own.fields) == (72, 33)
    assert (own.materials_before, own.asked) == (28, 3)
    assert own.generated + own.produced + own.typed == own.fields


def test_restaurant_misses_the_half(catalogue: Catalogue) -> None:
    """14 of 29: what a kitchen is like only its owner knows, and the figure says so."""
    own = effect(catalogue.thing("restaurant"))
    assert fields(own) == (48, 29, 14, 0, 15, 21, 4)
    assert own.share_generated < 0.5


def test_a_total_is_a_sum(catalogue: Catalogue) -> None:
    """Typical content in one thing makes the whole typical."""
    things = [effect(catalogue.thing(code)) for code in ("newborn", "restaurant")]
    assert total(things).boxes_before == 147
    assert not total(things).confirmed


def test_a_fee_that_nobody_published_is_not_nothing() -> None:
    """What a line costs depends on the plan: the figures say that more is to be paid."""
    utilities = load(CONFIG, "410700").thing("utilities")
    assert figures(utilities, utilities.told_items).fee.told() == "以窗口告知为准"
    newborn = load(CONFIG, "410700").thing("newborn")
    assert not figures(newborn, newborn.told_items).fee.whole
