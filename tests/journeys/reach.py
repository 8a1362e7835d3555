"""Visits that are far on their way: the beginning of a script, and touches from there."""

from __future__ import annotations

from kiosk.journey.intents import touch
from kiosk.journey.machine import Journey
from kiosk.journey.observe import observed
from kiosk.journey.present_page import present
from kiosk.journey.rehearsal import Rehearsal
from kiosk.journey.script import Outcome, Step, load
from kiosk.journey.states import State
from tests.journeys.stage import ROOT, context, world


def reached(name: str, page: State, *, after: int = 0) -> Rehearsal:
    """Return a script's visit at the first step on ``page``, or ``after`` steps on it later."""
    script = load(ROOT / "tests" / "journeys" / f"{name}.yaml")
    there = [number for number, step in enumerate(script.steps) if step.page is page][after]
    steps = (*script.steps[:there], Step(page=page))
    run = Rehearsal(
        script.model_copy(update={"steps": steps, "outcome": Outcome()}), world(), context
    )
    run.run()
    return run


def touched(journey: Journey, *targets: str) -> Journey:
    """Touch one target after the other; each has to be offered."""
    for target in targets:
        assert target in offered(journey), (journey.page, target)
        journey.apply(touch(target))
    return journey


def written(journey: Journey, words: str) -> Journey:
    """Write words on the pad."""
    journey.apply(touch(f"text:{words}"))
    return journey


def offered(journey: Journey) -> list[str]:
    """Return everything that can be touched now."""
    targets = observed(present(journey))["targets"]
    assert isinstance(targets, list)
    return targets


def where(journey: Journey) -> State:
    """Return the page that is seen now."""
    return journey.page


def values(journey: Journey) -> dict[str, str]:
    """Return every value of the form."""
    form = journey.context.form
    assert form is not None
    return form.values()
