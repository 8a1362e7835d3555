"""Every thing of both lists: with every answer by the rules, and once through a whole visit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from kiosk.domain import form, situations
from kiosk.domain.catalogue import Catalogue, Mode, Thing
from kiosk.domain.choice import choose
from kiosk.domain.examples import example
from kiosk.domain.faults import faults
from kiosk.domain.form import Form, choices
from kiosk.domain.receipt import Outcome
from tests.journeys.pilot import Pilot
from tests.journeys.stage import TODAY, catalogue, opened

FILED = {Mode.FILE, Mode.CHECK}


@cache
def place(code: str) -> Catalogue:
    """A place as if all items of all things were open."""
    return opened(catalogue(code))


@cache
def things(code: str) -> dict[str, Thing]:
    """Its things by their codes."""
    return {thing.code: thing for thing in place(code).things}


def walks(thing: Thing) -> Iterator[dict[str, str]]:
    """Yield answers so that each option of each question that is asked is given once."""
    given: set[tuple[str, str]] = set()
    waiting: list[dict[str, str]] = [{}]
    while waiting:
        answers = waiting.pop()
        left = [own for own in situations.asked(thing, answers) if own.code not in answers]
        if not left:
            yield answers
            continue
        question = left[0]
        fresh = [one for one in question.options if (question.code, one.value) not in given]
        for option in fresh or question.options[:1]:
            given.add((question.code, option.value))
            waiting.append({**answers, question.code: option.value})


def filled(own: Form) -> Form:
    """Return a form with every question answered by its example, narrowed choices by the first."""
    for asked in own.to_act:
        value = example(asked.spec, TODAY)
        offered = [one.value for one in choices(asked.spec, own.values())]
        if offered and value.split(",")[0] not in offered:
            value = offered[0]
        own = own.answer(asked.key, value)
    return own


CASES = [
    (where, thing.code)
    for where in ("410700", "140502")
    for thing in things(where).values()
    if any(item.mode in FILED for item in thing.items)
]


@pytest.mark.parametrize(("where", "code"), CASES)
def test_with_every_answer_it_can_be_filled(where: str, code: str) -> None:
    """Something is chosen, every question takes its example, and pages ask each question."""
    thing = things(where)[code]
    paged = {key for page in thing.pages for key in page.fields}
    chosen = 0
    for answers in walks(thing):
        settled = choose(thing, answers, frozenset())
        chosen += bool(settled.items)
        whole = form.merge(settled.items, {})
        assert faults(filled(whole), TODAY) == (), answers
        typed = {own.key for own in whole.to_act if own.spec.only_user}
        assert not thing.pages or typed <= paged, (answers, sorted(typed - paged))
    assert chosen


@pytest.mark.parametrize(("where", "code"), CASES)
def test_a_visit_ends_with_a_receipt(where: str, code: str) -> None:
    """From the home page over every page that comes, by touches alone, to a number."""
    assert Pilot(place(where), things(where)[code]).fly() is Outcome.SUBMITTED


def test_what_is_not_filed_is_only_told_of() -> None:
    """A card's use in daily life has a guide and no visit."""
    left = {thing.code for thing in things("410700").values()} - {code for _, code in CASES}
    assert left == {"social-card-services"}
