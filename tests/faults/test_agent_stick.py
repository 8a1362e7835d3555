"""A release on a stick: told in words, installed by command, and nothing else changes anything."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from kiosk.agent import stick_release
from kiosk.agent.stick_release import changes, look
from kiosk.channel import Client, Refused
from kiosk.maintenance.effects import InstallFromStick
from kiosk.maintenance.facts import Did, Words
from kiosk.maintenance.intents import Intent, Said
from kiosk.maintenance.staff import Role
from kiosk.release import course as courses
from kiosk.release.confirmed import confirmed
from kiosk.release.course import Stage
from kiosk.release.errors import Untrusted
from kiosk.session.maintenance.agent_desk import AgentDesk
from kiosk.session.maintenance.errands import Errands
from kiosk.session.maintenance.update_errands import UpdateErrands
from kiosk.settings import config_root
from tests.faults.test_agent_maintenance import SECRETS, Terminal
from tests.releases.repositories import GROUP, Fleet
from tests.unit.test_diagnostics import DESK
from tests.waiting import until


class Served:
    """What lies on sticks, made once: of our fleet, of another group, of strangers."""

    def __init__(self, place: Path) -> None:
        fleet = Fleet(place / "fleet").begin()
        self.root = fleet.root
        self.ours = _kept(fleet.release("0371-0000001"), place / "ours")
        stranger = Fleet(place / "stranger").begin()
        self.strange = _kept(stranger.release("0371-0000002"), place / "strange")
        others = Fleet(place / "others").begin()
        self.others_root = others.root
        self.of_others = _kept(others.release("0371-0000001", group="early"), place / "of-others")


def _kept(served: Path, place: Path) -> Path:
    shutil.copytree(served, place)
    return place


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """All of them."""
    return Served(tmp_path_factory.mktemp("served"))


class WithStick:
    """A terminal of one group, and its releases."""

    def __init__(self, place: Path, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
        self.served = served
        self.releases, root = place / "releases", place / "root.json"
        root.write_bytes(served.root)
        self.root = root
        self.asked = place / "asked"
        own = place / "own.yaml"
        own.write_text(f"release: {{group: {GROUP}}}\nterminal: {{id: T-0020}}\n")
        monkeypatch.setenv("YIDUAN_RELEASES", str(self.releases))
        monkeypatch.setenv("YIDUAN_RELEASE_ROOT", str(root))
        command = place / "install"
        command.write_text(f"#!/bin/sh\necho yes > {self.asked}\n")
        command.chmod(0o755)
        self.terminal = Terminal(
            place / "t", Role.CLERK, settings=(DESK, own), update=(str(command),)
        )
        self.stick = self.terminal.stick

    def put(self, served: Path) -> None:
        """Copy what a server would serve to the stick."""
        shutil.rmtree(self.stick, ignore_errors=True)
        shutil.copytree(served, self.stick)

    def look(self, own: Client) -> dict[str, object]:
        """Return what is told of it."""
        return own.call("stick_look")


@pytest.fixture
def town(tmp_path: Path, served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[WithStick]:
    """All of it."""
    (tmp_path / "t").mkdir()
    own = WithStick(tmp_path, served, monkeypatch)
    yield own
    own.terminal.close()


def test_a_signed_release_is_told_and_installed_once_it_was_seen(town: WithStick) -> None:
    """Name, when it was made, what is another than now; only what was shown may be installed."""
    town.put(town.served.ours)
    with town.terminal.signed_in() as own:
        with pytest.raises(Refused, match="bad_request"):
            own.call("stick_update", digest="0" * 64)
        found = town.look(own)
        assert (found["word"], found["name"], found["now"]) == ("new", "release-1", "")
        assert found["changes"]
        assert not town.releases.exists(), "a look changes nothing"
        own.call("stick_update", digest=found["digest"])
        assert confirmed(town.releases) == found["digest"], "what the unit may install"
        until(lambda: own.call("stick_progress")["ended"] == 0)
    assert town.asked.exists()
    assert "stick_update_began" in town.terminal.events()


def test_the_root_of_the_enrolment_is_looked_by_where_none_is_installed(
    town: WithStick, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an update goes by it; one that was installed goes before it."""
    monkeypatch.delenv("YIDUAN_RELEASE_ROOT")
    enrolled, installed = tmp_path / "enrolled.json", tmp_path / "installed.json"
    monkeypatch.setattr(stick_release, "ENROLLED", enrolled)
    monkeypatch.setattr(stick_release, "ROOT", installed)
    enrolled.write_bytes(town.served.root)
    town.put(town.served.ours)
    config = config_root()
    assert look(town.stick, town.releases, GROUP, config).word == "new"
    installed.write_bytes(town.served.others_root)
    with pytest.raises(Untrusted):
        look(town.stick, town.releases, GROUP, config)


