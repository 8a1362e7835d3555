"""A signed release that waits for its rings, is opened to one after the other, or is withdrawn.

Theory of operation. Persons sign the documents of all rings at once. They are then taken out of
``staged`` and kept apart, so that the daily renewal of the timestamp publishes nothing by the way.
Opening a ring is a publication that has that ring's documents and no others. Each step may be
broken off at any instant and done again.

The Update Framework knows no way back: a document that was published stays the newest. What can be
taken back is the pack. A withdrawn one is named by its document and not served; who has not taken
it finds nothing, until the group's next release. It is put aside, for comparing and as evidence.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Targets

from fleet.errors import NotSigned, RepositoryRefused, SourceRefused
from fleet.keys.holders import holder_of
from fleet.release.publishing import publish
from fleet.release.repository import PACK, Repository, flush, put
from fleet.release.signing import judged, waiting
from kiosk.status.rings import line_of, ring_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What a release has for one group.

    Attributes:
        release: its name.
        group: which terminals it is for.
        version: of the group's document.
        size: bytes of the pack.
        digest: of the pack, SHA-256.
        signed_by: whose signatures count.
        missing: how many more it takes.
        expires: day on which the document ends.
        pack: where the pack lies.
    """

    release: str
    group: str
    version: int
    size: int
    digest: str
    signed_by: tuple[str, ...]
    missing: int
    expires: str
    pack: Path


def staged_parts(repository: Repository) -> tuple[Part, ...]:
    """Return what gathers signatures, or is held where ``repository`` is a ring's."""
    return _waiting_parts(repository, repository)


def published_parts(repository: Repository) -> tuple[Part, ...]:
    """Return what is published."""
    return tuple(
        _part(repository, group, repository.targets(group), repository.pack(group))
        for group in repository.groups()
    )


def held_parts(repository: Repository, release: str) -> tuple[Part, ...]:
    """Return what of a release waits for its ring, first ring first."""
    judge = ring(repository, release, 0)  # new groups' delegations go out with the first ring
    return tuple(
        part
        for number in _numbers(repository, release)
        for part in _waiting_parts(ring(repository, release, number), judge)
    )


def held_releases(repository: Repository) -> tuple[str, ...]:
    """Return the releases of which something waits for its ring."""
    places = (repository.path / "held").glob("*/")
    return tuple(sorted(own.name for own in places if not own.name.startswith(".")))


def rings_of(repository: Repository, release: str) -> tuple[str, ...]:
    """Return the groups that a staged release goes to, first ring first.

    Raises:
        NotSigned: signatures are missing.
        RepositoryRefused: nothing of that name is staged, or something that has to be published by
            itself before, or groups that are no rings of one line.
    """
    parts = [own for own in staged_parts(repository) if own.release == release]
    if not parts:
        raise RepositoryRefused(f"nothing is staged of {release}: build it for each ring")
    if "root" in repository.staged():
        raise RepositoryRefused("a new root is staged: sign and publish it first")
    roles = {"targets", *(own.group for own in parts)}
    missing = [str(own) for own in waiting(repository) if own.missing and own.role in roles]
    if missing:
        raise NotSigned("\n".join(missing))
    if len({line_of(own.group) for own in parts}) > 1:
        raise RepositoryRefused(f"{release} is for rings of several lines: one rollout a line")
    return tuple(sorted((own.group for own in parts), key=ring_of))


def hold(repository: Repository, release: str, groups: tuple[str, ...]) -> None:
    """Take a signed release out of what is staged, and keep it ring by ring."""
    place = repository.path / "held" / release
    with repository.alone():
        roles = [role for role in ("targets", *groups) if _is_staged(repository, role)]
        if not place.exists():
            rings_of(repository, release)
            half = place.with_name(f".{release}.part")
            shutil.rmtree(half, ignore_errors=True)
            for number, group in enumerate(groups):
                (half / str(number)).mkdir(parents=True)
                for role in roles if number == 0 else [group]:
                    if role in {"targets", group}:
                        _copy(repository, role, half / str(number))
            half.replace(place)
            flush(place.parent)
        for role in roles:
            (repository.staging / f"{role}.json").unlink(missing_ok=True)
            repository.staged_pack(role).unlink(missing_ok=True)


