"""A release brings its software: fetched, unpacked beside, in force on trial, taken back; by root.

Real packages by ``dpkg-deb``, real signed documents, a system in a folder; the power fails at every
write of the updater and of root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from fleet.errors import SourceRefused
from fleet.release import building
from fleet.release import software as packages
from kiosk.release.course import Course, Stage
from kiosk.release.door import Door, Places
from kiosk.release.errors import Unreachable, Unusable
from kiosk.release.fetching import Stick
from kiosk.release.fetching import Web as FromWeb
from kiosk.release.health import State, Verdict
from kiosk.release.reasons import Reason
from kiosk.release.software import ByDoor
from kiosk.release.update import Update
from kiosk.status.software import Software
from tests.releases.conftest import Terminal
from tests.releases.repositories import GROUP, Fleet, configuration
from tests.releases.test_power_cuts import PowerCut, cut
from tests.releases.web import Web

UNIT = "usr/lib/systemd/system/kiosk-agent.service"
NEEDS = "python3 (>= 3.11), systemd"
FILES = ("app/kiosk/cli.py", "libraries/x.py", "app/start")


def package(place: Path, version: str, change: Callable[[Path], None] = lambda _tree: None) -> Path:
    """Build a small package as ours is laid out."""
    tree = place / f"tree-{version}"
    shutil.rmtree(tree, ignore_errors=True)
    for name in FILES:
        path = tree / "usr/lib/yiduan/versions" / version / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{version}: {name}\n" * 50)
    (tree / "usr/lib/yiduan/versions" / version / "app/start").chmod(0o755)
    (tree / UNIT).parent.mkdir(parents=True)
    (tree / UNIT).write_text("[Unit]\n")
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN/control").write_text(control(version))
    change(tree)
    made = place / f"yiduan_{version}_amd64.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", str(tree), str(made)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return made


def control(version: str) -> str:
    """Return control fields."""
    return (
        f"Package: yiduan\nVersion: {version}\nArchitecture: amd64\nDepends: {NEEDS}\n"
        "Maintainer: nobody <nobody@localhost>\nDescription: a terminal\n"
    )


@dataclass(slots=True)
class System:
    """A terminal's system in a folder, installed by Debian with version 1.0."""

    root: Path
    terminal: Terminal
    restarts: list[str] = field(default_factory=list)
    visit_fails: bool = False
    restart_fails: bool = False

    def install(self, place: Path) -> None:
        """Put what Debian installed there."""
        subprocess.run(["dpkg-deb", "-x", str(package(place, "1.0")), str(self.root)], check=True)
        status = self.root / "var/lib/dpkg/status"
        status.parent.mkdir(parents=True)
        status.write_text("Package: sed\nVersion: 4\n\n" + control("1.0"))
        for name in ("current", "steady"):
            (self.root / "usr/lib/yiduan" / name).symlink_to("versions/1.0")

    @property
    def door(self) -> Door:
        """Root's side."""
        places = Places(
            root=self.root,
            releases=self.terminal.folder,
            state=self.root / "var/lib/yiduan/software",
            trusted=self.terminal.root,
        )
        return Door(places, self._restart)

    def update(self, source: Path | FromWeb) -> Course:
        """Look for a release; root's unit is started by what it writes."""
        manner = replace(
            self.terminal.updating()._manner,
            software=Near(self),
            visit=self._visit,
            at_start=self.at_start,
        )
        own = Stick(source) if isinstance(source, Path) else source
        return Update(manner).run(self.terminal.root, own)

    def at_start(self, generation: Path | None) -> str:
        """What processes read when they start: here the second file of the configuration."""
        name = "config/sites/hall.yaml"
        return (generation / name).read_text() if generation else ""

    def runs(self, name: str) -> str:
        """Return the version that a name points to, whose files are whole."""
        version = (self.root / "usr/lib/yiduan" / name).readlink().name
        there = self.root / "usr/lib/yiduan/versions" / version
        assert {own.relative_to(there).as_posix() for own in there.rglob("*") if own.is_file()} == (
            set(FILES)
        )
        assert all(f"{version}: {own}\n" * 50 == (there / own).read_text() for own in FILES)
        return version

    @property
    def versions(self) -> tuple[str, str, str]:
        """What runs, what the updater runs by, and the configuration's phone."""
        return self.runs("current"), self.runs("steady"), self.terminal.phone

    def _restart(self) -> None:
        if self.restart_fails:
            raise Unreachable("not restarted: no bus")
        self.restarts.append(self.runs("current"))

    def _visit(self, _new: Path, _before: Path | None) -> None:
        if self.visit_fails:
            raise Unusable("consent leads nowhere", Reason.VISIT)


