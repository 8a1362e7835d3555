"""Restoring a backup: verified whole before anything is put down, and onto an empty place alone."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from fleet.backup import rows
from fleet.backup.making import FORM, MANIFEST
from fleet.errors import FleetError
from fleet.store.model import Base
from fleet.store.opening import REVISIONS


def restore(engine: Engine, state: Path, repository: Path | None, source: Path) -> dict[str, int]:
    """Put a backup down; returns how many rows each table has now.

    Raises:
        FleetError: it is broken, of another revision, or its place is not empty; nothing was done.
    """
    for place in (state, repository):
        if place is not None and place.exists() and any(place.iterdir()):
            raise FleetError(f"{place} is not empty: a backup is restored beside nothing else")
    beside = state.absolute().parent
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beside, prefix=".restore-") as work:
        taken = Path(work)
        manifest = _taken_out(source, taken)
        counts = _tables(engine, taken, manifest["rows"])
        _put(taken / "state", state)
        if repository is not None:
            _put(taken / "repository", repository)
    return counts


def require_whole(source: Path) -> None:
    """Look through a backup before anything is made for it.

    Raises:
        FleetError: it is broken, or of another revision.
    """
    with tempfile.TemporaryDirectory(prefix="backup-") as work:
        _taken_out(source, Path(work))


def _taken_out(source: Path, taken: Path) -> Mapping[str, Any]:
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(taken, filter="data")
        manifest = json.loads((taken / MANIFEST).read_bytes())
        _verify(manifest, taken)
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError) as error:
        raise FleetError(f"{source} is no whole backup ({error}): take another one") from error
    if manifest["form"] != FORM or manifest["revision"] != REVISIONS.head:
        raise FleetError(
            f"{source} is of revision {manifest['revision']}, this program works with "
            f"{REVISIONS.head}: restore with the program that made it, then update"
        )
    return dict(manifest)


def _verify(manifest: Mapping[str, Any], taken: Path) -> None:
    every = [one for one in taken.rglob("*") if one.is_symlink() or one.is_file()]
    links = {str(one.relative_to(taken)): str(one.readlink()) for one in every if one.is_symlink()}
    there = {str(one.relative_to(taken)) for one in every if not one.is_symlink()}
    if there != {*manifest["sha256"], MANIFEST} or links != manifest["links"]:
        raise ValueError("it has other files than its manifest")
    for name, digest in manifest["sha256"].items():
        with (taken / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise ValueError(f"{name} was changed")


def _tables(engine: Engine, taken: Path, told: Mapping[str, int]) -> dict[str, int]:
    tables = Base.metadata.sorted_tables
    try:
        with engine.execution_options(writes=True).begin() as connection:
            if not rows.empty(connection, iter(tables)):
                raise FleetError("the database is not empty: name a new one")
            counts = {
                table.name: rows.read(connection, table, taken / "tables" / f"{table.name}.jsonl")
                for table in tables
            }
            if counts != dict(told):
                raise FleetError("the backup has other rows than its manifest: take another one")
    except (SQLAlchemyError, ValueError) as error:
        raise FleetError(f"the database did not take it: {error}") from error
    return counts


def _put(source: Path, target: Path) -> None:
    if not source.is_dir():
        return
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True)
