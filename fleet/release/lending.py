"""What a command names by a directory, a pack, or a group, as a directory of configuration."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fleet.errors import SourceRefused
from fleet.release.packing import Told, packed, unpacked
from fleet.release.repository import Repository


@contextmanager
def configuration(named: str, repository: Path | None, group: str) -> Iterator[Path]:
    """Lend the configuration directory that is named, unpacked where it is a pack.

    A group is meant as published. Beside a group's release, sources are what they would be in a
    release of that group.

    Raises:
        SourceRefused: there is no such thing.
        RepositoryRefused: nothing was published for the group.
    """
    given = Path(named)
    if given.is_dir() and not group:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        if given.is_dir():
            given = Path(folder) / "pack"
            given.write_bytes(packed(Path(named), Told(name="", group=group, built="")))
        elif not given.is_file():
            given = named_pack(None if repository is None else Repository(repository), named)
        yield unpacked(given, Path(folder)).config


def named_pack(repository: Repository | None, group: str) -> Path:
    """Return the published pack of a group.

    Raises:
        SourceRefused: no repository was named.
        RepositoryRefused: nothing was published for the group.
    """
    if repository is None:
        raise SourceRefused(f"{group}: no directory or pack; a group needs --repository")
    return repository.pack(group)
