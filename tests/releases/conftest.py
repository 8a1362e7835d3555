"""A fleet with one release, a terminal that has it, and the server between them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kiosk.release import course as courses
from kiosk.release.course import Course
from kiosk.release.fetching import Stick
from kiosk.release.fetching import Web as FromWeb
from kiosk.release.health import State, Verdict
from kiosk.release.update import Manner, Update
from tests.releases.repositories import GROUP, Fleet
from tests.releases.web import Web


@dataclass(slots=True)
class Told:
    """Health as a test tells it."""

    verdict: Verdict = field(default_factory=lambda: Verdict(State.WELL))

    def look(self, since: str) -> Verdict:
        """Return what was told."""
        assert since
        return self.verdict


@dataclass(slots=True)
class Terminal:
    """A terminal's releases below ``folder``."""

    folder: Path
    root: bytes
    group: str = GROUP
    health: Told = field(default_factory=Told)
    checked: list[str] = field(default_factory=list)
    refuses: type[BaseException] | None = None
    longest_s: float = 5.0

    def update(self, url: str, pause: Callable[[float], object] = lambda _: None) -> Course:
        """Look for a release at a server."""
        source = FromWeb(url, self.folder / "metadata", longest_s=self.longest_s)
        try:
            return self.updating(pause).run(self.root, source)
        finally:
            source.close()

    def update_from(self, stick: Path, pause: Callable[[float], object] = lambda _: None) -> Course:
        """Look for a release on a stick."""
        return self.updating(pause).run(self.root, Stick(stick))

    def updating(self, pause: Callable[[float], object] = lambda _: None) -> Update:
        """The update as it is done here."""
        return Update(
            Manner(
                folder=self.folder,
                group=self.group,
                check=self._check,
                health=self.health,
                trial_s=1.0,
                reserve=0,
                pause=pause,
            )
        )

    @property
    def phone(self) -> str:
        """The phone of the release in force; empty: none is."""
        path = self.folder / "current" / "config" / "defaults.yaml"
        return path.read_text().split("'")[1] if path.exists() else ""

    @property
    def course(self) -> Course:
        """How far it is."""
        return courses.read(self.folder)

    def _check(self, generation: Path) -> None:
        self.checked.append(generation.name)
        if self.refuses is not None:
            raise self.refuses("not usable")


MEMORY = Path("/dev/shm")  # noqa: S108 - every write here goes down to the disk, some thousands


@pytest.fixture(scope="session")
def fleets() -> Iterator[Path]:
    """A fleet that has published one release to the canary group; copied for each test."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        Fleet(Path(name) / "first").begin().release("1")
        yield Path(name)


@pytest.fixture
def place(fleets: Path) -> Iterator[Path]:
    """A folder of a test's own."""
    with TemporaryDirectory(dir=fleets) as name:
        yield Path(name)


@pytest.fixture
def fleet(fleets: Path, place: Path) -> Fleet:
    """A fleet of a test's own."""
    shutil.copytree(fleets / "first", place / "fleet", symlinks=True)
    return Fleet(place / "fleet", number=1).open()


@pytest.fixture
def web(fleet: Fleet) -> Iterator[Web]:
    """A server of what the fleet publishes."""
    with Web(fleet.repository.public) as own:
        yield own


@pytest.fixture
def terminal(fleet: Fleet, web: Web, place: Path) -> Terminal:
    """A terminal with the first release in force."""
    own = Terminal(place / "releases", fleet.root)
    own.update(web.url)
    assert own.phone == "1"
    return own
