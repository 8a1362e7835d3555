"""How keys begin, are replaced and are revoked.

A root document says which keys count and how many of them. It is replaced by a next one, which has
to be signed by enough holders of the keys before and of the keys after; terminals follow that chain
from the root they were installed with, without being touched. With another root, all that targets
keys have signed is staged anew, for those that stay to sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from securesystemslib.signer import Key
from tuf.api.metadata import Metadata, MetaFile, Root, Targets

from fleet.errors import KeyRefused
from fleet.keys import holders
from fleet.keys.holders import ONLINE, PERSONAL, holder_of
from fleet.release.building import put_pack, restage_targets
from fleet.release.publishing import begin, snapshot_of, timestamp_of
from fleet.release.repository import Repository, expiry, today


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A key that counts: its role, whose it is (empty: the publishing machine), its id."""

    role: str
    person: str
    keyid: str
    threshold: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """Where keys are made: of persons (to be carried away), and of the publishing machine."""

    personal: Path
    online: Path


def initiate(
    repository: Repository,
    places: Places,
    passphrases: Mapping[str, str],
    threshold: int,
    *,
    cost: int = 0,
    now: datetime | None = None,
) -> None:
    """Make all keys and the first, empty publication.

    Args:
        repository: not there yet.
        places: where keys go.
        passphrases: by person.
        threshold: how many persons have to sign a root or a release.
        cost: of opening a personal key; 0: that of today.
        now: the time; without it, this machine's.

    Raises:
        KeyRefused: fewer persons than the threshold, a bad passphrase, or keys are there already.
        RepositoryRefused: the repository is there already.
    """
    if not 1 <= threshold <= len(passphrases):
        raise KeyRefused(f"{threshold} of {len(passphrases)} persons cannot be asked for")
    now = now or today()
    root = Root(version=1, expires=expiry("root", now), consistent_snapshot=True)
    signers = {
        role: [
            holders.make(places.personal, person, role, secret, cost=cost)
            for person, secret in passphrases.items()
        ]
        for role in PERSONAL
    }
    online = holders.make_online(places.online)
    for role in PERSONAL:
        for own in signers[role]:
            root.add_key(own.public_key, role)
        root.roles[role].threshold = threshold
    for role in ONLINE:
        root.add_key(online[role].public_key, role)
    first, targets = Metadata(root), Metadata(Targets(expires=expiry("targets", now)))
    for document, role in ((first, "root"), (targets, "targets")):
        for own in signers[role]:
            document.sign(own, append=True)
    snapshot = snapshot_of({"targets.json": MetaFile(version=1)}, 1, online, now)
    timestamp = timestamp_of(snapshot, 1, online, now)
    begin(repository, first, {"targets": targets, "snapshot": snapshot, "timestamp": timestamp})


def rotate(
    repository: Repository,
    places: Places,
    person: str,
    passphrase: str,
    *,
    cost: int = 0,
    now: datetime | None = None,
) -> None:
    """Give a person new keys in the place of the old ones; staged, to be signed.

    A person who has none becomes one more holder.

    Raises:
        KeyRefused: the passphrase is too short.
        RepositoryRefused: there is no repository.
    """
    fresh = {
        role: holders.make(places.personal, person, role, passphrase, cost=cost).public_key
        for role in PERSONAL
    }
    _change(repository, person, fresh, now or today())


def revoke(repository: Repository, person: str, *, now: datetime | None = None) -> None:
    """Let a person's keys count no more; staged, to be signed by those that stay.

    Raises:
        KeyRefused: the person has none, or too few would stay for the threshold.
        RepositoryRefused: there is no repository.
    """
    _change(repository, person, {}, now or today())


def rotate_online(repository: Repository, places: Places, *, now: datetime | None = None) -> None:
    """Replace the publishing machine's keys, which were stolen or may have been; staged.

    Raises:
        KeyRefused: keys are at the new place already.
    """
    now = now or today()
    online = holders.make_online(places.online)
    with repository.alone():
        root = repository.next_root()
        for role in ONLINE:
            for keyid in list(root.signed.roles[role].keyids):
                root.signed.revoke_key(keyid, role)
            root.signed.add_key(online[role].public_key, role)
        _stage_root(repository, root, now)


def known(repository: Repository) -> Iterator[Known]:
    """Yield the keys that count now."""
    root = repository.root().signed
    for role, own in root.roles.items():
        for keyid in own.keyids:
            person = holder_of(root.keys[keyid])
            yield Known(role=role, person=person, keyid=keyid, threshold=own.threshold)


def _change(repository: Repository, person: str, fresh: Mapping[str, Key], now: datetime) -> None:
    with repository.alone():
        root = repository.next_root()
        had = [key.keyid for key in root.signed.keys.values() if holder_of(key) == person]
        if not had and not fresh:
            raise KeyRefused(f"no key of {person} counts")
        for role in PERSONAL:
            own = root.signed.roles[role]
            for keyid in set(had) & set(own.keyids):
                root.signed.revoke_key(keyid, role)
            if role in fresh:
                root.signed.add_key(fresh[role], role)
            if len(own.keyids) < own.threshold:
                raise KeyRefused(f"{role} needs {own.threshold} holders; add one with rotate first")
        _stage_root(repository, root, now)
        _restage_signed(repository, root.signed, now)


def _stage_root(repository: Repository, root: Metadata[Root], now: datetime) -> None:
    root.signatures.clear()
    root.signed.version = repository.root().signed.version + 1
    root.signed.expires = expiry("root", now)
    repository.stage("root", root)


def _restage_signed(repository: Repository, root: Root, now: datetime) -> None:
    """Stage targets and every group's document again, under the keys that count now."""
    keys = {keyid: root.keys[keyid] for keyid in root.roles["targets"].keyids}
    targets = repository.next_targets()
    delegations = targets.signed.delegations
    if delegations is not None and delegations.roles:
        delegations.keys = keys
        for role in delegations.roles.values():
            role.keyids = sorted(keys)
    restage_targets(repository, targets, now)
    for group in repository.groups():
        if group in repository.staged():
            document = repository.next_targets(group)
        else:
            document = repository.targets(group)
            if not repository.is_withdrawn(group):
                put_pack(repository, group, repository.pack(group).read_bytes())
            document.signed.version += 1
        document.signatures.clear()
        document.signed.expires = expiry(group, now)
        repository.stage(group, document)
