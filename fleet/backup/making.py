"""Making a backup: beside its place, and there under its name only when it is whole."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from fleet.backup import rows
from fleet.errors import FleetError
from fleet.release.repository import Repository
from fleet.store.model import Base
from fleet.store.opening import REVISIONS

MANIFEST: Final = "manifest.json"
FORM: Final = 1
LEFT_OUT: Final = {"state": frozenset({"files"}), "repository": frozenset({"previews"})}
"""Folders that are not kept: what terminals sent, and pictures that can be painted again."""


def make(engine: Engine, state: Path, repository: Path | None, target: Path) -> dict[str, int]:
    """Write a backup; returns how many rows each table had.

    Raises:
        FleetError: the file is there already, or can't be written.
    """
    if target.exists():
        raise FleetError(f"{target} is there already: name another file")
    try:
        return _make(engine, state, repository, target)
    except OSError as error:
        raise FleetError(f"{target}: {error}") from error


def _make(engine: Engine, state: Path, repository: Path | None, target: Path) -> dict[str, int]:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as place:
        work = Path(place)
        counts = _tables(engine, work)
        draft = work / "backup.tar.gz"
        with draft.open("xb") as file:
            draft.chmod(0o600)
            with tarfile.open(fileobj=file, mode="w:gz") as archive, _still(repository):
                _fill(archive, work, state, repository, counts)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
        _settle(target.parent)
    return counts


def _tables(engine: Engine, work: Path) -> dict[str, int]:
    """Write all tables out of one transaction, which sees nothing that comes meanwhile."""
    (work / "tables").mkdir()
    counts = {}
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        for table in Base.metadata.sorted_tables:
            path = work / "tables" / f"{table.name}.jsonl"
            with path.open("x", encoding="utf-8") as file:
                counts[table.name] = rows.write(connection, table, file)
    return counts


@contextmanager
def _still(repository: Path | None) -> Iterator[None]:
    """Let nobody publish meanwhile: the documents of one publication belong together."""
    if repository is None:
        yield
        return
    with Repository(repository).alone():
        yield


def _fill(
    archive: tarfile.TarFile,
    work: Path,
    state: Path,
    repository: Path | None,
    counts: dict[str, int],
) -> None:
    digests = {}
    for name, path in _files(work, state, repository):
        digests[name] = _add(archive, name, path)
    links = dict(_links(repository))
    for name, target in links.items():
        _link(archive, name, target)
    manifest: dict[str, Any] = {
        "form": FORM,
        "revision": REVISIONS.head,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "rows": counts,
        "sha256": digests,
        "links": links,
    }
    data = json.dumps(manifest, indent=1).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size = len(data)
    archive.addfile(entry, BytesIO(data))


def _files(work: Path, state: Path, repository: Path | None) -> Iterator[tuple[str, Path]]:
    for path in sorted((work / "tables").iterdir()):
        yield f"tables/{path.name}", path
    for room, root in (("state", state), ("repository", repository)):
        if root is None:
            continue
        for path in sorted(root.rglob("*")):
            own = path.relative_to(root)
            kept = own.parts[0] not in LEFT_OUT[room]
            if path.is_file() and not path.is_symlink() and kept:
                yield f"{room}/{own}", path


def _links(repository: Path | None) -> Iterator[tuple[str, str]]:
    """Yield what in the repository stands for something else in it: ``public`` is one."""
    for path in sorted(repository.rglob("*") if repository is not None else ()):
        if path.is_symlink():
            yield f"repository/{path.relative_to(repository or path)}", str(path.readlink())


def _link(archive: tarfile.TarFile, name: str, target: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    archive.addfile(entry)


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    with path.open("rb") as file:
        entry = tarfile.TarInfo(name)
        entry.size = os.fstat(file.fileno()).st_size
        entry.mode = 0o600
        archive.addfile(entry, file)
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _settle(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
