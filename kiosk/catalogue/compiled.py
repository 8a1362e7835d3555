"""The catalogue compiled: what was read and checked once is there at once the next time.

Theory of operation.  The compiled file holds the validated files as JSON and the version of the
catalogue they make.  It is named by a digest over the bytes of every file that was read and over
the shapes of this program, so that it can never stand for other files: a changed byte is another
name, and then the files are read and checked again.  It is written beside and moved into place,
whole or not at all.

Besides, the last good one of each jurisdiction is remembered by name.  Where the files have become
wrong, a terminal goes on with that one, and says so: a spoilt configuration stops nobody's visit.

The folder belongs to whoever owns the terminal's state; what is in it is trusted as that is.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from kiosk.catalogue.checks import check
from kiosk.catalogue.faults import CatalogueError
from kiosk.catalogue.files import assembled
from kiosk.catalogue.model import FILES, WholeFile
from kiosk.catalogue.sources import read_sources
from kiosk.documents.schema import schema_text
from kiosk.domain.catalogue import Catalogue

_READ: Final = ("catalogue/**/*.yaml", "jurisdictions/*.yaml", "calendars/*.yaml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """A catalogue; ``wrong`` is why it is the last good one and not that of the files, or None."""

    catalogue: Catalogue
    wrong: CatalogueError | None = None


def load(config_dir: Path, code: str, folder: Path) -> Loaded:
    """Return a jurisdiction's catalogue, from ``folder`` where it is compiled already.

    Raises:
        CatalogueError: the files are wrong, and no good catalogue is remembered.
    """
    name = f"{code}-{_digest(config_dir)}.json"
    known = _read(folder / name)
    if known is not None:
        return Loaded(catalogue=known)
    try:
        sources = read_sources(config_dir, code)
        check(sources)
    except CatalogueError as wrong:
        last = _last(folder, code)
        if last is None:
            raise
        return Loaded(catalogue=last, wrong=wrong)
    whole = sources.whole()
    with contextlib.suppress(OSError):  # a full or read-only disk costs time, and no page
        _keep(folder, code, name, whole)
    return Loaded(catalogue=assembled(whole))


def _digest(config_dir: Path) -> str:
    """Return what names the files and the shapes they are read into."""
    running = hashlib.sha256(_shapes().encode())
    for pattern in _READ:
        for path in sorted(config_dir.glob(pattern)):
            running.update(str(path.relative_to(config_dir)).encode() + b"\0")
            running.update(hashlib.sha256(path.read_bytes()).digest())
    return running.hexdigest()[:32]


@cache
def _shapes() -> str:
    return "".join(schema_text(model) for model in FILES.values())


def _keep(folder: Path, code: str, name: str, whole: WholeFile) -> None:
    """Write the compiled file, remember it as the last good one, and take the older ones away."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(folder / name, whole.model_dump_json())
    _write(folder / f"{code}.last", name)
    for old in folder.glob(f"{code}-*.json"):
        if old.name != name:
            old.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    """Put a file in place whole; a power cut leaves the old one or the new one."""
    beside = path.with_suffix(f".{os.getpid()}")
    with beside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)


def _last(folder: Path, code: str) -> Catalogue | None:
    try:
        name = (folder / f"{code}.last").read_text(encoding="utf-8")
    except OSError:
        return None
    return _read(folder / Path(name).name)


def _read(path: Path) -> Catalogue | None:
    """Return what a compiled file holds; None where it is not there or spoilt."""
    try:
        return assembled(WholeFile.model_validate_json(path.read_bytes()))
    except (OSError, ValidationError):
        return None
