"""The repository on the admin's disk: what is published, and what waits for signatures.

::

    <repository>/public -> published/7      what a web server serves; changed by one rename
    <repository>/published/7/metadata/…     N.root.json, N.targets.json, N.<group>.json, …
    <repository>/published/7/targets/…      <group>/<sha256>.config.tar.zst
    <repository>/staged/<role>.json         the next documents, gathering signatures
    <repository>/staged/<group>.tar.zst     the next packs
    <repository>/held/<release>/0/…         signed, and kept for the first ring of its rollout
    <repository>/withdrawn/<group>/…        packs that are offered no more, though named

The staged folder is what persons hand around: whoever has it and their own keys can sign.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Snapshot, T, Targets, Timestamp
from tuf.api.serialization import DeserializationError

from fleet.errors import RepositoryRefused

PACK: Final = "config.tar.zst"
LIVES: Final[Mapping[str, timedelta]] = {
    "root": timedelta(days=365),
    "targets": timedelta(days=365),
    "snapshot": timedelta(days=14),
    "timestamp": timedelta(days=7),
}
"""How long a document is good; of a group's as of targets."""
_VERSIONED: Final = re.compile(r"(\d+)\.([a-z0-9-]+)\.json")


class Repository:
    """One repository; reads are of what is published now."""

    def __init__(self, path: Path, staging: Path | None = None) -> None:
        """Take its directory; nothing need be there yet.

        Args:
            path: the directory.
            staging: another place of next documents than ``staged``.
        """
        self.path = path
        self.public = path / "public"
        self.staging = staging or path / "staged"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep others from changing it meanwhile."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @property
    def exists(self) -> bool:
        """Whether anything was published."""
        return self.public.exists()

    # ---- published

    def root(self) -> Metadata[Root]:
        """Return the newest published root."""
        return self._document(f"{self._newest('root')}.root.json", Root)

    def timestamp(self) -> Metadata[Timestamp]:
        """Return the published timestamp."""
        return self._document("timestamp.json", Timestamp)

    def snapshot(self) -> Metadata[Snapshot]:
        """Return the published snapshot."""
        version = self.timestamp().signed.snapshot_meta.version
        return self._document(f"{version}.snapshot.json", Snapshot)

    def targets(self, role: str = "targets") -> Metadata[Targets]:
        """Return the published targets document, or that of a group."""
        known = self.snapshot().signed.meta.get(f"{role}.json")
        if known is None:
            raise RepositoryRefused(f"nothing was ever published for {role}")
        return self._document(f"{known.version}.{role}.json", Targets)

    def groups(self) -> tuple[str, ...]:
        """Return the groups that something was published for."""
        names = (name.removesuffix(".json") for name in self.snapshot().signed.meta)
        return tuple(sorted(name for name in names if name != "targets"))

    def pack(self, group: str) -> Path:
        """Return where the published pack of a group lies, served or withdrawn."""
        kept = self._withdrawn(group)
        return kept if kept.exists() else self._served(group)

    def is_withdrawn(self, group: str) -> bool:
        """Say whether the published pack of a group is named and not served."""
        return self._withdrawn(group).exists()

    def put_away(self, group: str) -> None:
        """Let the next publication serve a group's pack no more."""
        kept = self._withdrawn(group)
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            put(kept, self._served(group).read_bytes())

    def _served(self, group: str) -> Path:
        return self.public / "targets" / group / self._name(group)

    def _withdrawn(self, group: str) -> Path:
        return self.path / "withdrawn" / group / self._name(group)

    def _name(self, group: str) -> str:
        target = self.targets(group).signed.targets[f"{group}/{PACK}"]
        return f"{target.hashes['sha256']}.{PACK}"

    def _newest(self, role: str) -> int:
        found = (
            _VERSIONED.fullmatch(path.name) for path in (self.public / "metadata").glob("*.json")
        )
        versions = [int(own[1]) for own in found if own and own[2] == role]
        if not versions:
            raise RepositoryRefused(f"{self.path}: no repository; begin with kiosk-fleet keys init")
        return max(versions)

    def _document(self, name: str, kind: type[T]) -> Metadata[T]:
        return _read(self.public / "metadata" / name, kind)

    # ---- staged

    def staged(self) -> tuple[str, ...]:
        """Return the roles that have a next document, root first, then targets."""
        first = {"root": 0, "targets": 1}
        roles = (path.stem for path in self.staging.glob("*.json"))
        return tuple(sorted(roles, key=lambda role: (first.get(role, 2), role)))

    def next_root(self) -> Metadata[Root]:
        """Return the staged root, or the published one."""
        path = self.staging / "root.json"
        return _read(path, Root) if path.exists() else self.root()

    def next_targets(self, role: str = "targets") -> Metadata[Targets]:
        """Return the staged document of targets or of a group, or the published one."""
        path = self.staging / f"{role}.json"
        return _read(path, Targets) if path.exists() else self.targets(role)

    def stage(self, role: str, document: Metadata[Any]) -> None:
        """Put the next document of a role where it gathers signatures."""
        self.staging.mkdir(parents=True, exist_ok=True)
        put(self.staging / f"{role}.json", document.to_bytes())

    def staged_pack(self, group: str) -> Path:
        """Return where the next pack of a group lies, or would."""
        return self.staging / f"{group}.tar.zst"

    def forget_staged(self) -> None:
        """Take away what was staged."""
        for path in self.staging.glob("*"):
            path.unlink()


def expiry(role: str, now: datetime) -> datetime:
    """Return until when a document that is made now is good."""
    return now.replace(microsecond=0) + LIVES.get(role, LIVES["targets"])


def today() -> datetime:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def put(path: Path, data: bytes) -> None:
    """Put a file in place whole, down to the disk."""
    beside = path.with_name(f".{path.name}.part")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    flush(path.parent)


def flush(directory: Path) -> None:
    """Bring a directory's names down to the disk."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path, kind: type[T]) -> Metadata[T]:
    try:
        found = Metadata[T].from_bytes(path.read_bytes())
    except (OSError, RepositoryError, DeserializationError) as error:
        raise RepositoryRefused(f"{path}: cannot be read ({error})") from error
    if not isinstance(found.signed, kind):
        raise RepositoryRefused(f"{path}: is no document of {kind.__name__.lower()}")
    return found
