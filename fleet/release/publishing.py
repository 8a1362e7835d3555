"""From complete signatures to static files, by the change of one name.

Theory of operation. The next publication is laid out whole in a directory of its own, the files
that stay as hard links; everything is brought down to the disk; then ``public`` is renamed to it.
A web server that serves ``public`` shows the old set or the new one. Terminals that are in the
middle of a download find what they began with: documents are named by version, packs by hash, and
packs of the publication before are kept.

Nothing is published that its signers' thresholds do not carry, or that the terminal's own check has
not passed. Published without anything staged, the timestamp is made anew: do that daily.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Timestamp

from fleet.errors import KeyRefused, NotSigned, RepositoryRefused
from fleet.release import software
from fleet.release.repository import PACK, Repository, expiry, flush, put, today
from fleet.release.signing import judged, waiting

Check = Callable[[Path], None]
"""Holds a pack against the terminal's validators; raises ``SourceRefused``."""
_KEPT: Final = 2
"""Publications on the disk."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """What is served now."""

    number: int
    roles: tuple[str, ...]
    timestamp: int


def publish(
    repository: Repository,
    online: Mapping[str, CryptoSigner],
    check: Check,
    *,
    now: datetime | None = None,
) -> Published:
    """Publish what is staged; without anything staged, renew the timestamp.

    Raises:
        NotSigned: signatures are missing, or those in force no longer count.
        SourceRefused: a pack does not pass the check.
        KeyRefused: the publishing machine's keys are not those that count.
        RepositoryRefused: there is no repository.
    """
    now = now or today()
    with repository.alone():
        roles = repository.staged()
        _demand_signatures(repository)
        _demand_next(repository, roles)
        _demand_online(repository, online)
        for group in roles:
            if repository.staged_pack(group).exists():
                check(repository.staged_pack(group))
        number = _last(repository) + 1
        fresh = _begun(repository, number)
        _lay_staged(repository, fresh, roles)
        software.lay(repository, fresh, roles)
        timestamp = _lay_online(repository, fresh, online, now)
        _in_force(repository, number)
        repository.forget_staged()
        _tidy(repository, number)
    return Published(number=number, roles=roles, timestamp=timestamp)


def begin(
    repository: Repository,
    root: Metadata[Root],
    documents: Mapping[str, Metadata[Any]],
) -> None:
    """Lay out the first publication.

    Raises:
        RepositoryRefused: there is one.
    """
    with repository.alone():
        if repository.exists:
            raise RepositoryRefused(f"{repository.path}: is a repository already")
        metadata = repository.path / "published" / "1" / "metadata"
        metadata.mkdir(parents=True)
        (metadata.parent / "targets").mkdir()
        put(metadata / "1.root.json", root.to_bytes())
        for role, document in documents.items():
            name = f"{role}.json" if role == "timestamp" else f"1.{role}.json"
            put(metadata / name, document.to_bytes())
        _in_force(repository, 1)


def _demand_signatures(repository: Repository) -> None:
    """Refuse what too few have signed, and what a new root or targets takes the ground from."""
    missing = [str(own) for own in waiting(repository) if own.missing]
    if missing:
        raise NotSigned("\n".join(missing))
    staged = set(repository.staged())
    for role in ("targets", *repository.groups()):
        if role not in staged and not all(judged(repository, role, repository.targets(role))):
            raise NotSigned(f"{role}: its signatures no longer count; stage it anew and sign it")


def _demand_next(repository: Repository, roles: tuple[str, ...]) -> None:
    """Refuse what was made to follow something else than what is published: two of one number."""
    for role in roles:
        if role == "root":
            now, own = repository.root().signed.version, repository.next_root().signed.version
        else:
            is_first = role != "targets" and role not in repository.groups()
            now = 0 if is_first else repository.targets(role).signed.version
            own = repository.next_targets(role).signed.version
        if own != now + 1:
            raise RepositoryRefused(f"{role} {own} does not follow {now}: build and sign it anew")


def _demand_online(repository: Repository, online: Mapping[str, CryptoSigner]) -> None:
    """Refuse keys of the publishing machine that the root does not name: nobody would believe."""
    root = repository.next_root().signed
    for role, own in online.items():
        if own.public_key.keyid not in root.roles[role].keyids:
            raise KeyRefused(f"this {role} key is not the one that counts; see keys list")


def _last(repository: Repository) -> int:
    return int(repository.public.resolve().name)


def _begun(repository: Repository, number: int) -> Path:
    """Return the next publication's directory with all that stays."""
    fresh = repository.path / "published" / str(number)
    shutil.rmtree(fresh, ignore_errors=True)  # of a publication that was cut short
    (fresh / "targets").mkdir(parents=True)
    shutil.copytree(repository.public / "metadata", fresh / "metadata", copy_function=os.link)
    for group in repository.groups():
        (fresh / "targets" / group).mkdir()
        if not repository.is_withdrawn(group):
            kept = repository.pack(group)
            os.link(kept, fresh / "targets" / group / kept.name)
    return fresh


