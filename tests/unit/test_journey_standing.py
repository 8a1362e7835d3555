"""What an item's state looks like: done only what is done, and nothing wanted of what is over."""

from __future__ import annotations

import pytest

from intake.records.model import State
from kiosk.journey.facts import Standing
from kiosk.journey.standing import STAGES, Mark, mark, overall, reached


def item(state: str, supplement: str = "") -> Standing:
    """Return an item in a state."""
    return Standing(
        name="户口登记",
        number="1",
        state=state,
        state_text="…",
        at="2026-11-22T09:00:00+08:00",
        supplement=supplement,
    )


DONE = {State.DECIDED_GRANTED, State.COMPLETED}
OVER = {
    State.NOT_ACCEPTED: "refused",
    State.DECIDED_REFUSED: "refused",
    State.WITHDRAWN: "withdrawn",
}


@pytest.mark.parametrize("state", State)
def test_every_state_of_the_intake(state: State) -> None:
    """All bars and a tick for what is done alone; of what is over no paper is wanted."""
    assert (reached(item(state)) == STAGES) is (state in DONE)
    assert mark(item(state)) == OVER.get(state, "done" if state in DONE else "going")
    assert mark(item(state, "出院记录")) == OVER.get(state, "needs_you")


def test_a_state_nobody_knows_here_does_not_look_done() -> None:
    """A newer intake says a word that this terminal has not learnt."""
    assert (mark(item("archived")), reached(item("archived"))) == ("going", 1)


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        (["completed", "not_accepted", "received"], "refused"),
        (["completed", "received"], "going"),
        (["completed", "withdrawn"], "done"),
        (["withdrawn"], "withdrawn"),
    ],
)
def test_an_application_as_a_whole(states: list[str], whole: Mark) -> None:
    """What went wrong is seen before what goes well; what waits for the citizen before all."""
    items = [item(state) for state in states]
    assert overall(items) == whole
    assert overall([*items, item("submitted", "出院记录")]) == "needs_you"
