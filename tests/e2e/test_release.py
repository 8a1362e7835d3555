"""A running terminal takes a release, and is rid of one that makes it ill, with nobody near."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fleet.release import building
from kiosk.desk.stack import REPOSITORY
from kiosk.release.course import Course, Stage
from kiosk.release.fetching import Stick
from kiosk.release.health import AuditHealth
from kiosk.release.update import Manner, Update
from tests.e2e.desk import Desk
from tests.releases.repositories import GROUP, Fleet, passes
from tests.waiting import until

pytestmark = pytest.mark.e2e
TRIAL_S = 4.0


@dataclass(frozen=True, slots=True)
class Town:
    """A fleet and a terminal that takes its releases; what is wrong with them is not looked at."""

    fleet: Fleet
    desk: Desk
    releases: Path

    def release(self, name: str, file: str, text: str) -> Course:
        """Publish our configuration with other words in one file, and have the terminal take it."""
        sources = self.fleet.place / name
        shutil.copytree(REPOSITORY / "config", sources)
        (sources / file).write_text((sources / file).read_text() + text)
        building.build(self.fleet.repository, sources, GROUP, name=name)
        self.fleet.sign("zhang", "li")
        return self._update().run(self.fleet.root, Stick(self.fleet.publish()))

    def _update(self) -> Update:
        run = self.desk.stack.run
        sockets = [run / "agent.sock", run / "xfs4iot" / "IdReader.sock"]
        health = AuditHealth(self.desk.stack.state / "audit", sockets)
        return Update(
            Manner(
                folder=self.releases,
                group=GROUP,
                check=passes,
                health=health,
                trial_s=TRIAL_S,
                reserve=0,
            )
        )


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A terminal as it was installed."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    releases = tmp_path / "releases"
    monkeypatch.setenv("YIDUAN_RELEASES", str(releases))
    fleet = Fleet(tmp_path / "fleet").begin()
    with Desk() as desk:
        yield Town(fleet, desk, releases)


def test_a_release_is_in_force_from_the_next_citizen_and_an_ill_one_is_taken_back(
    town: Town,
) -> None:
    """Greeting by release; then a catalogue that sessions refuse: the greeting comes back."""
    town.desk.sees(page="attract", title="attract.title")
    course = town.release("greets", "sites/hall.yaml", "idle:\n  greeting: 顺路就把事办了\n")
    assert (course.stage, course.why) == (Stage.COMMITTED, "")
    town.desk.sees(page="attract", title="plain")

    course = town.release("ill", "sites/hall.yaml", "sound:\n  volume: loud\n")
    assert course.stage is Stage.ROLLED_BACK
    assert course.why.startswith("settings_refused")
    town.desk.sees(page="attract", title="plain")
    log = town.desk.stack.state / "audit" / "audit.log"
    until(lambda: "release_rolled_back" in log.read_text())
