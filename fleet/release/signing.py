"""A person's signatures under everything that waits for them, and who is still to sign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tuf.api.metadata import Metadata, Root, Targets, VerificationResult

from fleet.errors import KeyRefused, RepositoryRefused
from fleet.keys.holders import Holder, holder_of
from fleet.release.repository import Repository


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A document that waits: who signed, and how many are missing."""

    role: str
    version: int
    signed_by: tuple[str, ...]
    missing: int

    def __str__(self) -> str:
        """Return one line."""
        by = ", ".join(self.signed_by) or "nobody yet"
        need = f"{self.missing} more needed" if self.missing else "complete"
        return f"{self.role} {self.version}: signed by {by}; {need}"


def sign(repository: Repository, holder: Holder) -> tuple[str, ...]:
    """Sign every staged document that this person's keys are for; returns their roles.

    Raises:
        KeyRefused: none of them is.
        RepositoryRefused: nothing is staged.
    """
    roles = repository.staged()
    if not roles:
        raise RepositoryRefused("nothing is staged; begin with kiosk-fleet release build")
    signed = []
    with repository.alone():
        for role in roles:
            document = _staged(repository, role)
            signers = list(holder.of(allowed(repository, role)))
            for own in signers:
                document.sign(own, append=True)
            if signers:
                repository.stage(role, document)
                signed.append(role)
    if not signed:
        raise KeyRefused(f"no key of {holder.person} is for {', '.join(roles)}")
    return tuple(signed)


def waiting(repository: Repository) -> Iterator[Waiting]:
    """Yield how each staged document stands."""
    for role in repository.staged():
        document = _staged(repository, role)
        results = judged(repository, role, document)
        names = {holder_of(key) for result in results for key in result.signed.values()}
        yield Waiting(
            role=role,
            version=document.signed.version,
            signed_by=tuple(sorted(names)),
            missing=max(result.missing for result in results),
        )


def judged(
    repository: Repository, role: str, document: Metadata[Any]
) -> tuple[VerificationResult, ...]:
    """Hold a document's signatures against its delegator; a root's also against the one before."""
    new = repository.next_root()
    if role == "root":
        both = (repository.root().signed, new.signed) if repository.exists else (new.signed,)
        return tuple(_result(own, "root", document) for own in both)
    delegator = new.signed if role == "targets" else repository.next_targets().signed
    return (_result(delegator, role, document),)


def _result(delegator: Root | Targets, role: str, document: Metadata[Any]) -> VerificationResult:
    return delegator.get_verification_result(role, document.signed_bytes, document.signatures)


def allowed(repository: Repository, role: str) -> list[str]:
    """Return the ids of the keys that count under a role's next document."""
    new = repository.next_root().signed
    if role == "root":
        return [*new.roles["root"].keyids, *repository.root().signed.roles["root"].keyids]
    if role == "targets":
        return list(new.roles["targets"].keyids)
    return list(repository.next_targets().signed.get_delegated_role(role).keyids)


def _staged(repository: Repository, role: str) -> Metadata[Any]:
    return repository.next_root() if role == "root" else repository.next_targets(role)
