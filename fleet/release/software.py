"""Software packages of releases: named by a group's document, served once for all groups.

A release may say which version of the software it needs: by the package's length and SHA-256 in
the document that its persons sign. The file is served under that hash, as packs are; terminals
take it in pieces and go on where the line broke.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

from tuf.api.metadata import TargetFile

from fleet.errors import SourceRefused
from fleet.release.repository import PACK, Repository, flush
from kiosk.status.software import Software, SoftwareUnnamed

FIELD: Final = "software"
PACKAGE: Final = "yiduan"


def take(repository: Repository, package: Path) -> Software:
    """Keep a package in the repository, and return how a document names it.

    Raises:
        SourceRefused: it is no package of ours, or larger than terminals take.
    """
    version = _field(package, "Version")
    if _field(package, "Package") != PACKAGE:
        raise SourceRefused(f"{package}: no package of {PACKAGE}")
    with package.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    told = {"version": version, "length": package.stat().st_size, "digest": digest}
    try:
        software = Software.named(told)
    except SoftwareUnnamed as error:
        raise SourceRefused(f"{package}: {error}") from error
    if software is None:
        raise SourceRefused(f"{package}: nothing")
    _keep(package, repository.path / software.path)
    return software


def custom(software: Software | None) -> dict[str, object]:
    """Return what a document says of the software."""
    return {FIELD: asdict(software)} if software is not None else {}


def lay(repository: Repository, fresh: Path, roles: tuple[str, ...]) -> None:
    """Let the next publication serve every package that one of its documents names.

    Raises:
        SourceRefused: a package is not in the repository.
    """
    for software in _named(repository, roles):
        there, served = repository.path / software.path, fresh / "targets" / software.path
        if served.exists():
            continue
        if not there.is_file():
            raise SourceRefused(f"software {software.version}: {there} is not there")
        served.parent.mkdir(parents=True, exist_ok=True)
        os.link(there, served)


def _named(repository: Repository, roles: tuple[str, ...]) -> Iterator[Software]:
    for group in {*repository.groups(), *roles} - {"root", "targets"}:
        document = repository.next_targets(group) if group in roles else repository.targets(group)
        target: TargetFile | None = document.signed.targets.get(f"{group}/{PACK}")
        found = Software.named((target.custom or {}).get(FIELD)) if target else None
        if found is not None:
            yield found


def _keep(package: Path, there: Path) -> None:
    if there.exists():
        return
    there.parent.mkdir(parents=True, exist_ok=True)
    beside = there.with_suffix(".part")
    with package.open("rb") as source, beside.open("wb") as target:
        while piece := source.read(1 << 20):
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    beside.replace(there)
    flush(there.parent)


def _field(package: Path, name: str) -> str:
    done = subprocess.run(
        ["dpkg-deb", "-f", str(package), name], check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise SourceRefused(f"{package}: no package ({done.stderr.strip()[:200]})")
    return done.stdout.strip()
