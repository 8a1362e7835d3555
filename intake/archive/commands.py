"""`kiosk-intake archive`: packs an application for the archive, and checks a package."""

from __future__ import annotations

import argparse
import os
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sqlalchemy.exc import SQLAlchemyError

from intake.archive import package as archive
from intake.archive.bag import BagError, Digests, opened, wrong
from intake.archive.keys import Keys, KeysError, known
from intake.archive.pages import KIND
from intake.province.numbers import ProvincialNumbers, cleaned
from intake.receiving.catalogues import Catalogues
from intake.records.model import Application
from intake.records.store import Store
from kiosk.catalogue.faults import CatalogueError

BY = "归档"
"""Who packed it by command."""


class NotPackedError(Exception):
    """An application was not packed; the text says why."""


def run(options: argparse.Namespace) -> int:
    """Pack or verify; 1: it could not be packed, or is not as it was packed. 2: what is wanted?"""
    if (options.verify is None) == (options.number is None) or (
        options.number is not None and (options.db is None or options.to is None)
    ):
        print("kiosk-intake archive: give NUMBER --db URL --to DIR, or --verify", file=sys.stderr)
        return 2
    try:
        return _verify(options) if options.verify is not None else _pack(options)
    except (KeysError, CatalogueError, NotPackedError, SQLAlchemyError, OSError) as error:
        print(f"kiosk-intake archive: {error}", file=sys.stderr)
        return 1


def _pack(options: argparse.Namespace) -> int:
    catalogues = Catalogues([options.config])
    with closing(Store(options.db)) as store:
        application = _found(store, options.number)
        keys = known(store.engine, options.terminals, terminal=application.terminal)
        own = archive.case(store, catalogues, keys, application)
        path = options.to / archive.name_of(application)
        with _new(path) as target:
            archive.pack(store, own, target, datetime.now(UTC))
        store.note(application.id, KIND, actor=BY, now=datetime.now(UTC))
    digests = Digests.of(path.read_bytes())
    print(f"{path}\t{digests.size}\tsha256 {digests.sha256}\tsm3 {digests.sm3}")
    if options.unpacked:
        with zipfile.ZipFile(path) as packed:
            packed.extractall(options.to)
        path.unlink()
        print(options.to / application.application_no)
    return 0


def _found(store: Store, number: str) -> Application:
    """Return an application by its number, or by the province's."""
    wanted = cleaned(number)
    found = store.by_number(wanted) or ProvincialNumbers(store.engine).holder(wanted)
    if found is None:
        raise NotPackedError(f"{number}: no application has this number")
    return found


@contextmanager
def _new(path: Path) -> Iterator[IO[bytes]]:
    """Give a file of ours alone that was not there; it is whole or not there afterwards."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        raise NotPackedError(f"{path} is there already; nothing was changed")
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)


def _verify(options: argparse.Namespace) -> int:
    keys = _keys(options)
    found = _faults(options.verify, keys)
    for one in found:
        print(f"✗ {one}")
    if found:
        return 1
    signed = "its signature verifies" if keys else "its signature was not verified (--terminals)"
    print(f"✓ {options.verify}: every byte is as it was packed; {signed}")
    return 0


def _faults(path: Path, keys: Keys) -> list[str]:
    """Return everything that is not as it was packed; what cannot be read is one of them."""
    found: list[str] = []
    try:
        bag = opened(path)
        found += wrong(bag)
        found += archive.inconsistent(bag, keys)
    except BagError as error:
        found.append(str(error))
    return found


def _keys(options: argparse.Namespace) -> Keys:
    if options.db is None:
        return known(None, options.terminals)
    with closing(Store(options.db)) as store:
        return known(store.engine, options.terminals)
