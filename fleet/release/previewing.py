"""A release is painted for one terminal, beside what went before, and kept where it is looked for.

A draft is a pack, staged or not: what it is called and for which group stands in it. It is held
against what is published for its group, or against what is named.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fleet.errors import RepositoryRefused, SourceRefused
from fleet.release import album, painting, pictures
from fleet.release.packing import unpacked
from fleet.release.painting import Draft, Target
from fleet.release.pictures import Preview
from fleet.release.repository import Repository


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What is painted.

    Attributes:
        pack: of the release.
        before: pack or configuration directory of what it is held against; None: what is published.
        published: where that is looked for, by the pack's group; None: it is held against nothing.
        target: which terminal.
    """

    pack: Path
    before: Path | None
    published: Repository | None
    target: Target


def keep(wanted: Wanted, repository: Repository) -> tuple[Path, Preview]:
    """Paint, and keep it beside the release; returns where, and what was made.

    Raises:
        SourceRefused: the release or the terminal's own file is wrong.
        CannotPaint: this machine has nothing to paint with.
        RepositoryRefused: nothing can be kept there.
    """
    digest = sha256(wanted.pack.read_bytes()).hexdigest()
    with pictures.workplace(repository, digest) as made:
        name, preview = _made(wanted, made)
        return pictures.keep(repository, made, preview, name), preview


def put(wanted: Wanted, out: Path) -> tuple[Path, Preview]:
    """Paint into a new or empty folder; raises as `keep` does."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise RepositoryRefused(f"{out} is not empty: name another folder")
        _, preview = _made(wanted, out)
    except OSError as error:
        raise RepositoryRefused(f"{out}: pictures cannot be put there ({error})") from error
    return out, preview


def _made(wanted: Wanted, into: Path) -> tuple[str, Preview]:
    with tempfile.TemporaryDirectory() as one:
        draft = _draft(wanted.pack, Path(one))
        with _earlier(wanted.before or _published_before(wanted, draft)) as (before, trouble):
            name, preview = painting.paint(draft, before, wanted.target, into, trouble)
    album.write(into, preview)
    return name, preview


def _published_before(wanted: Wanted, draft: Draft) -> Path | None:
    """Return the published pack of a draft's group; None: there is none, or it is this one."""
    own = wanted.published
    if own is None or not own.exists or draft.group not in own.groups():
        return None
    before = own.pack(draft.group)
    if not before.is_file() or before.read_bytes() == wanted.pack.read_bytes():
        return None
    return before


@contextmanager
def _earlier(before: Path | None) -> Iterator[tuple[Draft | None, str]]:
    """Lend what went before, or say why it cannot be read: an older program packed otherwise."""
    if before is None:
        yield None, ""
    elif before.is_dir():
        yield Draft(config=before, name=str(before)), ""
    else:
        with tempfile.TemporaryDirectory() as folder:
            try:
                draft, trouble = _draft(before, Path(folder)), ""
            except SourceRefused as error:
                draft, trouble = None, str(error)
            yield draft, trouble


def _draft(pack: Path, into: Path) -> Draft:
    """Unpack a pack; returns it with what it says of itself."""
    own = unpacked(pack, into)
    digest = sha256(pack.read_bytes()).hexdigest()
    return Draft(config=own.config, name=own.name, group=own.group, digest=digest)
