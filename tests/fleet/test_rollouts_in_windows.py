"""Rollouts while somebody works at terminals: a gate waits for them, and judges afterwards."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from fleet.rollouts import facts
from fleet.rollouts.course import Step
from tests.fleet_databases import engine, postgres_url, url
from tests.releases.conftest import fleet, fleets, place
from tests.releases.repositories import Fleet
from tests.rollout_world import World, peopled, world

__all__ = ["engine", "fleet", "fleets", "place", "postgres_url", "url", "world"]


def test_who_works_at_a_terminal_takes_no_release_back(engine: Engine, fleet: Fleet) -> None:
    """An open door is neither well nor failed while its window is open; afterwards as it is."""
    both = peopled(World(engine, fleet))
    number = _held(both)
    both.say("canary-0", release="new", faults=("panel.door_open",))
    _waits(both, number)


def test_who_switches_a_terminal_off_takes_no_release_back(world: World) -> None:
    """A pulled plug neither."""
    number = _held(world)
    world.say("canary-0", release="new")
    world.gone("canary-0")
    _waits(world, number)


def test_who_is_well_when_the_window_ends_was_never_ill(world: World) -> None:
    """The door is shut again: the gate passes."""
    number = _held(world)
    world.say("canary-0", release="new", faults=("panel.door_open",))
    world.later(121)
    world.say("canary-0", release="new")
    world.look()
    assert world.course(number).step is Step.ASKING


@pytest.mark.parametrize("step", ["rolled_back", "refused"])
def test_a_release_that_fails_itself_comes_back_in_a_window_too(world: World, step: str) -> None:
    """What a terminal says of the release is no door that stands open."""
    number = _held(world)
    world.say("canary-0", release="new", step=step)
    world.look()
    assert world.course(number).why == "gate failed canary"


def _held(world: World) -> int:
    """Open a window of two hours in the first ring, where two of three have a release."""
    number = world.begun("new")
    world.maintained("canary", hours=2)
    world.say("canary-1", "canary-2", release="new")
    return number


def _waits(world: World, number: int) -> None:
    """Judge when an hour is over, and again when the window is."""
    world.later(61)
    world.look()
    course = world.course(number)
    assert course.step is Step.WATCHING
    with world.engine.connect() as connection:
        ring, limits = course.rings[0], course.limits
        told = facts.tally(connection, ring, "new", limits, world.now)
        assert (told.well, told.held, told.failed) == (2, 1, 0)
        assert not facts.failed(connection, ring, "new", limits, world.now)
    world.later(60)
    world.look()
    assert world.course(number).why == "gate failed canary"
