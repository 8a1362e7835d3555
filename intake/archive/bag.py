"""A package that proves itself: files, and the digests of all of them by two algorithms.

The layout is BagIt 1.0 (RFC 8493), which any archive's tools read: ``data/`` holds the content,
``manifest-<algorithm>.txt`` the digests of the content, ``tagmanifest-<algorithm>.txt`` those of
everything else. Both are there with SHA-256 and with SM3 (GB/T 32905).

As one file it is a ZIP without compression, with the same date on every entry. So the same content
in the same order has the same bytes, and a package can be held against what its content would make:
a byte that was changed anywhere, be it where no digest looks, is found.
"""

from __future__ import annotations

import hashlib
import stat
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO, Final, Protocol

from kiosk.crypto import PROVIDERS

DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
ALGORITHMS: Final = ("sha256", "sm3")
DATA: Final = "data/"
INFO: Final = "bag-info.txt"
FILE_LIMIT: Final = 64 << 20
"""Bytes of one file that are read; the largest an intake takes has 20 MiB."""
FILES_LIMIT: Final = 10_000
_PIECE: Final = 1 << 20
_DATE: Final = (1980, 1, 1, 0, 0, 0)


class BagError(Exception):
    """This is no package that could be looked into; the text says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Digests:
    """What stands for a file: its size in bytes, and two digests in hex."""

    size: int
    sha256: str
    sm3: str

    @classmethod
    def of(cls, body: bytes) -> Digests:
        """Return those of a file's bytes."""
        return cls(
            size=len(body),
            sha256=hashlib.sha256(body).hexdigest(),
            sm3=PROVIDERS["national"].digest([body]).hex(),
        )


class BagWriter:
    """Writes one package into an open file; content first, :meth:`close` adds the rest."""

    def __init__(self, target: IO[bytes], name: str) -> None:
        """Begin a package whose top folder has a name."""
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_STORED)
        self._name = name
        self._content: dict[str, Digests] = {}
        self._tags: dict[str, Digests] = {}

    def add(self, path: str, body: bytes) -> Digests:
        """Put a file of the content down, at a path below ``data/``."""
        return self._put(DATA + path, body, self._content)

    def close(self, info: Mapping[str, str]) -> None:
        """Add what is told about the package, and all digests."""
        size = sum(one.size for one in self._content.values())
        told = {**info, "Payload-Oxum": f"{size}.{len(self._content)}"}
        self._put("bagit.txt", DECLARATION, self._tags)
        lines = "".join(f"{key}: {value}\n" for key, value in told.items())
        self._put(INFO, lines.encode(), self._tags)
        for algorithm in ALGORITHMS:
            listed = _manifest(self._content, algorithm)
            self._put(f"manifest-{algorithm}.txt", listed, self._tags)
        tags = dict(self._tags)
        for algorithm in ALGORITHMS:
            self._put(f"tagmanifest-{algorithm}.txt", _manifest(tags, algorithm), {})
        self._zip.close()

    def _put(self, path: str, body: bytes, known: dict[str, Digests]) -> Digests:
        self._zip.writestr(_entry(f"{self._name}/{path}"), body)
        known[path] = Digests.of(body)
        return known[path]


class Bag(Protocol):
    """A package that is looked into."""

    def names(self) -> list[str]:
        """Return the paths of all files, below the top folder."""
        ...

    def read(self, name: str) -> bytes:
        """Return a file's bytes.

        Raises:
            BagError: it cannot be read.
        """
        ...


class Folder:
    """A package that was unpacked."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """Return the paths of all files; what is no plain file is refused."""
        found = []
        for one in sorted(self._path.rglob("*")):
            mode = one.lstat().st_mode
            if stat.S_ISREG(mode):
                found.append(one.relative_to(self._path).as_posix())
            elif not stat.S_ISDIR(mode):
                raise BagError(f"{one}: is no plain file")
        return found

    def read(self, name: str) -> bytes:
        """Return a file's bytes."""
        path = self._path / name
        if path.stat().st_size > FILE_LIMIT:
            raise BagError(f"{name}: is too large")
        return path.read_bytes()


