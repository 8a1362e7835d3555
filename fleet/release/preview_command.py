"""``kiosk-fleet release preview``."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from fleet.errors import SourceRefused
from fleet.release import previewing
from fleet.release.lending import named_pack
from fleet.release.packing import Told, packed
from fleet.release.painting import Target
from fleet.release.pictures import Preview
from fleet.release.previewing import Wanted
from fleet.release.repository import Repository
from kiosk.domain.calendar import LEGAL_TIME


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("release", help="a group as staged, a pack, or a configuration directory")
    parser.add_argument("--repository", type=Path, help="pictures are kept beside its releases")
    parser.add_argument("--out", type=Path, help="put them into this folder instead")
    parser.add_argument("--before", help="hold it against this (default: its group as published)")
    parser.add_argument("--group", default="", help="of a directory: for which group it is packed")
    parser.add_argument("--site", default="", help="kind of site: hall, bank, mall …")
    parser.add_argument("--jurisdiction", default="", help="code of the place: 410700 …")
    parser.add_argument(
        "--settings", type=Path, action="append", default=[], help="a terminal's own file"
    )
    parser.add_argument("--landscape", action="store_true", help="1920x1080 whatever it says")
    parser.add_argument("--at", type=datetime.fromisoformat, help="2026-10-01T02:00 (default: now)")
    parser.set_defaults(command=_preview)


def _preview(options: argparse.Namespace) -> int:
    repository = None if options.repository is None else Repository(options.repository)
    target = Target(
        site=options.site,
        jurisdiction=options.jurisdiction,
        own=tuple(options.settings),
        landscape=options.landscape,
        at=None if options.at is None else _legal(options.at),
    )
    with _pack(options, repository) as pack:
        before = _before(options, repository)
        wanted = Wanted(pack=pack, before=before, published=repository, target=target)
        if options.out is not None:
            folder, preview = previewing.put(wanted, options.out)
        elif repository is not None and not Path(options.release).is_dir():
            folder, preview = previewing.keep(wanted, repository)
        else:
            raise SourceRefused(
                "say where pictures go: --out FOLDER, or --repository for a release that is built"
            )
    print(f"{folder / 'index.html'}: {_told(preview)}")
    return 0


def _legal(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=LEGAL_TIME)


@contextmanager
def _pack(options: argparse.Namespace, repository: Repository | None) -> Iterator[Path]:
    """Lend the pack that is named; a directory is packed, a group is meant as staged."""
    given = Path(options.release)
    if given.is_file():
        yield given
    elif given.is_dir():
        with tempfile.TemporaryDirectory() as folder:
            pack = Path(folder) / "pack"
            told = Told(name="", group=options.group, built="")
            pack.write_bytes(packed(given, told))
            yield pack
    else:
        staged = None if repository is None else repository.staged_pack(options.release)
        yield staged if staged and staged.exists() else named_pack(repository, options.release)


def _before(options: argparse.Namespace, repository: Repository | None) -> Path | None:
    """Return what is named to hold it against; None: nothing is."""
    if options.before is None:
        return None
    given = Path(options.before)
    return given if given.exists() else named_pack(repository, options.before)


def _told(preview: Preview) -> str:
    counts = Counter(page.change for page in preview.pages)
    told = ", ".join(f"{count} {change}" for change, count in counts.items())
    against = f" against {preview.before}" if preview.before else ""
    trouble = f"; not compared: {preview.trouble}" if preview.trouble else ""
    return f"{len(preview.pages)} pages{against} ({told}){trouble}"
