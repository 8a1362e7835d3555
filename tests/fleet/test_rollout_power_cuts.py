"""A power cut of the console in the middle of a rollout: who comes next goes on rightly."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from fleet.release.publishing import publish
from fleet.release.repository import Repository
from fleet.rollouts.course import Step
from tests.releases.conftest import fleet, fleets, place
from tests.releases.repositories import passes
from tests.rollout_world import World, actions, world

__all__ = ["fleet", "fleets", "place", "world"]


class Cut(BaseException):
    """The power is cut."""


CUTS = (
    ("fleet.release.holding.hold", True),
    ("fleet.release.publishing._in_force", False),
    ("fleet.release.repository.Repository.forget_staged", False),
    ("fleet.rollouts.ledger.change", True),
    ("fleet.release.repository.Repository.put_away", True),
    ("fleet.release.holding.forget", True),
)


@pytest.mark.parametrize(("where", "after"), CUTS)
def test_a_power_cut_of_the_console_costs_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, where: str, after: bool
) -> None:
    """Before or after each step; who comes next goes on from the database and the disk."""
    room, _, name = where.rpartition(".")
    world.release("cut")
    number = world.begin("cut")
    cuts = []

    def looked() -> None:
        with monkeypatch.context() as patch:
            _cut(patch, room, name, after=after)
            try:
                world.another_carrier().look()
            except Cut:
                cuts.append(name)
        if cuts:
            world.another_carrier().look()

    for _ in range(2):
        looked()
    world.look(2)
    assert world.published() == {"canary": "cut"}
    world.say("canary-0", release="cut", step="rolled_back")
    for _ in range(2):
        looked()
    world.look(2)
    assert cuts
    assert world.course(number).step is Step.STOPPED
    assert world.published() == {}
    assert actions(world) == ["rollout_begun", "rollout_went_on", "rollout_aborted"]
    publish(world.fleet.repository, world.fleet.online, passes)


def _cut(patch: pytest.MonkeyPatch, room: str, name: str, *, after: bool) -> None:
    """Let the program end at a function, before or after what it does."""
    owner: Any = Repository if room.endswith(".Repository") else import_module(room)
    real = getattr(owner, name)

    def cut(*given: Any, **named: Any) -> Any:
        if after:
            real(*given, **named)
        raise Cut

    patch.setattr(owner, name, cut)
