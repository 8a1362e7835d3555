"""What is believed of a release: The Update Framework's client, and our own memory beside it.

Theory of operation. The terminal was installed with a root document. From it the client follows
signed documents to the newest root, then timestamp, snapshot, targets and the group's document;
each names the next one's version, and each is signed by enough of its keys. What was seen before is
kept, so that nothing older is taken. Expiry stops updating, and only that: nothing here is asked by
what is in force.

The client writes its documents by rename, but not down to the disk. A power cut could leave an
empty timestamp, and with it a terminal that remembers nothing. Therefore the versions that were
seen are kept in a file of our own, written durably, and held against whatever comes.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeGuard

from tuf.api.exceptions import (
    DownloadError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    RepositoryError,
)
from tuf.api.metadata import TargetFile
from tuf.api.serialization import DeserializationError
from tuf.ngclient import Updater, UpdaterConfig

from kiosk.release import durable, resuming
from kiosk.release.errors import Stale, Unreachable, Untrusted, Unusable
from kiosk.release.fetching import Source
from kiosk.release.offer import Offer
from kiosk.release.reasons import Reason
from kiosk.release.seen import FILE, versions_seen
from kiosk.status.software import Software, SoftwareUnnamed

PACK: Final = "config.tar.zst"
SOFTWARE: Final = "software"
"""Folder of packages, beside the pack."""
_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,39}")
_PUBLISHING: Final = frozenset({"timestamp", "snapshot"})
MOST_BYTES: Final = 4 * 1024 * 1024
"""A pack's size; a larger one is refused before it is fetched."""
_LIMITS: Final = UpdaterConfig(
    max_root_rotations=64,
    max_delegations=4,
    root_max_length=64 * 1024,
    timestamp_max_length=4 * 1024,
    snapshot_max_length=256 * 1024,
    targets_max_length=256 * 1024,
)


class Trust:
    """The documents a terminal trusts, in ``<folder>/metadata``, and the versions it has seen."""

    def __init__(self, folder: Path, root: bytes, source: Source) -> None:
        """Begin with what is trusted already.

        Args:
            folder: of releases.
            root: the root document that the terminal was installed with.
            source: where newer documents come from.

        Raises:
            Untrusted: the root is none.
        """
        self._folder = folder
        self._metadata = folder / "metadata"
        self._incoming = folder / "incoming"
        self._source = source
        for place in (self._metadata, self._incoming):
            place.mkdir(parents=True, exist_ok=True)
        for left in self._metadata.glob("tmp*"):  # of a power cut while it was written
            left.unlink()
        self._target: TargetFile | None = None
        self._read: dict[str, Mapping[str, Any]] = {}
        with _judged(), durable.room():
            self._updater = Updater(
                metadata_dir=str(self._metadata),
                metadata_base_url=source.metadata_url,
                target_base_url=source.targets_url,
                fetcher=source.fetcher,
                config=_LIMITS,
                bootstrap=root,
            )

    def offer(self, group: str) -> Offer | None:
        """Look what is offered to a group; None: nothing ever was.

        Raises:
            Unreachable, Stale, Untrusted, Unusable, NoRoom: as they say.
        """
        with _judged(), durable.room():
            self._updater.refresh()
            self._read.clear()
            target = self._listed(group)
            self._remember(("timestamp", "snapshot", "targets", *((group,) if target else ())))
            self._source.settle()
        if target is None:
            return None
        if target.length > MOST_BYTES:
            raise Unusable(f"{target.length} bytes; a release has at most {MOST_BYTES}")
        self._target = target
        version = int(self._signed(group)["version"])
        name = (target.custom or {}).get("name")
        return Offer(
            group=group,
            name=name if _is_name(name) else f"version-{version}",
            version=version,
            length=target.length,
            digest=_digest(target),
            software=_software(target),
        )

    def _listed(self, group: str) -> TargetFile | None:
        """Return what a group is offered; a ring that is named and not open yet has nothing."""
        if f"{group}.json" not in self._signed("snapshot")["meta"]:
            return None
        return self._updater.get_targetinfo(f"{group}/{PACK}")

    def fetch(self) -> Path:
        """Return the pack that was offered last, fetched and held against its signed hash.

        Raises:
            Unreachable, Untrusted, NoRoom: as they say.
        """
        if self._target is None:
            raise ValueError("an offer comes before its pack")
        there = self._incoming / PACK
        with _judged(), durable.room():
            if self._updater.find_cached_target(self._target, str(there)) is None:
                self._updater.download_target(self._target, str(there))
        return there

    def fetch_software(self, software: Software) -> Path:
        """Return a package, fetched as far as it was missing, and held against what was signed.

        Raises:
            Unreachable, Untrusted, NoRoom: as they say.
        """
        with _judged(), durable.room():
            return resuming.fetch(self._source, software, self._incoming / SOFTWARE)

    def _remember(self, roles: tuple[str, ...]) -> None:
        """Hold versions against those that were seen, and keep the higher ones for good.

        A new root with other keys for timestamp or snapshot ends what was seen of them: a thief of
        the keys before may have counted as high as could be (the specification, 5.3.11).
        """
        before = versions_seen(self._folder)
        root = self._signed("root")
        now = {f"{role}{_keys(root, role)}": int(self._signed(role)["version"]) for role in roles}
        for role, version in now.items():
            if version < before.get(role, 0):
                raise Untrusted(f"{role} {version} is older than {before[role]}, seen before")
        kept = {role: own for role, own in before.items() if ":" not in role}
        after = {**kept, **now}
        if after == before:
            return
        for path in (self._metadata, self._metadata / "root_history"):
            for own in path.glob("*.json"):
                descriptor = os.open(own, os.O_RDONLY)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
            durable.flush(path)
        durable.put(self._folder / FILE, json.dumps(after, sort_keys=True).encode())

    def _signed(self, role: str) -> Mapping[str, Any]:
        """Return what a document says that was just trusted."""
        if role not in self._read:
            found: Mapping[str, Any] = json.loads((self._metadata / f"{role}.json").read_bytes())
            self._read[role] = found["signed"]
        return self._read[role]


def _keys(root: Mapping[str, Any], role: str) -> str:
    """Return what tells the keys of a role of the publishing machine from others, or nothing."""
    if role not in _PUBLISHING:
        return ""
    keyids = "".join(sorted(root["roles"][role]["keyids"]))
    return f":{hashlib.sha256(keyids.encode()).hexdigest()[:16]}"


def _is_name(name: object) -> TypeGuard[str]:
    """Whether a name is one that may be told on; it is signed, and its signers are people."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def _software(target: TargetFile) -> Software | None:
    try:
        return Software.named((target.custom or {}).get("software"))
    except SoftwareUnnamed as error:
        raise Unusable(str(error), Reason.SOFTWARE) from error


def _digest(target: TargetFile) -> str:
    digest = target.hashes.get("sha256")
    if digest is None:
        raise Untrusted(f"{target.path}: not named by its SHA-256")
    return digest


@contextmanager
def _judged() -> Iterator[None]:
    """Tell the client's errors in our words.

    Raises:
        Stale, Untrusted, Unreachable: as they say.
    """
    try:
        yield
    except ExpiredMetadataError as error:
        raise Stale(str(error)) from error
    except (RepositoryError, DownloadLengthMismatchError, DeserializationError) as error:
        raise Untrusted(str(error)) from error
    except DownloadError as error:
        raise Unreachable(str(error)) from error