def ring(repository: Repository, release: str, number: int) -> Repository:
    """Return the repository whose next documents are those of a ring."""
    return Repository(repository.path, repository.path / "held" / release / str(number))


def open_ring(
    repository: Repository,
    release: str,
    number: int,
    online: Mapping[str, CryptoSigner],
    checked: Collection[str],
) -> None:
    """Publish what is held for a ring; done before: nothing.

    Args:
        repository: the repository.
        release: its name.
        number: of the ring, from 0.
        online: keys of the publishing machine.
        checked: digests of packs that passed the terminal's own check.

    Raises:
        NotSigned: its signatures count no more.
        SourceRefused: its pack is another one than was checked.
        RepositoryRefused: something else was published for its group meanwhile.
        KeyRefused: the publishing machine's keys are not those that count.
    """
    own = ring(repository, release, number)
    for part in staged_parts(own):
        if part.digest not in checked:
            raise SourceRefused(f"{part.pack}: is not the pack that was checked")
    if all(_is_published(own, role) for role in own.staged()):
        own.forget_staged()
        return
    publish(own, online, lambda _pack: None)


def withdraw(
    repository: Repository, digests: Mapping[str, str], online: Mapping[str, CryptoSigner]
) -> None:
    """Serve these packs no more, where they are still the published ones.

    Args:
        repository: the repository.
        digests: SHA-256 of the pack by group.
        online: keys of the publishing machine.
    """
    gone = [own for own in published_parts(repository) if digests.get(own.group) == own.digest]
    for part in gone:
        repository.put_away(part.group)
    if gone:
        nothing = Repository(repository.path, repository.path / "held" / ".nothing")
        publish(nothing, online, lambda _pack: None)


def forget(repository: Repository, release: str) -> None:
    """Take away what of a release still waited for its ring."""
    shutil.rmtree(repository.path / "held" / release, ignore_errors=True)


def _waiting_parts(repository: Repository, judge: Repository) -> tuple[Part, ...]:
    return tuple(
        _part(judge, role, repository.next_targets(role), repository.staged_pack(role))
        for role in repository.staged()
        if repository.staged_pack(role).exists()
    )


def _part(repository: Repository, group: str, document: Metadata[Targets], pack: Path) -> Part:
    signed = document.signed
    target = signed.targets[f"{group}/{PACK}"]
    results = judged(repository, group, document)
    names = {holder_of(key) for own in results for key in own.signed.values()}
    return Part(
        release=str((target.custom or {}).get("name", "")),
        group=group,
        version=signed.version,
        size=target.length,
        digest=target.hashes["sha256"],
        signed_by=tuple(sorted(names)),
        missing=max(own.missing for own in results),
        expires=f"{signed.expires:%Y-%m-%d}",
        pack=pack,
    )


def _numbers(repository: Repository, release: str) -> Iterator[int]:
    names = (path.name for path in (repository.path / "held" / release).glob("*/"))
    return iter(sorted(int(name) for name in names if name.isdigit()))


def _is_staged(repository: Repository, role: str) -> bool:
    return (repository.staging / f"{role}.json").exists()


def _copy(repository: Repository, role: str, into: Path) -> None:
    put(into / f"{role}.json", (repository.staging / f"{role}.json").read_bytes())
    pack = repository.staged_pack(role)
    if pack.exists():
        put(into / pack.name, pack.read_bytes())


def _is_published(own: Repository, role: str) -> bool:
    if role != "targets" and role not in own.groups():
        return False
    return own.targets(role).to_bytes() == own.next_targets(role).to_bytes()
