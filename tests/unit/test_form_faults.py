"""All faults of a page at once, in the order of the form; nothing already given is lost."""

from __future__ import annotations

from copy import copy
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.dictionary import Field
from kiosk.domain.faults import check
from kiosk.journey.intents import touch
from kiosk.journey.machine import Journey
from kiosk.journey.present_page import present
from kiosk.journey.states import QUESTIONS, State
from kiosk.journey.view import FormView
from tests.journeys.reach import offered, reached, touched, values, written
from tests.journeys.stage import TODAY, catalogue

WOMAN, MAN, FUTURE = "400701199304114622", "400701199110030711", "400701202701011015"
"""Identity numbers of nobody: no place has the digits 40."""


def test_all_faults_at_once_in_the_order_of_the_form() -> None:
    """Four wrong answers and an empty one are told together; the right one stays as it is."""
    journey = reached("newborn-father-number", State.FORM, after=2).journey
    for key, words in {
        "father.mobile": "1540000003",
        "father.id_no": WOMAN,
        "father.residence_address": "家",
        "father.name": "孙😊",
    }.items():
        written(touched(journey, f"focus:{key}"), words)
    before = values(journey)
    touched(journey, "next")
    view = present(journey)
    assert isinstance(view, FormView)
    wrong = {row.key: row.fault.key for row in view.rows if row.fault}
    assert list(wrong.items()) == [
        ("father.name", "fault.name_characters"),
        ("father.id_no", "fault.id_sex_1"),
        ("father.ethnicity", "fault.unchosen"),
        ("father.mobile", "fault.mobile"),
        ("father.residence_address", "fault.address"),
    ]
    assert journey.page is State.FORM
    assert journey.context.focus == "father.name"
    assert values(journey) == before


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("father.id_no", WOMAN, "fault.id_sex_1"),
        ("mother.id_no", MAN, "fault.id_sex_2"),
        ("father.id_no", MAN[:-1], "fault.id_length"),
        ("father.id_no", MAN[:-1] + "2", "fault.id_number"),
        ("newborn.id_no", FUTURE, "fault.id_future"),
        ("newborn.name", "陈", "fault.name_short"),
        ("newborn.name", "陈2", "fault.name_characters"),
        ("newborn.name", "陈" * 51, "fault.name_characters"),
        ("newborn.name", "陈" * 40, None),
        ("newborn.name", "䶮安", None),
        ("newborn.name", "古丽娜尔·艾尔肯", None),
        ("newborn.birth_datetime", "2026-11-23T00:00", "fault.too_late"),
        ("newborn.birth_datetime", "2026-11-22T23:59", None),
        ("newborn.birth_datetime", "20261122", "fault.wrong"),
        ("newborn.birth_datetime", "20261114106", "fault.wrong"),
        ("newborn.birth_datetime", "2026-11-14", "fault.wrong"),
        ("insurance.start_month", "2026", "fault.wrong"),
        ("insurance.start_month", "202611", "fault.wrong"),
        ("mother.birth_date", "19900517", "fault.wrong"),
        ("newborn.gestational_weeks", "46", "fault.range"),
        ("medical.admission_period", "2026-11-16/2026-11-13", "fault.period_order"),
        ("medical.cost_total", "0", "fault.money"),
        ("payee.account_no", "9156000000000000000", "fault.account"),
        ("payee.account_no", "9156000000000000001", None),
        ("mother.mobile", "1540000003", "fault.mobile"),
        ("birth.cert_no", "400000001", "fault.wrong"),
    ],
)
def test_one_value(key: str, value: str, fault: str | None) -> None:
    """What is said of one value: the sentence that is true of it, or nothing."""
    found = check(_field(key), value, today=TODAY, answers={"mother.name": "陈晓芸"})
    assert (found.code if found else None) == fault


def test_a_birth_that_is_tomorrow_is_none_today() -> None:
    """The bound goes with the day it is here."""
    tomorrow = "2026-11-23T00:00"
    spec = _field("newborn.birth_datetime")
    assert check(spec, tomorrow, today=date(2026, 11, 23), answers={}) is None


def _field(key: str) -> Field:
    return catalogue().dictionary[key]


# ---- nothing is lost, whatever is touched

WORDS = ("沐辰", "1", "20261114", "😊", "X", "河南省新乡市红旗区示范路1号")
QUIET = {"next", "back", "help", "close", "size", "language", "done"}
"""Touches that change no answer."""


def _start() -> Journey:
    return reached("newborn-nothing-found", State.FORM).journey


START = _start()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(WORDS)), max_size=60))
def test_a_touch_changes_its_own_answer_alone(moves: list[tuple[int, str]]) -> None:
    """No touch changes another answer than its own; what follows from answers may follow."""
    journey = copy(START)
    for number, words in moves:
        targets = [own for own in offered(journey) if _stays(journey, own)]
        target = targets[number % len(targets)] if targets else "back"
        before, own = values(journey), _own(journey, target)
        journey.apply(touch(f"text:{words}" if target.startswith("text:") else target))
        after = values(journey)
        changed = {key for key in before | after if before.get(key) != after.get(key)}
        assert not {key for key in changed - {own} if not _follows(journey, key)}, target


def _stays(journey: Journey, target: str) -> bool:
    first = journey.page is State.FORM and journey.context.page_no == 0
    if journey.page is State.MATERIALS:
        return target == "back"
    return target not in {"home", "finish"} and not (first and target == "back")


def _own(journey: Journey, target: str) -> str:
    """Return the key that a touch answers."""
    kind, _, rest = target.partition(":")
    if journey.page in QUESTIONS:
        return journey.context.question if target == "next" else ""
    if kind in {"text", "erase", "clear"}:
        return journey.context.focus
    return rest.rpartition(":")[0] if kind in {"choose", "suggest"} else ""


def _follows(journey: Journey, key: str) -> bool:
    form = journey.context.form
    assert form is not None
    return any(source.startswith("derived:") for source in form.field(key).spec.sources)