class Packed:
    """A package in one file."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            BagError: it is no such file.
        """
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
            raise BagError(f"{path}: {error}") from error
        self._path = path
        infos = self._zip.infolist()
        self._entries = {one.filename: one for one in infos}
        tops = {PurePosixPath(one).parts[0] for one in self._entries}
        if len(tops) != 1 or len(infos) != len(self._entries) or len(infos) > FILES_LIMIT:
            raise BagError(f"{path}: is no package with one top folder and each file once")
        self._top = f"{tops.pop()}/"

    def names(self) -> list[str]:
        """Return the paths of all files."""
        return [name.removeprefix(self._top) for name in self._entries]

    def read(self, name: str) -> bytes:
        """Return a file's bytes."""
        entry = self._entries[self._top + name]
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > FILE_LIMIT:
            raise BagError(f"{name}: is compressed or too large, so it was not read")
        try:
            return self._zip.read(entry)
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError) as error:
            raise BagError(f"{name}: {error}") from error

    def as_made(self) -> bool:
        """Tell whether every byte of the file is what its content makes."""
        with TemporaryFile() as again, self._path.open("rb") as own:
            with zipfile.ZipFile(again, "w", zipfile.ZIP_STORED) as made:
                for name in self._entries:
                    made.writestr(_entry(name), self.read(name.removeprefix(self._top)))
            again.seek(0)
            while (piece := own.read(_PIECE)) == again.read(_PIECE):
                if not piece:
                    return True
        return False


def opened(path: Path) -> Bag:
    """Open a package, packed or unpacked.

    Raises:
        BagError: it is none.
    """
    return Folder(path) if path.is_dir() else Packed(path)


def wrong(bag: Bag) -> Iterator[str]:
    """Yield a sentence for everything that is not as it was packed.

    Raises:
        BagError: it cannot be looked into.
    """
    names = bag.names()
    found = {name: Digests.of(bag.read(name)) for name in names}
    if "bagit.txt" not in found or bag.read("bagit.txt") != DECLARATION:
        yield "bagit.txt: is no declaration of BagIt 1.0"
    content = {name for name in names if name.startswith(DATA)}
    tags = {name for name in names if not name.startswith((DATA, "tagmanifest-"))}
    for algorithm in ALGORITHMS:
        for manifest, wanted in (("manifest", content), ("tagmanifest", tags)):
            yield from _held_against(bag, f"{manifest}-{algorithm}.txt", found, wanted)
    size = sum(found[name].size for name in content)
    if INFO in found and f"Payload-Oxum: {size}.{len(content)}\n".encode() not in bag.read(INFO):
        yield f"{INFO}: counts other bytes or files than there are"
    if isinstance(bag, Packed) and not bag.as_made():
        yield "the file has bytes that its content does not make"


def _held_against(
    bag: Bag, manifest: str, found: Mapping[str, Digests], wanted: set[str]
) -> Iterator[str]:
    if manifest not in found:
        yield f"{manifest}: is missing"
        return
    algorithm = manifest.partition("-")[2].removesuffix(".txt")
    lines = bag.read(manifest).decode("utf-8", "replace").splitlines()
    told = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name in sorted(set(told) - set(found)):
        yield f"{name}: is missing"
    for name in sorted(wanted - set(told)):
        yield f"{name}: {manifest} does not have it"
    for name in sorted(set(told) & set(found)):
        if getattr(found[name], algorithm) != told[name]:
            yield f"{name}: was changed ({algorithm})"


def _manifest(files: Mapping[str, Digests], algorithm: str) -> bytes:
    lines = (f"{getattr(one, algorithm)}  {name}\n" for name, one in sorted(files.items()))
    return "".join(lines).encode()


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry that says nothing but its name."""
    own = zipfile.ZipInfo(name, _DATE)
    own.create_system = 3
    own.external_attr = 0o600 << 16
    return own
