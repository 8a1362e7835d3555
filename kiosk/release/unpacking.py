"""A pack becomes a directory, within limits: of bytes, of files, of what a file may be called.

A pack is believed to be what its signers signed, and not to be harmless: a signer's machine may be
somebody else's. Nothing is written outside the directory, no links, no devices; what grows beyond
the limits while it is decompressed is dropped there and then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from backports import zstd

from kiosk.release import durable
from kiosk.release.archive import ArchiveError, StrangeEntry, files
from kiosk.release.errors import Unusable

FORMAT: Final = 1
"""The highest form of a release that this program reads."""
MOST_BYTES: Final = 32 * 1024 * 1024
MOST_FILES: Final = 2000
_WINDOW_LOG: Final = 23
"""Bytes back that a pack may refer to, as a power of two; as many are kept: 8 MiB."""
NAME: Final = re.compile(r"release\.json|config(/[A-Za-z0-9_][A-Za-z0-9._-]{0,79}){1,5}")
"""What a file of a release may be called."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a release says of itself."""

    name: str
    group: str
    built: str


def unpack(pack: Path, into: Path) -> Told:
    """Write a pack's files below a new directory, down to the disk.

    Raises:
        Unusable: it is no pack, too large, too new, or holds what does not belong there.
        OSError: the disk does not take it.
    """
    told, found = read(pack.read_bytes())
    into.mkdir(parents=True)
    folders = [into, *(into / name for name in _folders(found))]
    for folder in folders[1:]:
        folder.mkdir()
    for name, data in found.items():
        durable.write(f"{into}/{name}", data)
    for folder in (*reversed(folders), into.parent):
        durable.flush(folder)
    return told


def read(pack: bytes) -> tuple[Told, dict[str, bytes]]:
    """Return what a pack says of itself, and its files by name, none of which is a folder, too.

    Raises:
        Unusable: it is no pack, too large, too new, or holds what does not belong there.
    """
    found = _files(_decompressed(pack))
    return _told(found.get("release.json", b"")), found


def told_by(generation: Path) -> Told:
    """Return what an unpacked release says of itself.

    Raises:
        Unusable: nothing that can be read.
    """
    try:
        return _told((generation / "release.json").read_bytes())
    except OSError as error:
        raise Unusable(f"{generation}: no release.json can be read") from error


def _folders(names: Iterable[str]) -> list[str]:
    """Return the folders that files are in, each after the one that it is in."""
    found = {name.rpartition("/")[0] for name in names} - {""}
    for name in tuple(found):
        while name := name.rpartition("/")[0]:
            found.add(name)
    return sorted(found)


def _decompressed(pack: bytes) -> bytes:
    limit: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _WINDOW_LOG}
    worker = zstd.ZstdDecompressor(options=limit)
    try:
        whole = worker.decompress(pack, MOST_BYTES + 1)
    except zstd.ZstdError as error:
        raise Unusable(f"no zstd file: {error}") from error
    if len(whole) > MOST_BYTES:
        raise Unusable(f"unpacks to more than {MOST_BYTES} bytes")
    if not worker.eof:
        raise Unusable("the pack ends too soon")
    if worker.unused_data:
        raise Unusable("something follows the pack's end")
    return whole


def _files(archive: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        for name, data in files(archive):
            if not NAME.fullmatch(name) or name in found:
                raise StrangeEntry(name)
            found[name] = data
            if len(found) > MOST_FILES:
                raise Unusable(f"more than {MOST_FILES} files")
    except StrangeEntry as error:
        raise Unusable(f"{str(error)[:80]!r} does not belong in a release") from error
    except ArchiveError as error:
        raise Unusable(f"no tar archive: {error}") from error
    for name in found.keys() & set(_folders(found)):
        raise Unusable(f"{name[:80]!r} is a file and a folder")
    return found


def _told(data: bytes) -> Told:
    try:
        own = json.loads(data)
        number, told = own["format"], Told(**{k: _text(own[k]) for k in ("name", "group", "built")})
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unusable("release.json is missing or wrong") from error
    if type(number) is not int or not 1 <= number <= FORMAT:
        raise Unusable(f"form {number!r} of a release; this program reads up to {FORMAT}")
    return told


def _text(value: object) -> str:
    """Return what is a text that can be written down.

    Raises:
        TypeError: it is something else.
        ValueError: half of a pair of surrogates is in it (RFC 8259, 8.2), which no file takes.
    """
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    value.encode()
    return value
