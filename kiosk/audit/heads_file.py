"""The file in which the centre gives out what it knows of a terminal's log.

::

    {"form": "yiduan heads 1", "terminal": …, "made_at": …, "since": <life>,
     "heads": [{"life": …, "received_at": …, "finding": …, "explained": …,
                "body": …, "signature": …, "certificate": …}, …]}

A *life* is one log: another one begins where the log broke. The log in hand has to hold the heads
of every life from ``since`` on: a break that nobody explained explains nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography import x509

from kiosk.audit.chain import Head
from kiosk.audit.signed_head import Believed, HeadRefused, Letter, believed

FORM: Final = "yiduan heads 1"


class HeadsFileError(Exception):
    """The file can't be used; the auditor needs another one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heads:
    """What a log is held against.

    Attributes:
        terminal: whose log it is.
        told: heads that it must hold, oldest first.
        proven: the signatures were checked against an authority that the auditor named.
    """

    terminal: str
    told: tuple[Head, ...]
    proven: bool


def read(path: Path, *, authority: Path | None = None, until: datetime | None = None) -> Heads:
    """Read the file.

    Args:
        path: of it.
        authority: who certifies terminals (PEM); without it each head has to be signed by the
            key of the certificate beside it, whoever made that.
        until: heads that were signed later do not count; the log was carried away by then.

    Raises:
        HeadsFileError: it is none, or a head of it is not signed as it must be.
        OSError: a file can't be read.
    """
    try:
        told = json.loads(path.read_bytes())
        if told["form"] != FORM:
            raise HeadsFileError("no file of heads, or a newer one")
        terminal, since = str(told["terminal"]), int(told["since"])
        wanted = [one for one in told["heads"] if int(one["life"]) >= since]
        letters = [Letter.of(one) for one in wanted]
    except (ValueError, LookupError, TypeError, HeadRefused) as error:
        raise HeadsFileError("no file of heads: kiosk-fleet heads export makes it") from error
    trusted = None if authority is None else _certificates(authority)
    heads = [_believed(one, trusted, terminal) for one in letters]
    return Heads(
        terminal=terminal,
        told=tuple(
            Head(sequence=one.head.sequence, digest=one.head.digest)
            for one in heads
            if until is None or datetime.fromisoformat(one.head.at) <= until
        ),
        proven=trusted is not None,
    )


def _believed(
    letter: Letter, trusted: Sequence[x509.Certificate] | None, terminal: str
) -> Believed:
    try:
        found = believed(letter, trusted, datetime.now(UTC))
    except HeadRefused as refused:
        raise HeadsFileError(f"a head of the file is not believed: {refused.why}") from refused
    if found.head.terminal != terminal:
        raise HeadsFileError(f"a head of the file is of {found.head.terminal}")
    return found


def _certificates(path: Path) -> Sequence[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError as error:
        raise HeadsFileError(f"{path}: no certificate") from error