def test_one_that_is_here_already_is_told_so(town: WithStick) -> None:
    """The clerk reads that there is nothing to do, not that something is wrong."""
    town.put(town.served.ours)
    with town.terminal.signed_in() as own:
        digest = str(town.look(own)["digest"])
        offer = courses.Offer(group=GROUP, name="release-1", version=1, length=1, digest=digest)
        town.releases.mkdir()
        here = courses.Course(stage=Stage.COMMITTED, offer=offer, generation=1)
        courses.keep(town.releases, here)
        assert town.look(own)["word"] == "in_force"
        with pytest.raises(Refused, match="bad_request"):
            own.call("stick_update", digest=digest)


def _unsigned(town: WithStick) -> None:
    """A stranger's fleet signed it."""
    town.put(town.served.strange)


def _changed(town: WithStick) -> None:
    """Somebody wrote into the pack after it was signed."""
    town.put(town.served.ours)
    (pack,) = (town.stick / "targets").rglob("*.tar.zst")
    data = bytearray(pack.read_bytes())
    data[len(data) // 2] ^= 1
    pack.write_bytes(data)


def _of_others(town: WithStick) -> None:
    """It is signed, for another group of terminals."""
    town.root.write_bytes(town.served.others_root)
    town.put(town.served.of_others)


def _holiday_pictures(town: WithStick) -> None:
    """Something quite else."""
    (town.stick / "DCIM").mkdir(parents=True)
    (town.stick / "DCIM" / "0001.jpg").write_bytes(b"\xff\xd8\xff")


def _loop(town: WithStick) -> None:
    """A stick that leads in circles, or to the terminal's own files."""
    town.stick.mkdir(parents=True)
    (town.stick / "metadata").symlink_to(town.stick)
    os.mkfifo(town.stick / "targets")


@pytest.mark.parametrize(
    ("lay", "reason"),
    [
        (_unsigned, "release.untrusted"),
        (_changed, "release.untrusted"),
        (_of_others, "release.unreachable"),
        (_holiday_pictures, "release.unreachable"),
        (_loop, "release.unreachable"),
    ],
)
def test_anything_else_is_told_noted_and_changes_nothing(
    town: WithStick, lay: object, reason: str
) -> None:
    """A stranger's stick is an event in the log and no change of the terminal."""
    lay(town)  # type: ignore[operator]
    with town.terminal.signed_in() as own:
        assert town.look(own)["word"] == reason
        with pytest.raises(Refused, match="bad_request"):
            own.call("stick_update", digest="")
    assert ("stick_refused", {"person": "0317", "reason": reason}) in town.terminal.noted
    assert not town.releases.exists()
    assert not town.asked.exists()


def test_no_stick_is_told_as_such(town: WithStick) -> None:
    """Nothing is plugged in."""
    with town.terminal.signed_in() as own, pytest.raises(Refused, match="no_stick"):
        town.look(own)


def test_what_is_another_is_counted_by_what_staff_call_it(tmp_path: Path) -> None:
    """A thing that changed, one that is new, one that is gone; schemas are no change."""
    for name, text in {
        "now/catalogue/a.yaml": "1",
        "now/catalogue/b.yaml": "1",
        "now/schema/x.json": "1",
        "now/defaults.yaml": "1",
        "then/catalogue/a.yaml": "2",
        "then/catalogue/c.yaml": "1",
        "then/defaults.yaml": "1",
        "then/devices/p.yaml": "1",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(text))
    told = changes(tmp_path / "now", tmp_path / "then")
    assert told == {"things": 3, "devices": 1}


@pytest.mark.parametrize(
    ("stage", "well"), [("trial", True), ("refused", False), ("rolled_back", False)]
)
def test_the_page_follows_what_is_installed_to_its_end(
    town: WithStick, stage: str, well: bool, tmp_path: Path
) -> None:
    """The command writes how far it is; the clerk reads each stage, and then how it ended."""
    town.put(town.served.ours)
    heard: list[Intent] = []
    with town.terminal.signed_in() as own:
        digest = str(town.look(own)["digest"])
        offer = courses.Offer(group=GROUP, name="release-1", version=1, length=1, digest=digest)
        for number, name in enumerate(("verified", stage)):
            folder = tmp_path / f"then-{number}"
            folder.mkdir()
            courses.keep(folder, courses.Course(stage=Stage(name), offer=offer, generation=1))
        town.releases.mkdir()
        first, last = (tmp_path / f"then-{n}" / courses.FILE for n in (0, 1))
        (tmp_path / "install").write_text(
            f"#!/bin/sh\ncp {first} {town.releases}\nsleep 1.5\ncp {last} {town.releases}\n"
        )
        desk = AgentDesk(town.terminal.state / "s", SECRETS.roles["maintenance"])
        desk._client = own
        parts = SimpleNamespace(agent=desk)
        errands = UpdateErrands(Errands(parts, heard.append, lambda: None))  # type: ignore[arg-type]
        errands.install(InstallFromStick(ticket=1, digest=digest))
        until(lambda: heard and heard[-1].kind is Said.DID)
    said = [one.fact for one in heard]
    assert isinstance(said[0], Words)
    assert said[0].told.key == "stick.doing.check"
    assert isinstance(said[-1], Did)
    assert (said[-1].told.key, said[-1].well) == (f"stick.end.{stage}", well)
    assert said[-1].hint is not None
