"""Fifty broken releases through a whole rollout: who is left ill, and who beyond the first ring.

The publisher's own check is left out, so that everything well signed goes out, and the second
person approves whatever is asked: what is measured is what the terminals and the gates do by
themselves. Three real terminals, one a ring, with their own checks. Four of five configurations are
broken by hand (`tests.releases.broken`), each fifth is whole and makes terminals ill on trial.
"""

from __future__ import annotations

import os
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from fleet.release import building
from fleet.rollouts import ledger, office
from fleet.rollouts.course import Step
from fleet.store import open_store
from kiosk.agent.centre import update as told_update
from kiosk.release import course as courses
from kiosk.release.commands import by_command
from kiosk.release.course import Stage
from kiosk.release.errors import Unreachable, Unusable
from kiosk.release.fetching import Stick
from kiosk.release.health import State, Verdict
from kiosk.release.update import Manner, Update
from kiosk.settings import config_root, load
from kiosk.status import Reported
from kiosk.status.state import Service, Versions
from tests.releases.broken import broken
from tests.releases.conftest import Told
from tests.releases.repositories import Fleet
from tests.rollout_world import APPROVER, World

pytestmark = pytest.mark.campaign
FULL = int(os.environ.get("YIDUAN_BROKEN_ROLLOUTS", "50"))
PLACE = os.environ.get("YIDUAN_BROKEN_PLACE", "140502")
"""Whose pages the terminals check: 411523 lists nothing, so that its check takes a second."""
FROM = int(os.environ.get("YIDUAN_BROKEN_FROM", "0"))
_CHECKED: dict[str, Unusable | None] = {}
RINGS = ("canary", "early", "stable")
ILL = 5
"""Each so-many-th release is whole and makes terminals ill."""


class Real:
    """A terminal's own release code, and what its agent reports of it."""

    def __init__(self, place: Path, ring: str) -> None:
        self.name, self.ring = f"{ring}-0", ring
        self.folder, self.health = place / ring, Told()
        self.settings = place / f"{ring}.yaml"
        self.settings.write_text(
            f'jurisdiction: "{PLACE}"\nterminal: {{id: {PLACE}-0001}}\n'
            "intake: {api_url: 'https://a.invalid', public_url: 'https://b.invalid'}\n"
        )

    def look(self, fleet: Fleet) -> None:
        """Look for a release, as the timer would."""
        manner = Manner(
            folder=self.folder,
            group=self.ring,
            check=self._check,
            health=self.health,
            trial_s=1,
            reserve=0,
            pause=lambda _: None,
        )
        try:
            Update(manner).run(fleet.root, Stick(fleet.repository.public))
        except Unreachable:
            Update(manner).finish()

    def _check(self, generation: Path) -> None:
        """Check one configuration once: the rings of a release have the same."""
        told = sha256()
        for path in sorted((generation / "config").rglob("*.yaml")):
            told.update(path.name.encode() + path.read_bytes())
        what = told.hexdigest()
        if what not in _CHECKED:
            try:
                by_command([self.settings])(generation)
                _CHECKED[what] = None
            except Unusable as refused:
                _CHECKED[what] = refused
        if refused := _CHECKED[what]:
            raise refused

    def report(self, world: World) -> None:
        """Tell the centre, as the agent would."""
        number = next(world._numbers)
        world.intake.state(
            Reported(
                terminal=self.name,
                sequence=number,
                at=f"{world.now:%Y-%m-%dT%H:%M:%SZ}",
                service=Service.FREE,
                versions=Versions(software="1.4.0"),
                update=told_update(self.ring, self.folder),
            )
        )
        world.write()

    @property
    def is_whole(self) -> bool:
        """Whether what is in force can be read, and is not being tried any more."""
        stage = courses.read(self.folder).stage
        current = self.folder / "current" / "config"
        if current.is_dir():
            load([self.settings], root=current.resolve())
        return stage in {Stage.IDLE, Stage.COMMITTED, Stage.REFUSED, Stage.ROLLED_BACK}


@pytest.mark.timeout(4 * 3600)
def test_what_is_broken_stays_in_the_first_ring(fleet: Fleet, place: Path) -> None:
    """By the gates alone; nobody is left ill."""
    engine = open_store(f"sqlite:///{place}/fleet.db").execution_options(writes=True)
    world, seen = World(engine, fleet), Counter[str]()
    world.check = lambda _pack: None
    world.enrol(**dict.fromkeys(RINGS, 1))
    terminals = [Real(place, ring) for ring in RINGS]
    for own in terminals:
        own.look(fleet)
    for number in range(FROM, FULL):
        is_ill = number % ILL == ILL - 1
        sources = config_root() if is_ill else place / "sources" / str(number)
        what = (
            "whole, and ill on trial" if is_ill else broken(config_root(), sources, 20_000 + number)
        )
        for own in terminals:
            own.health.verdict = Verdict(State.ILL, "crash ×2") if is_ill else Verdict(State.WELL)
        name = f"broken-{number}"
        for ring in RINGS:
            building.build(fleet.repository, sources, ring, name=name)
        fleet.sign("zhang", "li")
        rollout = world.begin(name)
        _carried(world, rollout, terminals)
        ill = [own.name for own in terminals if not own.is_whole]
        refused = [own.ring for own in terminals if _bad(own, name)]
        end = world.course(rollout)
        seen["ill"] += len(ill)
        seen["beyond"] += len(set(refused) - {"canary"})
        seen[f"{end.step}" if not refused else "stopped in the first ring"] += 1
        print(f"{what}: {end.step} {end.why}; failed in {refused}; left ill {ill}", flush=True)
    print(dict(seen))
    assert seen["ill"] == 0
    assert seen["beyond"] == 0
    assert seen["stopped in the first ring"] >= (FULL - FROM) // ILL


def _bad(own: Real, name: str) -> bool:
    course = courses.read(own.folder)
    is_it = course.offer is not None and course.offer.name == name
    return is_it and course.stage in {Stage.REFUSED, Stage.ROLLED_BACK}


def _carried(world: World, rollout: int, terminals: list[Real]) -> None:
    """Let hours pass until it ended; the second person approves everything."""
    for _ in range(12):
        world.look(2)
        for own in terminals:
            own.look(world.fleet)
            own.report(world)
        world.later(61)
        world.look(2)
        row = ledger.one(world.engine, rollout)
        if row.course.step is Step.ASKING:
            office.approve(world.engine, rollout, APPROVER, world.now)
        if row.course.step in {Step.STOPPED, Step.DONE}:
            return
    raise AssertionError(row)
