"""The narrow door to root: install a signed version, let a version run, restart between citizens.

Theory of operation. The unit that updates has no rights over the programs. It writes down what it
asks, and a unit of root's own (``kiosk-software``, started by the change of that file) does it and
writes down how it went. There are four things that can be asked, each by a version's name alone;
asking again does no harm. Root believes nothing of who asks: it reads the signed documents that lie
beside the pack with a client and a memory of its own, copies the package before it looks at it,
and lets run only what it unpacked itself or Debian installed.

::

    install   the version that the group's signed document names, beside the others
    switch    current -> versions/<version>: what the terminal runs from the next start on
    keep      steady  -> versions/<version>: what the updater itself runs, so that a version on
              trial that cannot even start is taken back all the same
    restart   the terminal's processes, between two citizens
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient.fetcher import FetcherInterface

from kiosk.release import durable
from kiosk.release.errors import NoRoom, ReleaseError, Unusable
from kiosk.release.package import VERSIONS, Package, installed_version
from kiosk.release.reasons import Reason
from kiosk.release.resuming import digest_of, package
from kiosk.release.trust import SOFTWARE, Trust
from kiosk.status.software import VERSION, Software

ASK: Final = "ask.json"
ANSWER: Final = "answer.json"
CURRENT: Final = "current"
STEADY: Final = "steady"
VERIFIED: Final = "verified"
"""Folder of names of versions that root unpacked."""
RESERVE: Final = 256 * 1024 * 1024
_GROWS: Final = 4
"""How much larger a package is when it is unpacked, at most."""
_GONE: Final = 404

Restart = Callable[[], None]
"""Restarts the terminal's processes between two citizens; raises `Unusable`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """Where things are.

    Attributes:
        root: of the system; ``/`` on a terminal.
        releases: folder of releases, which is not root's.
        state: root's own folder.
        trusted: the root document of installation; empty: there is none, and nothing is installed.
    """

    root: Path
    releases: Path
    state: Path
    trusted: bytes


class Door:
    """Root's side."""

    def __init__(self, places: Places, restart: Restart) -> None:
        """Take where things are, and what restarts the terminal's processes."""
        self._places, self._restart = places, restart
        self._home = places.root / VERSIONS.parent

    def obey(self) -> None:
        """Do what is asked, unless it was done; and write down how it went.

        Raises:
            OSError: the disk does not take the answer.
        """
        self._places.state.mkdir(parents=True, exist_ok=True, mode=0o755)
        with (self._places.state / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            ask = read(self._places.releases / SOFTWARE / ASK)
            number = str(ask.get("number", ""))[:64]
            if not number or read(self._places.state / ANSWER).get("number") == number:
                return
            told = self._done(str(ask.get("do")), str(ask.get("version", "")), ask)
            answer = self._places.state / ANSWER
            durable.put(answer, json.dumps({"number": number, **told}).encode())
            answer.chmod(0o644)

    def _done(self, what: str, version: str, ask: Mapping[str, object]) -> dict[str, str]:
        does: dict[str, Callable[[], None]] = {
            "install": lambda: self.install(str(ask.get("group", "")), version),
            "switch": lambda: self.switch(version),
            "keep": lambda: self.keep(version),
            "restart": self._restart,
        }
        act = does.get(what)
        if act is None or (what != "restart" and not VERSION.fullmatch(version)):
            return {"outcome": Reason.SOFTWARE, "why": "nothing that can be asked"}
        try:
            act()
        except Unusable as error:
            return {"outcome": error.reason, "why": str(error)}
        except (ReleaseError, OSError) as error:
            return {"outcome": "again", "why": str(error)}
        return {"outcome": "", "why": ""}

    def install(self, group: str, version: str) -> None:
        """Unpack the package that a group's document names, if it is this version.

        Raises:
            Unusable: it is not what was signed, or does not install so.
            Stale, Untrusted, NoRoom: as they say.
        """
        software = self._signed(group)
        if software is None or software.version != version:
            raise Unusable(f"{version} is not the version that was signed", Reason.SOFTWARE)
        if self._is_here(version):
            self._demand_same(software)
            return
        own = self._copied(software)
        self._prune(version)
        Package(own, self._places.root).unpack(version)
        marks = self._places.state / VERIFIED
        marks.mkdir(exist_ok=True)
        durable.put(marks / version, software.digest.encode())
        own.unlink()

    def _demand_same(self, software: Software) -> None:
        """Refuse other bytes under the name of a version that is here."""
        mark = self._places.state / VERIFIED / software.version
        if mark.exists() and mark.read_text() != software.digest:
            raise Unusable(f"another {software.version} is here already", Reason.SOFTWARE)

    def switch(self, version: str) -> None:
        """Let a version run from the next start on; raises `Unusable` when it is not here."""
        self._point(CURRENT, version)

    def keep(self, version: str) -> None:
        """Let a version run the updater, too; raises `Unusable` when it is not here."""
        self._point(STEADY, version)

    def _point(self, name: str, version: str) -> None:
        if not self._is_here(version):
            raise Unusable(f"{version} is not here", Reason.SOFTWARE)
        durable.point(self._home / name, Path("versions") / version)

    def _is_here(self, version: str) -> bool:
        """Whether a version is one that root unpacked whole, or Debian did."""
        mark = (self._places.state / VERIFIED / version).exists()
        known = mark or version == installed_version(self._places.root)
        return known and (self._home / "versions" / version).is_dir()

    def _signed(self, group: str) -> Software | None:
        """Return what a group's document names, believed anew by root's own client."""
        if not self._places.trusted:
            raise Unusable("root has no root document of installation", Reason.NO_SOFTWARE)
        kept = _Documents(self._places.releases / "metadata")
        trust = Trust(self._places.state, self._places.trusted, kept)
        offer = trust.offer(group)
        return offer.software if offer else None

    def _copied(self, software: Software) -> Path:
        """Return a copy of the package that only root can change, held against what was signed."""
        need = software.length * (1 + _GROWS)
        if shutil.disk_usage(self._places.state).free < need + RESERVE:
            raise NoRoom(f"{need} bytes are needed for the software")
        theirs = package(software, self._places.releases / "incoming" / SOFTWARE)
        own = self._places.state / "package.deb"
        with durable.room(), _opened(theirs) as source, own.open("wb") as target:
            left = software.length
            while left and (piece := source.read(min(left, 1 << 20))):
                target.write(piece)
                left -= len(piece)
        if digest_of(own) != software.digest:
            own.unlink()
            raise Unusable("the package is not what was signed", Reason.SOFTWARE)
        return own

    def _prune(self, wanted: str) -> None:
        """Remove versions that neither run, nor are kept, nor are Debian's."""
        names = {target_of(self._home / name) for name in (CURRENT, STEADY)}
        names |= {wanted, installed_version(self._places.root)}
        for own in (self._home / "versions").iterdir():
            if own.name not in names:
                (self._places.state / VERIFIED / own.name).unlink(missing_ok=True)
                shutil.rmtree(own, ignore_errors=True)


class _Documents(FetcherInterface):
    """The signed documents that the updater keeps, as a server would have them."""

    metadata_url = "kept:/"
    targets_url = "kept:/targets/"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def fetcher(self) -> FetcherInterface:
        """What gets a file."""
        return self

    def settle(self) -> None:
        """Nothing is remembered."""

    def pieces(self, path: str, offset: int) -> Iterator[bytes]:
        """Nothing but documents is here."""
        raise DownloadHTTPError(f"{path} at {offset}", _GONE)

    def _fetch(self, url: str) -> Iterator[bytes]:
        name = url.removeprefix(self.metadata_url)
        number, _, rest = name.partition(".")
        if rest == "root.json":
            path = self._folder / "root_history" / name
        else:
            path = self._folder / (rest if number.isdigit() else name)
        try:
            with _opened(path) as file:
                return iter([file.read()])
        except OSError as error:
            raise DownloadHTTPError(f"{name} is not there", _GONE) from error


def _opened(path: Path) -> BinaryIO:
    """Open a file of somebody else: no link is followed, nothing is waited for."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    return os.fdopen(descriptor, "rb")


def target_of(link: Path) -> str:
    """Return the version that a name points to; empty: none."""
    try:
        return link.readlink().name
    except OSError:
        return ""


def read(path: Path) -> Mapping[str, object]:
    """Return a small file's object; empty: there is none."""
    try:
        with _opened(path) as file:
            told = json.loads(file.read(4096))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
