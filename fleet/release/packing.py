"""A directory of sources becomes one file.

It is a tar archive (``ustar`` alone) under zstd (RFC 8878): YAML packs to a seventh, as under xz,
and a terminal unpacks it in a tenth of the time. Names are sorted, times and owners are zero, so
that the same sources give the same bytes, and "nothing changed" can be told. Left out is what no
terminal reads: editors' schemas, examples of terminals' own files, layers of other groups.

A pack is read by the terminal's own reader, within its limits: what people compare and look at is
what terminals take, and what none would take is not made.
"""

from __future__ import annotations

import io
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from backports import zstd

from fleet.errors import SourceRefused
from kiosk.release import unpacking
from kiosk.release.errors import Unusable

FORMAT: Final = 1
"""What a terminal has to understand; a higher one is refused there."""
GROUP: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
RESERVED: Final = frozenset({"root", "targets", "snapshot", "timestamp"})
MOST_BYTES: Final = 4 * 1024 * 1024
"""A pack's size: a terminal on a slow line takes it within minutes."""
_LEVEL: Final = 19
_WINDOW_LOG: Final = 23
"""Bytes back that the archive may refer to, as a power of two: 8 MiB (RFC 8878, 3.1.1.1.2)."""
_LEFT_OUT: Final = frozenset({"schema", "terminals", "groups"})
_KINDS: Final = frozenset({".yaml", ".txt", ".png", ".jpg"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a release says of itself, in ``release.json``."""

    name: str
    group: str
    built: str
    format: int = FORMAT


def group_named(name: str) -> str:
    """Return a group's name.

    Raises:
        SourceRefused: it is none.
    """
    if not GROUP.fullmatch(name) or name in RESERVED:
        raise SourceRefused(f"{name!r} is no group: small letters, digits, hyphens, up to 31")
    return name


def packed(sources: Path, told: Told) -> bytes:
    """Return the pack of a configuration for a group.

    Raises:
        SourceRefused: there is no configuration, a file is none that belongs there, or no terminal
            would take it: too large, too many files, a name too long.
    """
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        _add(archive, "release.json", json.dumps(asdict(told), sort_keys=True).encode() + b"\n")
        for name, path in _files(sources, told.group):
            _add(archive, name, path.read_bytes())
    data = _compressed(buffer.getvalue())
    if len(data) > MOST_BYTES:
        raise SourceRefused(f"{len(data)} bytes packed; {MOST_BYTES} are allowed")
    try:
        unpacking.read(data)
    except Unusable as error:
        raise SourceRefused(f"{sources}: no terminal takes it: {error}") from error
    return data


@dataclass(frozen=True, kw_only=True, slots=True)
class Unpacked:
    """A pack that was unpacked: what it says of itself, and its configuration directory."""

    name: str
    group: str
    config: Path


def unpacked(pack: Path, into: Path) -> Unpacked:
    """Unpack a pack of ours into a folder that has nothing of the kind.

    Raises:
        SourceRefused: it is no pack, or cannot be unpacked here.
    """
    told, files = _read(pack)
    try:
        for name, data in files.items():
            path = into / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    except OSError as error:
        raise SourceRefused(f"{pack}: cannot be unpacked ({error})") from error
    return Unpacked(name=told.name, group=told.group, config=into / "config")


def _compressed(data: bytes) -> bytes:
    """Compress as well as can be; what it refers back to is never more than a terminal remembers.

    The checksum tells a fault of memory or disk from one of the archive; what a pack is worth is
    told by its signed hash.
    """
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: _LEVEL,
        zstd.CompressionParameter.window_log: _WINDOW_LOG,
        zstd.CompressionParameter.checksum_flag: 1,
    }
    return zstd.compress(data, options=options)


def _read(pack: Path) -> tuple[unpacking.Told, dict[str, bytes]]:
    """Read a pack of ours.

    Raises:
        SourceRefused: it is none.
    """
    try:
        return unpacking.read(pack.read_bytes())
    except (OSError, Unusable) as error:
        raise SourceRefused(f"{pack}: no pack of a release ({error})") from error


def content(pack: Path) -> str:
    """Return what tells a pack's configuration from another's, whichever group it is for.

    Raises:
        SourceRefused: it is no pack.
    """
    told = sha256()
    for name, data in _read(pack)[1].items():
        if name != "release.json":
            told.update(f"{name} {len(data)} ".encode())
            told.update(data)
    return told.hexdigest()


def _files(sources: Path, group: str) -> Iterator[tuple[str, Path]]:
    """Yield each file's name in the pack and where it is."""
    if not (sources / "defaults.yaml").is_file():
        raise SourceRefused(f"{sources} holds no defaults.yaml: name a configuration directory")
    for path in sorted(sources.rglob("*")):
        inner = path.relative_to(sources)
        if path.is_dir() or inner.parts[0] in _LEFT_OUT:
            continue
        if path.is_symlink() or path.suffix not in _KINDS:
            raise SourceRefused(f"{path}: only {', '.join(sorted(_KINDS))} files are released")
        name = f"config/{inner.as_posix()}"
        if not unpacking.NAME.fullmatch(name):
            raise SourceRefused(
                f"{path}: no terminal takes this name: letters, digits, '_', '-' and '.' (first a"
                " letter, a digit or '_'), 80 at most, in folders four deep at most"
            )
        yield name, path
    layer = sources / "groups" / f"{group}.yaml"
    if layer.is_file():
        yield "config/group.yaml", layer


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o644
    try:
        archive.addfile(entry, io.BytesIO(data))
    except ValueError as error:  # 100 bytes, and 155 of folders before them: POSIX.1-1988, 10.1.1
        raise SourceRefused(f"{name}: {error}; call the file or its folders shorter") from error
