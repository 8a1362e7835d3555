"""A configuration becomes the next document of its group, and waits for signatures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from tuf.api.metadata import DelegatedRole, Delegations, Metadata, Root, TargetFile, Targets

from fleet.errors import SourceRefused
from fleet.release import software
from fleet.release.packing import Told, group_named, packed
from fleet.release.repository import PACK, Repository, expiry, put, today
from kiosk.status.software import Software

NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,39}")
"""What a release may be called: terminals report it to the centre."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """A staged release: its bytes, its version, and whether its content is that in force."""

    group: str
    name: str
    version: int
    size: int
    digest: str


def build(
    repository: Repository,
    sources: Path,
    group: str,
    *,
    name: str = "",
    threshold: int = 0,
    needs: Software | None = None,
    now: datetime | None = None,
) -> Built:
    """Pack a configuration for a group and stage it.

    Args:
        repository: with published keys.
        sources: the configuration directory.
        group: which terminals it is for; a new one is delegated to the holders of targets keys.
        name: what people call the release; without it, its time.
        threshold: signatures that a new group's releases need; 0: as many as targets.
        needs: the software that it is for, as `fleet.release.software.take` returned it.
        now: the time; without it, this machine's.

    Raises:
        SourceRefused: the sources are none of a release.
        RepositoryRefused: there is no repository.
    """
    now, group = now or today(), group_named(group)
    name = name or name_of(now)
    if not NAME.fullmatch(name):
        raise SourceRefused(f"{name!r} is no name: letters, digits and . + -, up to 40")
    with repository.alone():
        root = repository.next_root().signed
        data = packed(sources, Told(name=name, group=group, built=now.isoformat()))
        delegate(repository, root, group, threshold, now)
        put_pack(repository, group, data)
        document = _document(repository, group, {"name": name, **software.custom(needs)}, data, now)
        repository.stage(group, document)
    return Built(
        group=group,
        name=name,
        version=document.signed.version,
        size=len(data),
        digest=sha256(data).hexdigest(),
    )


def name_of(now: datetime) -> str:
    """Return what a release is called that nobody named."""
    return now.strftime("%Y-%m-%d.%H%M%S")


def put_pack(repository: Repository, group: str, data: bytes) -> None:
    """Lay a pack beside the staged documents."""
    repository.staging.mkdir(parents=True, exist_ok=True)
    put(repository.staged_pack(group), data)


def _document(
    repository: Repository, group: str, custom: dict[str, object], data: bytes, now: datetime
) -> Metadata[Targets]:
    before = repository.targets(group).signed.version if group in repository.groups() else 0
    target = TargetFile.from_data(f"{group}/{PACK}", data, ["sha256"])
    target.unrecognized_fields["custom"] = custom
    return Metadata(
        Targets(
            version=before + 1,
            expires=expiry(group, now),
            targets={target.path: target},
        )
    )


def delegate(repository: Repository, root: Root, group: str, threshold: int, now: datetime) -> None:
    """Let the holders of targets keys sign for a group, where they may not yet."""
    targets = repository.next_targets()
    delegations = targets.signed.delegations or Delegations(keys={}, roles={})
    roles = delegations.roles or {}
    if group in roles:
        return
    keys = {keyid: root.keys[keyid] for keyid in root.roles["targets"].keyids}
    roles[group] = DelegatedRole(
        name=group,
        keyids=sorted(keys),
        threshold=threshold or root.roles["targets"].threshold,
        terminating=True,
        paths=[f"{group}/*"],
    )
    delegations.roles, delegations.keys = roles, {**delegations.keys, **keys}
    targets.signed.delegations = delegations
    restage_targets(repository, targets, now)


def restage_targets(repository: Repository, targets: Metadata[Targets], now: datetime) -> None:
    """Stage a changed targets document; what was signed of the one before does not count."""
    targets.signatures.clear()
    targets.signed.version = repository.targets().signed.version + 1
    targets.signed.expires = expiry("targets", now)
    repository.stage("targets", targets)
