"""The files of an audit log: the one being written, and the full ones before it, packed.

``audit.log`` is written; full, it is renamed to ``audit-NNNNNNNNNNNN.log`` after the number of its
first line and packed to ``.log.gz`` (a tenth of the size). Every step is a rename of a finished
file, so a power cut leaves either the step before or the step after: a full file that is not packed
yet is packed at the next start, and one that is there both ways counts once.
"""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

ACTIVE = "audit.log"
_DIGITS = 12


def segments(directory: Path) -> tuple[Path, ...]:
    """Return the full files in the order of their lines, packed before unpacked."""
    packed = {_number(own): own for own in directory.glob("audit-*.log.gz")}
    plain = {_number(own): own for own in directory.glob("audit-*.log")}
    both = {**plain, **packed}
    return tuple(both[number] for number in sorted(both))


def files(directory: Path) -> tuple[Path, ...]:
    """Return every file of the log in the order of its lines."""
    active = directory / ACTIVE
    return (*segments(directory), *((active,) if active.exists() else ()))


def lines(path: Path) -> Iterator[bytes]:
    """Yield a file's lines without their line feeds.

    Raises:
        EOFError, OSError: a packed file is damaged.
    """
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            yield line.rstrip(b"\n")


def set_full(directory: Path, first: int) -> Path:
    """Rename the written file to a full one that begins with line ``first``; return it."""
    full = directory / f"audit-{first:0{_DIGITS}}.log"
    (directory / ACTIVE).rename(full)
    flush(directory)
    return full


def pack(full: Path) -> Path:
    """Compress a full file and remove it; done again, it does no harm."""
    packed = full.with_name(f"{full.name}.gz")
    if not packed.exists():
        begun = full.with_name(f"{full.name}.new")
        _compress(full, begun)
        times = full.stat()
        os.utime(begun, (times.st_atime, times.st_mtime))
        begun.rename(packed)
        flush(full.parent)
    full.unlink()
    return packed


def pack_rest(directory: Path) -> None:
    """Pack what a power cut left unpacked, and remove what it left half packed."""
    for begun in directory.glob("audit-*.log.new"):
        begun.unlink()
    for full in sorted(directory.glob("audit-*.log")):
        pack(full)


def flush(directory: Path) -> None:
    """Make renames and removals in a directory survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _compress(full: Path, begun: Path) -> None:
    with full.open("rb") as source, begun.open("wb") as target:
        os.fchmod(target.fileno(), 0o640)
        with gzip.GzipFile(filename="", fileobj=target, mode="wb", mtime=0) as stream:
            shutil.copyfileobj(source, stream)
        target.flush()
        os.fsync(target.fileno())


def _number(path: Path) -> int:
    digits = path.name.removeprefix("audit-").partition(".")[0]
    return int(digits) if digits.isdigit() else 0
