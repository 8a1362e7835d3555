"""A package's version beside the one in force: unpacked by root, within limits, whole or not.

Theory of operation. Debian's own installer would take the version in force away in the middle of a
trial. So only the directory of the version is unpacked, beside the others, under a name that is no
version until all of it is on the disk. All else that a package carries (units, rules, what it asks
of Debian) has to be what is installed already; a package that changes it needs hands, and says so.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from kiosk.release import durable
from kiosk.release.errors import Unusable
from kiosk.release.reasons import Reason

VERSIONS: Final = PurePosixPath("usr/lib/yiduan/versions")
MOST_BYTES: Final = 2 * 1024**3
MOST_FILES: Final = 100_000
NAME: Final = "yiduan"
_ASKS: Final = ("Depends", "Pre-Depends", "Architecture")
_THEIRS: Final = (PurePosixPath("etc"), PurePosixPath("usr/share/doc"))
"""Places whose files an administrator may change, or that nothing runs."""
_CONTROL_S: Final = 60.0


class Package:
    """A package file, believed to be what was signed."""

    def __init__(self, path: Path, root: Path) -> None:
        """Take the file, and the root of the system that it is for."""
        self._path, self._root = path, root

    def unpack(self, version: str) -> Path:
        """Put the version's directory beside the others; returns it.

        Raises:
            Unusable: it is another package or version, too large, or needs hands.
            NoRoom: the disk does not take it.
        """
        if (self._field("Package"), self._field("Version")) != (NAME, version):
            raise Unusable(f"no package of {NAME} {version}", Reason.SOFTWARE)
        self._demand_same_needs()
        place = self._root / VERSIONS
        half, done = place / f".{version}.part", place / version
        shutil.rmtree(half, ignore_errors=True)
        with durable.room():
            try:
                self._unpack(PurePosixPath(version), half)
            except BaseException:
                shutil.rmtree(half, ignore_errors=True)
                raise
            os.sync()
            shutil.rmtree(done, ignore_errors=True)
            half.replace(done)
            durable.flush(place)
        return done

    def _unpack(self, version: PurePosixPath, half: Path) -> None:
        own = VERSIONS / version
        size = count = 0
        half.mkdir()
        for entry, stream in self._entries():
            size, count = size + entry.size, count + 1
            if size > MOST_BYTES or count > MOST_FILES:
                raise Unusable("a package larger than may be", Reason.SOFTWARE)
            path = PurePosixPath(entry.name)
            if path.is_absolute() or ".." in path.parts:
                raise Unusable(f"{entry.name[:80]!r} does not belong in a package", Reason.SOFTWARE)
            if path.is_relative_to(own):
                _put(half / path.relative_to(own), entry, stream)
            elif not entry.isdir() and not any(map(path.is_relative_to, _THEIRS)):
                self._demand_same(path, entry, stream)

    def _demand_same(
        self, path: PurePosixPath, entry: tarfile.TarInfo, stream: BinaryIO | None
    ) -> None:
        """Refuse a file outside the version's directory that is not there already."""
        there = self._root / path
        try:
            if entry.issym():
                same = str(there.readlink()) == entry.linkname
            else:
                same = stream is not None and _digest(stream) == _digest_of(there)
        except OSError:
            same = False
        if not same:
            raise Unusable(f"the package changes /{path}: install it there", Reason.HANDS)

    def _demand_same_needs(self) -> None:
        """Refuse a package that asks Debian for something else than the installed one."""
        status = self._root / "var" / "lib" / "dpkg" / "status"
        installed = _paragraph(status)
        for field in _ASKS:
            if installed.get(field, "") != self._field(field):
                raise Unusable(f"the package has another {field}: install it there", Reason.HANDS)

    def _field(self, name: str) -> str:
        return self._dpkg("-f", str(self._path), name).decode().strip()

    def _dpkg(self, *words: str) -> bytes:
        done = subprocess.run(
            ["dpkg-deb", *words], check=False, capture_output=True, timeout=_CONTROL_S
        )
        if done.returncode != 0:
            raise Unusable(f"no package: {done.stderr.decode()[:200].strip()}", Reason.SOFTWARE)
        return done.stdout

    def _entries(self) -> Iterator[tuple[tarfile.TarInfo, BinaryIO | None]]:
        """Yield what is in the package, as it comes out of the decompressor."""
        with _running(["dpkg-deb", "--fsys-tarfile", str(self._path)]) as stream:
            try:
                with tarfile.open(fileobj=stream, mode="r|") as tar:
                    for entry in tar:
                        if not (entry.isreg() or entry.isdir() or entry.issym()):
                            raise Unusable(f"{entry.name[:80]!r} is no file", Reason.SOFTWARE)
                        found = tar.extractfile(entry) if entry.isreg() else None
                        yield entry, found  # type: ignore[misc]
            except tarfile.TarError as error:
                raise Unusable(f"no package: {error}", Reason.SOFTWARE) from error


@contextmanager
def _running(command: list[str]) -> Iterator[BinaryIO]:
    """Lend what a command writes; it has to end well once all was read."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        if process.stdout is None:
            raise RuntimeError("a pipe was asked for")
        try:
            yield io.BufferedReader(process.stdout)  # type: ignore[type-var]
            process.stdout.read()
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        raise Unusable(f"no package: {command[0]} ended with {process.returncode}", Reason.SOFTWARE)


def _put(path: Path, entry: tarfile.TarInfo, stream: BinaryIO | None) -> None:
    """Write one entry as root's own: nobody else may change it."""
    if entry.isdir():
        path.mkdir(exist_ok=True, parents=True)
        path.chmod(0o755)
    elif stream is None:
        raise Unusable(f"{entry.name[:80]!r} points elsewhere", Reason.SOFTWARE)
    else:
        path.parent.mkdir(exist_ok=True, parents=True)
        with path.open("xb") as file:
            shutil.copyfileobj(stream, file)
        path.chmod(0o755 if entry.mode & 0o100 else 0o644)


def _paragraph(status: Path) -> dict[str, str]:
    """Return the installed package's fields, as Debian keeps them; empty: it is not installed."""
    try:
        paragraphs = status.read_text(encoding="utf-8").split("\n\n")
    except OSError:
        return {}
    for own in paragraphs:
        fields = dict(line.split(": ", 1) for line in own.splitlines() if ": " in line)
        if fields.get("Package") == NAME:
            return fields
    return {}


def installed_version(root: Path) -> str:
    """Return the version that Debian installed; empty: none."""
    return _paragraph(root / "var" / "lib" / "dpkg" / "status").get("Version", "")


def _digest(stream: BinaryIO) -> str:
    found = hashlib.sha256()
    while piece := stream.read(1 << 20):
        found.update(piece)
    return found.hexdigest()


def _digest_of(path: Path) -> str:
    if not path.is_file() or path.is_symlink():
        return ""
    with path.open("rb") as file:
        return _digest(file)