class Near(ByDoor):
    """The door with root just behind it."""

    def __init__(self, system: System) -> None:
        super().__init__(
            system.terminal.folder, system.root / "var/lib/yiduan/software", system.root
        )
        self._system = system

    def _heard(self) -> Mapping[str, object]:
        self._system.door.obey()
        return super()._heard()


@pytest.fixture
def system(terminal: Terminal, place: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    """A terminal on release 1 and software 1.0; not every disk of this machine is flushed."""
    monkeypatch.setattr(os, "sync", lambda: None)
    own = System(root=place / "system", terminal=terminal)
    own.root.mkdir()
    own.install(place)
    return own


def publish(fleet: Fleet, phone: str, needs: Path | None, hall: str = "") -> Path:
    """Publish a release that needs a package; returns what is served."""
    fleet.number += 1
    sources = configuration(fleet.place / "sources", phone)
    if hall:
        (sources / "sites" / "hall.yaml").write_text(hall)
    named = packages.take(fleet.repository, needs) if needs else None
    name = f"release-{fleet.number}"
    building.build(fleet.repository, sources, GROUP, name=name, needs=named, now=fleet.now)
    fleet.sign("zhang", "li")
    return fleet.publish()


def test_a_release_brings_its_software(fleet: Fleet, system: System, place: Path) -> None:
    """Beside the one in force; restarted once; kept by the commit; the next needs none."""
    served = publish(fleet, "2", package(place, "1.1"))
    course = system.update(served)
    assert (course.stage, course.software_before, course.owes) == (Stage.COMMITTED, "1.0", False)
    assert system.versions == ("1.1", "1.1", "2")
    assert system.restarts == ["1.1"]
    started = system.root / "usr/lib/yiduan/versions/1.1/app/start"
    assert os.access(started, os.X_OK)
    course = system.update(publish(fleet, "3", package(place, "1.1")))
    assert (course.stage, system.versions) == (Stage.COMMITTED, ("1.1", "1.1", "3"))
    assert system.restarts == ["1.1"]
    system.update(publish(fleet, "4", package(place, "1.2")))
    names = sorted(own.name for own in (system.root / "usr/lib/yiduan/versions").iterdir())
    assert (names, system.versions) == (["1.0", "1.1", "1.2"], ("1.2", "1.2", "4"))


def _ill(system: System) -> None:
    system.terminal.health.verdict = Verdict(State.ILL, "session_crashed ×2", Reason.CRASHED)


def _no_visit(system: System) -> None:
    system.visit_fails = True


@pytest.mark.parametrize("wrong", [_ill, _no_visit])
def test_software_that_makes_the_terminal_ill_is_taken_back(
    fleet: Fleet, system: System, place: Path, wrong: Callable[[System], None]
) -> None:
    """With its configuration; the updater never ran by it; it is not tried again."""
    wrong(system)
    served = publish(fleet, "2", package(place, "1.1"))
    assert system.update(served).stage is Stage.ROLLED_BACK
    assert system.versions == ("1.0", "1.0", "1")
    assert system.restarts == ["1.1", "1.0"]
    assert system.update(served).stage is Stage.ROLLED_BACK
    assert system.restarts == ["1.1", "1.0"]


def test_a_committed_one_is_gone_back_from(fleet: Fleet, system: System, place: Path) -> None:
    """By order, with its software."""
    system.update(publish(fleet, "2", package(place, "1.1")))
    manner = replace(system.terminal.updating()._manner, software=Near(system))
    Update(manner).back("0021: no")
    assert system.versions == ("1.0", "1.0", "1")


def _cuts(system: System, run: Callable[[], object]) -> int:
    with cut(0) as cuts:
        run()
    return cuts.count


@pytest.mark.parametrize("every", [29, pytest.param(1, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("ill", [False, True])
def test_a_power_cut_at_any_write(
    fleet: Fleet, system: System, place: Path, ill: bool, every: int
) -> None:
    """Of updater and root: what is named is whole; the next start carries it to its end."""
    if ill:
        _ill(system)
    served = publish(fleet, "2", package(place, "1.1"))
    folders = (system.root, system.terminal.folder)
    for own in folders:
        shutil.copytree(own, own.with_name(f"{own.name}.before"), symlinks=True)
    count = _cuts(system, lambda: system.update(served))
    assert count > 60
    for number in range(1, count + 1, every):
        for own in folders:
            shutil.rmtree(own)
            shutil.copytree(own.with_name(f"{own.name}.before"), own, symlinks=True)
        with pytest.raises(PowerCut), cut(number):
            system.update(served)
        current, steady, _ = system.versions
        assert {current, steady} <= {"1.0", "1.1"}, number
        system.update(served)
        wanted = ("1.0", "1.0", "1") if ill else ("1.1", "1.1", "2")
        assert system.versions == wanted, number
        course = system.terminal.course
        assert (course.owes, bool(system.restarts)) == (False, True), number


def test_a_release_restarts_what_reads_it_at_its_start(fleet: Fleet, system: System) -> None:
    """And only when a value differs; back again when it is taken back."""
    system.update(publish(fleet, "2", None))
    assert system.restarts == []
    system.update(publish(fleet, "3", None, "terminal:\n  site_name: 别处\n"))
    assert system.restarts == ["1.0"]
    _ill(system)
    system.update(publish(fleet, "4", None))
    assert system.restarts == ["1.0", "1.0", "1.0"]
    assert system.terminal.phone == "3"


def _other_unit(tree: Path) -> None:
    (tree / UNIT).write_text("[Unit]\nDescription=other\n")


def _more_files(tree: Path) -> None:
    (tree / "usr/bin").mkdir()
    (tree / "usr/bin/helper").write_text("#!/bin/sh\n")


def _other_needs(tree: Path) -> None:
    control = tree / "DEBIAN/control"
    control.write_text(control.read_text().replace("systemd", "systemd, curl"))


def _a_link(tree: Path) -> None:
    (tree / "usr/lib/yiduan/versions/1.1/app/link").symlink_to("/etc/shadow")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_other_unit, Reason.HANDS),
        (_more_files, Reason.HANDS),
        (_other_needs, Reason.HANDS),
        (_a_link, Reason.SOFTWARE),
    ],
)
def test_a_package_that_reaches_elsewhere_is_refused(
    fleet: Fleet, system: System, place: Path, change: Callable[[Path], None], reason: Reason
) -> None:
    """Well signed as it is: before anything runs, and nothing of it stays."""
    course = system.update(publish(fleet, "2", package(place, "1.1", change)))
    assert (course.stage, course.code) == (Stage.REFUSED, reason)
    assert system.versions == ("1.0", "1.0", "1")
    names = [own.name for own in (system.root / "usr/lib/yiduan/versions").iterdir()]
    assert (names, system.restarts) == (["1.0"], [])


def test_root_believes_signed_documents_alone(fleet: Fleet, system: System, place: Path) -> None:
    """Whoever took over the updater's user gets nothing installed and nothing old switched on."""
    served = publish(fleet, "2", package(place, "1.1"))
    near = Near(system)
    system.update(publish(fleet, "3", None))
    folder = system.terminal.folder / "incoming" / "software"
    folder.mkdir(parents=True, exist_ok=True)
    own = package(place, "6.6")
    named = Software(version="6.6", length=own.stat().st_size, digest="0" * 64)
    shutil.copy(own, folder / f"{named.digest}.deb")
    for ask in (
        lambda: near.switch("6.6"),
        lambda: near.keep("../../../tmp"),
        lambda: near._ask("install", "6.6", GROUP),
        lambda: near._ask("install", "1.1", GROUP),
        lambda: near._ask("run", "1.0", GROUP),
    ):
        with pytest.raises((Unusable, Unreachable)):
            ask()
    (system.root / "usr/lib/yiduan/versions/6.6").mkdir()
    with pytest.raises(Unusable, match="not here"):
        near.switch("6.6")
    shutil.rmtree(system.root / "usr/lib/yiduan/versions/6.6")
    assert system.versions == ("1.0", "1.0", "3")
    assert served.exists()


def test_a_changed_package_is_not_taken(fleet: Fleet, system: System, place: Path) -> None:
    """On the server or in the updater's own folder."""
    served = publish(fleet, "2", package(place, "1.1"))
    package_served = next((served / "targets" / "software").iterdir())
    whole = package_served.read_bytes()
    package_served.unlink()
    package_served.write_bytes(whole[:-1] + b"x")
    with pytest.raises(Exception, match="not what was signed"):
        system.update(served)
    assert system.versions == ("1.0", "1.0", "1")
    package_served.write_bytes(whole)
    assert system.update(served).stage is Stage.COMMITTED


def test_without_the_package_the_software_stays(fleet: Fleet, terminal: Terminal) -> None:
    """A desk, or a terminal that was installed otherwise, says so."""
    served = publish(fleet, "2", package(fleet.place, "1.1"))
    course = terminal.update_from(served)
    assert (course.stage, course.code, terminal.phone) == (
        Stage.REFUSED,
        Reason.NO_SOFTWARE,
        "1",
    )


def test_a_broken_line_costs_the_piece(fleet: Fleet, system: System, place: Path) -> None:
    """The next look goes on where the last one ended."""
    served = publish(fleet, "2", package(place, "1.1"))
    whole = next((served / "targets" / "software").iterdir())
    folder = system.terminal.folder / "incoming" / "software"
    folder.mkdir(parents=True)
    (folder / f"{whole.stem}.part").write_bytes(whole.read_bytes()[:700])
    data, asked = whole.read_bytes(), list[str]()

    def ranged(own: BaseHTTPRequestHandler) -> None:
        asked.append(own.headers["Range"])
        head = f"HTTP/1.1 206 -\r\nContent-Range: bytes 700-{len(data) - 1}/{len(data)}\r\n"
        own.wfile.write(f"{head}Content-Length: {len(data) - 700}\r\n\r\n".encode() + data[700:])

    with Web(served, instead={".deb": ranged}) as web:
        source = FromWeb(web.url, system.terminal.folder / "metadata")
        assert system.update(source).stage is Stage.COMMITTED
        source.close()
    assert asked == ["bytes=700-"]
    assert system.versions == ("1.1", "1.1", "2")


@pytest.mark.parametrize(
    ("told", "words"),
    [({"version": "../x"}, "named"), ({"length": 10**12}, "named"), ({"digest": "x"}, "named")],
)
def test_software_that_is_not_named_so_is_refused(told: dict[str, object], words: str) -> None:
    """By both sides."""
    own = {"version": "1.0", "length": 5, "digest": "0" * 64} | told
    with pytest.raises(ValueError, match=words):
        Software.named(own)


def test_another_package_is_not_published(fleet: Fleet, tmp_path: Path) -> None:
    """The admin is told."""
    (tmp_path / "x.deb").write_bytes(b"no package")
    with pytest.raises(SourceRefused, match="no package"):
        packages.take(fleet.repository, tmp_path / "x.deb")
