"""A software package, fetched in pieces: a broken line costs the piece and not the package.

The package is named by the signed document of the group, by its length and SHA-256; it is held
against both before anybody sees it. What has come is kept under the digest's name and gone on from
the next time.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from kiosk.release import durable
from kiosk.release.errors import Untrusted
from kiosk.status.software import Software

FLUSHED: Final = 8 * 1024 * 1024
"""Bytes between two flushes to the disk."""
_PIECE: Final = 1024 * 1024


class Resumable(Protocol):
    """Where a package comes from."""

    def pieces(self, path: str, offset: int) -> Iterator[bytes]:
        """Yield a published file from an offset on; see `kiosk.release.fetching`."""


def package(software: Software, folder: Path) -> Path:
    """Return where a package lies once it is whole."""
    return folder / f"{software.digest}.deb"


def fetch(source: Resumable, software: Software, folder: Path) -> Path:
    """Return a package, fetched as far as it was missing.

    Raises:
        DownloadError: the line broke; what came is kept.
        Untrusted: it is another one than was signed.
        OSError: the disk does not take it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    whole, part = package(software, folder), folder / f"{software.digest}.part"
    for other in set(folder.iterdir()) - {whole, part}:
        other.unlink()
    if whole.exists():
        return whole
    _complete(source, software, part)
    if digest_of(part) != software.digest:
        part.unlink()
        raise Untrusted(f"software {software.version} is not what was signed")
    part.replace(whole)
    durable.flush(folder)
    return whole


def _complete(source: Resumable, software: Software, part: Path) -> None:
    """Fetch what is missing, never more than was signed."""
    have = part.stat().st_size if part.exists() else 0
    if have > software.length:
        part.unlink()
        have = 0
    if have == software.length:
        return
    with part.open("ab") as file:
        flushed = have
        for piece in source.pieces(software.path, have):
            have += len(piece)
            if have > software.length:
                raise Untrusted(f"software {software.version} is longer than was signed")
            file.write(piece)
            if have - flushed >= FLUSHED:
                _down(file)
                flushed = have
        _down(file)


def _down(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def digest_of(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
