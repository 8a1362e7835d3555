"""Pictures of a terminal under a release, as they are kept beside it.

::

    <repository>/previews/<digest of the pack>/<which terminal>/preview.json
    …/after/<page>.png, <page>-small.png       each page as the release has it
    …/before/…                                 those that the release changes or takes away
    …/index.html                               the same to read without a console

A page has the same key under both configurations. Whether it differs is told by its dots.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal

import structlog
from pydantic import AfterValidator, Field, TypeAdapter

from fleet.errors import RepositoryRefused
from fleet.release import holding
from fleet.release.repository import Repository

Change = Literal["alone", "same", "changed", "new", "gone"]
"""*Alone*: there is nothing to hold it against."""
MOST: Final = 6
"""Terminals that are kept of a release for one group: some 20 MB each at most."""
TABLE: Final = "preview.json"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,119}")
"""Of a page, or of a terminal: it names files, and is a part of addresses."""

log = structlog.get_logger()


def _named(name: str) -> str:
    """Return what names a file; raises ValueError for what leads elsewhere."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} names no file")
    return name


def _moment(at: str) -> str:
    """Return what is a moment; raises ValueError."""
    datetime.fromisoformat(at)
    return at


Dots = Annotated[int, Field(gt=0)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page that was painted.

    Attributes:
        key: names its files.
        kind: ``attract``, ``home``, ``help``, ``guide`` or ``out``.
        of: whose things a list has, or the name of a guide's thing.
        leaf: of a list, from 1; 0: the page has one.
        elder: with elder letters.
        change: against the configuration before.
        width: dots.
        height: dots.
    """

    key: Annotated[str, AfterValidator(_named)]
    kind: str
    of: str
    leaf: int
    elder: bool
    change: Change
    width: Dots
    height: Dots

    @property
    def sides(self) -> tuple[str, ...]:
        """Folders that have its picture, in the order in which they are shown."""
        told: Mapping[Change, tuple[str, ...]] = {
            "changed": ("before", "after"),
            "gone": ("before",),
        }
        return told.get(self.change, ("after",))


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What one terminal shows under one release.

    Attributes:
        digest: of the pack, SHA-256.
        release: its name; empty: a directory that is no release yet.
        group: which terminals it is for.
        before: name of what it is held against; empty: nothing.
        trouble: why what went before could not be painted; empty: it could.
        site: kind of site.
        jurisdiction: its code.
        name: of the jurisdiction.
        place: what the terminal calls itself.
        own: the settings of one real terminal are over it.
        width: dots of the screen.
        height: dots of the screen.
        at: when it is there, in legal time.
        made_at: when it was painted, UTC.
        pages: in the order of a visit.
    """

    digest: str
    release: str
    group: str
    before: str
    trouble: str
    site: str
    jurisdiction: str
    name: str
    place: str
    own: bool
    width: Dots
    height: Dots
    at: Annotated[str, AfterValidator(_moment)]
    made_at: str
    pages: tuple[Page, ...]

    def having(self, *changes: Change) -> tuple[Page, ...]:
        """Return the pages of which one of these is so."""
        return tuple(page for page in self.pages if page.change in changes)

    def page(self, key: str) -> Page | None:
        """Return a page by its key."""
        return next((page for page in self.pages if page.key == key), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A preview, and the folder that it lies in."""

    folder: Path
    preview: Preview

    def picture(self, side: str, key: str, *, small: bool) -> Path | None:
        """Return where a picture lies; None: there is none of that name."""
        page = self.preview.page(key)
        if page is None or side not in page.sides:
            return None
        return self.folder / side / f"{page.key}{'-small' if small else ''}.png"


def write(folder: Path, preview: Preview) -> None:
    """Lay the table into a folder that has the pictures."""
    (folder / TABLE).write_text(json.dumps(asdict(preview), ensure_ascii=False, indent=1))


def kept(repository: Repository, digest: str) -> tuple[Kept, ...]:
    """Return the previews of a pack, the newest first; one that is no preview is left out."""
    found = (own for own in _folder(repository, digest).glob("*/") if own.name[0] != ".")
    return tuple(
        sorted(_read(found), key=lambda own: (own.preview.made_at, own.folder.name), reverse=True)
    )


def unreadable(repository: Repository, digest: str) -> tuple[Path, ...]:
    """Return the folders of a pack's previews that are there and that we may not read."""
    place = _folder(repository, digest)
    try:
        found = sorted(own for own in place.iterdir() if own.name[0] != ".")
    except PermissionError:
        return (place,)
    except OSError:  # nothing was painted
        return ()
    return tuple(own for own in found if _barred(own / TABLE))


@contextmanager
def workplace(repository: Repository, digest: str) -> Iterator[Path]:
    """Lend an empty folder beside those that are kept of a pack; what is left in it goes.

    While it is lent it is locked (flock(2)): what nobody holds is left over from a power cut.

    Raises:
        RepositoryRefused: nothing can be written there.
    """
    place = _folder(repository, digest)
    try:
        with repository.alone():  # nobody takes the folder away before it is locked
            place.mkdir(parents=True, exist_ok=True)
            made = Path(tempfile.mkdtemp(dir=place, prefix="."))
            held = os.open(made, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(held, fcntl.LOCK_EX)
    except OSError as error:
        raise RepositoryRefused(f"{place}: pictures cannot be kept there ({error})") from error
    try:
        yield made
    finally:
        os.close(held)
        shutil.rmtree(made, ignore_errors=True)


def keep(repository: Repository, made: Path, preview: Preview, name: str) -> Path:
    """Give a finished folder of `workplace` its name; returns where it is.

    Whoever reads the folder that it is in reads it, too: the console is seldom who paints. One of
    the same terminal is replaced. What was painted of releases that are gone goes, and the oldest
    beyond `MOST`.

    Raises:
        RepositoryRefused: nothing can be kept there.
    """
    into = _folder(repository, preview.digest) / name
    try:
        with repository.alone():
            made.chmod(stat.S_IMODE(into.parent.stat().st_mode))
            shutil.rmtree(into, ignore_errors=True)
            made.rename(into)
            _clear(repository, preview.digest)
    except OSError as error:
        raise RepositoryRefused(f"{into}: pictures cannot be kept there ({error})") from error
    return into


def _clear(repository: Repository, digest: str) -> None:
    """Take away what nobody looks for any more; what cannot be taken away is told in the log."""
    try:
        there = {part.digest for part in _parts(repository)} | {digest}
    except RepositoryRefused as error:  # who cannot say what is there cannot say what is gone
        log.warning("previews_not_cleared", problem=str(error))
        return
    old = [own.folder for own in kept(repository, digest)[MOST:]]
    for folder in (repository.path / "previews").glob("*/"):
        halves = tuple(folder.glob(".*/"))
        left = [half for half in halves if not _lent(half)]
        old += [folder] if folder.name not in there and len(left) == len(halves) else left
    for folder in old:
        try:
            shutil.rmtree(folder)
        except OSError as error:  # another person's: the pictures that were kept are kept
            log.warning("previews_not_cleared", folder=str(folder), problem=str(error))


def _lent(half: Path) -> bool:
    """Say whether somebody paints into a folder just now, or may."""
    try:
        own = os.open(half, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:  # another person's
        return True
    try:
        fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(own)
    return False


def _parts(repository: Repository) -> Iterator[holding.Part]:
    yield from holding.staged_parts(repository)
    for release in holding.held_releases(repository):
        yield from holding.held_parts(repository, release)
    yield from holding.published_parts(repository)


def _folder(repository: Repository, digest: str) -> Path:
    return repository.path / "previews" / digest


def _barred(path: Path) -> bool:
    try:
        path.open("rb").close()
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def _read(folders: Iterable[Path]) -> Iterator[Kept]:
    """Yield what is a preview; a table that another program wrote is believed in its form only."""
    for folder in folders:
        with suppress(OSError, ValueError):
            _named(folder.name)
            told = _PREVIEWS.validate_json((folder / TABLE).read_bytes(), strict=True)
            yield Kept(folder=folder, preview=told)


_PREVIEWS: Final = TypeAdapter(Preview)
