"""Every thing of both lists, with every answer, goes through the rules to a form without faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from kiosk.catalogue.files import load
from kiosk.domain import form, situations
from kiosk.domain.catalogue import Mode, Status, Thing
from kiosk.domain.choice import choose
from kiosk.domain.examples import example
from kiosk.domain.faults import faults
from kiosk.domain.form import Form, choices

CONFIG = Path(__file__).parents[2] / "config"
TODAY = date(2026, 11, 22)
FILED = {Mode.FILE, Mode.CHECK}


@cache
def things(code: str) -> dict[str, Thing]:
    """The things of a place as if all of their items were open."""
    return {thing.code: _opened(thing) for thing in load(CONFIG, code).things}


def _opened(thing: Thing) -> Thing:
    return replace(thing, items=tuple(replace(i, status=Status.OPEN) for i in thing.items))


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


CASES = [(place, code) for place in ("410700", "140502") for code in things(place)]


@pytest.mark.parametrize(("place", "code"), CASES)
def test_with_every_answer_it_can_be_filled(place: str, code: str) -> None:
    """Something is chosen, every question takes its example, and pages ask each question."""
    thing = things(place)[code]
    if not any(item.mode in FILED for item in thing.items):
        pytest.skip("nothing of it is filed")
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
