"""The table of a visit: no dead end, no page out of reach, no illegal intent that changes."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import pytest

from kiosk.journey import effects as e
from kiosk.journey import leaving_moves
from kiosk.journey.diagram import PLACE, markdown, targets
from kiosk.journey.facts import Condition, Devices, Intake, Power, Terminal
from kiosk.journey.intents import TICKETED, TOUCHES, BadTarget, Intent, touch
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.machine import TABLE, IllegalIntent, Journey
from kiosk.journey.present_page import PAGES, present
from kiosk.journey.states import OVERLAYS, State
from kiosk.journey.transition import UNDER
from tests.journeys.stage import ROOT, context

FINE = Devices(id_reader=Condition.READY, scanner=Condition.READY, printer=Condition.READY)


def _neighbours(page: State) -> set[State]:
    return {
        end
        for (start, _), row in TABLE.items()
        if start is page and row.target is not UNDER
        for end in targets(row)
    } - {page}


def _reachable(start: State) -> set[State]:
    seen, queue = {start}, deque([start])
    while queue:
        for page in _neighbours(queue.popleft()) - seen:
            seen.add(page)
            queue.append(page)
    return seen


def test_every_page_is_reached() -> None:
    """From the first page every other can be reached."""
    assert _reachable(State.ATTRACT) == set(State)


@pytest.mark.parametrize("page", sorted(set(State) - {State.ENDED}))
def test_every_page_can_be_left(page: State) -> None:
    """From every page the visit can end."""
    assert State.ENDED in _reachable(page)


def test_every_page_has_a_view() -> None:
    """No page is without something to show."""
    assert set(PAGES) == set(State)


def test_a_finger_can_leave_every_page() -> None:
    """No page but a short wait depends on a device or a reply to be left."""
    waits = {State.SUBMITTING, State.ENDED}
    for page in set(State) - waits:
        touches = {kind for start, kind in TABLE if start is page and kind in TOUCHES}
        away = {
            kind
            for kind in touches - {K.HELP}
            if TABLE[page, kind].target is UNDER or set(targets(TABLE[page, kind])) - {page}
        }
        assert away, page


def test_the_diagram_is_fresh() -> None:
    """``docs/journey.md`` is what the table says; `kiosk journey diagram` prints it."""
    assert (ROOT / PLACE).read_text(encoding="utf-8") == markdown() + "\n"


def test_what_is_not_in_the_table_is_illegal_everywhere() -> None:
    """On the first page every kind but its own rows raises and changes nothing."""
    journey = Journey(context())
    before = (journey.page, journey.context)
    legal = {kind for page, kind in TABLE if page is State.ATTRACT}
    for kind in set(K) - legal:
        with pytest.raises(IllegalIntent):
            journey.apply(Intent(kind=kind, argument="x"))
        assert (journey.page, journey.context) == before


def test_an_answer_to_what_is_no_longer_awaited_is_illegal() -> None:
    """The late card of a reading that was given up moves nothing."""
    journey = _at_card()
    late = Intent(kind=K.CARD_SEEN, ticket=journey.context.awaited)
    journey.apply(touch("back"))
    journey.apply(touch("start"))
    assert not journey.legal(late)
    assert journey.legal(Intent(kind=K.CARD_SEEN, ticket=journey.context.awaited))


def test_touches_do_not_reach_a_page_under_an_overlay() -> None:
    """Help lies over the card page: its buttons are gone, its devices are not."""
    journey = _at_card()
    journey.apply(touch("help"))
    assert journey.page is State.HELP
    assert not journey.legal(touch("home"))
    journey.apply(Intent(kind=K.CARD_SEEN, ticket=journey.context.awaited))
    assert journey.page is State.CARD


@pytest.mark.parametrize("target", ["begn", "begin:x", "digit", "choose", "card_read", "", ":"])
def test_what_is_no_target_is_refused(target: str) -> None:
    """Only touches are targets, with their argument and no other."""
    with pytest.raises(BadTarget):
        touch(target)


def test_kinds_are_told_apart() -> None:
    """No touch answers an effect; overlays are pages."""
    assert not TOUCHES & TICKETED
    assert set(State) > OVERLAYS


def test_an_outage_claims_nothing_of_a_form_that_was_not_answered() -> None:
    """It was handed over and may be stored: the last page does not say that nothing was."""
    journey = _at_card()
    asked = replace(journey.context, card_on=True, unanswered=True)
    low = Intent(kind=K.TERMINAL, fact=Terminal(power=Power.LOW))
    assert leaving_moves.terminal_or_end(asked, low).ending == "unsure"
    told = leaving_moves.terminal_or_end(replace(asked, unanswered=False), low)
    assert told.ending == "power"


def test_nothing_is_begun_without_reader_or_intake() -> None:
    """The guide can be read; the way on is not there, and not possible."""
    for devices, intake in (
        (FINE, Intake.DOWN),
        (FINE, Intake.OUTDATED),
        (Devices(id_reader=Condition.ABSENT), Intake.UP),
        (Devices(id_reader=Condition.BROKEN), Intake.UP),
    ):
        journey = _at_guide(devices, intake)
        assert not journey.legal(touch("start"))
        assert journey.legal(touch("retry"))


def test_an_unknown_printer_or_reader_narrows_nothing() -> None:
    """Unknown is not the same as bad."""
    assert _at_guide(Devices(), Intake.UP).legal(touch("start"))


@pytest.mark.parametrize("intake", [Intake.DOWN, Intake.OUTDATED])
def test_the_guide_looks_again_by_itself(intake: Intake) -> None:
    """Until the intake is back, without a word of the citizen, and without a page that flickers."""
    journey = _at_guide(intake=intake)
    before = present(journey)
    assert journey.looks
    assert e.CheckIntake() in journey.apply(Intent(kind=K.LOOK_AGAIN))
    assert present(journey) == before
    journey.apply(Intent(kind=K.INTAKE, fact=Intake.UP))
    assert not journey.looks
    assert journey.legal(touch("start"))


def _at_guide(devices: Devices = FINE, intake: Intake = Intake.UP) -> Journey:
    journey = Journey(context())
    journey.apply(touch("begin"))
    journey.apply(Intent(kind=K.DEVICES, fact=devices))
    journey.apply(Intent(kind=K.INTAKE, fact=intake))
    journey.apply(touch("open_thing:medical-expenses"))
    return journey


def _at_card() -> Journey:
    journey = _at_guide()
    journey.apply(touch("start"))
    return journey