def _lay_staged(repository: Repository, fresh: Path, roles: tuple[str, ...]) -> None:
    for role in roles:
        document = (
            repository.next_root() if role == "root" else repository.next_targets(role)
        ).to_bytes()
        version = Metadata.from_bytes(document).signed.version
        put(fresh / "metadata" / f"{version}.{role}.json", document)
        pack = repository.staged_pack(role)
        if pack.exists():
            target = repository.next_targets(role).signed.targets[f"{role}/{PACK}"]
            data = pack.read_bytes()
            target.verify_length_and_hashes(data)
            (fresh / "targets" / role).mkdir(exist_ok=True)
            put(fresh / "targets" / role / f"{target.hashes['sha256']}.{PACK}", data)


def _lay_online(
    repository: Repository, fresh: Path, online: Mapping[str, CryptoSigner], now: datetime
) -> int:
    """Make snapshot, where anything changed or it grows old, and timestamp; returns its version."""
    before = repository.snapshot()
    meta = {
        f"{role}.json": MetaFile(version=repository.next_targets(role).signed.version)
        for role in {"targets", *repository.groups(), *repository.staged()} - {"root"}
    }
    snapshot = before
    half = (expiry("snapshot", now) - now) / 2
    if (
        before.signed.meta != meta
        or before.signed.expires - now < half
        or "root" in (repository.staged())
    ):
        snapshot = snapshot_of(meta, before.signed.version + 1, online, now)
        name = f"{snapshot.signed.version}.snapshot.json"
        put(fresh / "metadata" / name, snapshot.to_bytes())
    version = repository.timestamp().signed.version + 1
    timestamp = timestamp_of(snapshot, version, online, now)
    put(fresh / "metadata" / "timestamp.json", timestamp.to_bytes())
    return version


def snapshot_of(
    meta: Mapping[str, MetaFile], version: int, online: Mapping[str, CryptoSigner], now: datetime
) -> Metadata[Snapshot]:
    """Return a signed snapshot."""
    made = Metadata(Snapshot(version=version, expires=expiry("snapshot", now), meta=dict(meta)))
    made.sign(online["snapshot"])
    return made


def timestamp_of(
    snapshot: Metadata[Snapshot], version: int, online: Mapping[str, CryptoSigner], now: datetime
) -> Metadata[Timestamp]:
    """Return a signed timestamp; kept short, since every poll reads it."""
    known = MetaFile(version=snapshot.signed.version)
    made = Metadata(
        Timestamp(version=version, expires=expiry("timestamp", now), snapshot_meta=known)
    )
    made.sign(online["timestamp"])
    return made


def _in_force(repository: Repository, number: int) -> None:
    """Change the name; whoever looks sees the one or the other."""
    for directory in (repository.path / "published" / str(number)).rglob("*"):
        if directory.is_dir():
            flush(directory)
    beside = repository.path / "public.new"
    beside.unlink(missing_ok=True)
    beside.symlink_to(Path("published") / str(number))
    beside.replace(repository.public)
    flush(repository.path)


def _tidy(repository: Repository, number: int) -> None:
    for path in (repository.path / "published").iterdir():
        if path.name.isdigit() and int(path.name) <= number - _KEPT:
            shutil.rmtree(path)
