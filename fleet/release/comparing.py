"""What a release changes for a group, kept beside the repository: comparing takes a second."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from fleet.release.differing import Difference, differences
from fleet.release.holding import Part
from fleet.release.packing import unpacked
from fleet.release.repository import Repository, put


def changes(repository: Repository, part: Part) -> tuple[Difference, ...] | None:
    """Return what a part changes against what was published for its group before.

    None: nothing was, or the part was published before anybody asked.

    Raises:
        SourceRefused: one of them cannot be read.
        RepositoryRefused: the repository cannot be.
    """
    kept = repository.path / "changes" / f"{part.digest}.json"  # what it follows cannot change
    with suppress(OSError, ValueError, TypeError):
        return tuple(Difference(**own) for own in json.loads(kept.read_bytes()))
    if part.group not in repository.groups():
        return None
    before = repository.pack(part.group)
    if before == part.pack:
        return None
    told = _compared(before, part.pack)
    with suppress(OSError):  # who only reads the repository compares again
        kept.parent.mkdir(exist_ok=True)
        put(kept, json.dumps([asdict(own) for own in told], ensure_ascii=False).encode())
    return told


def _compared(before: Path, after: Path) -> tuple[Difference, ...]:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        return tuple(
            differences(unpacked(before, Path(one)).config, unpacked(after, Path(other)).config)
        )
