"""The public keys that signatures in packages verify with: whatever a terminal ever had.

A key that is not believed any more still proves what was signed while it was. So former keys are
among them, of the database and of a list in a file alike.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from intake.enrolment.model import EnrolledTerminal, TerminalKey, Use
from kiosk.crypto import KeyFileError, provider


class KeysError(Exception):
    """A list of terminals is missing or not as documented."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SigningKey:
    """A terminal's public key: name of its provider, raw bytes."""

    terminal: str
    provider: str
    public: bytes

    @property
    def key_id(self) -> str:
        """The key's name in signatures."""
        return provider(self.provider).digest([self.public])[:8].hex()

    def signed(self, data: bytes, signature: bytes) -> bool:
        """Say whether a signature over some bytes is this key's."""
        return provider(self.provider).verify(self.public, data, signature)


class Keys:
    """Known keys, by terminal and name."""

    def __init__(self, known: Iterable[SigningKey] = ()) -> None:
        self._known = {(one.terminal, one.key_id): one for one in known}

    def __bool__(self) -> bool:
        return bool(self._known)

    def of(self, signature: Mapping[str, object]) -> SigningKey | None:
        """Return the key that a signature says it was made with, None where nobody knows it."""
        return self._known.get((str(signature.get("terminal")), str(signature.get("key_id"))))


def known(engine: Engine | None, listed: Path | None, *, terminal: str = "") -> Keys:
    """Return the keys of a database and of a list; of a database those of one terminal, if named.

    Raises:
        KeysError: the list cannot be read.
    """
    return Keys(
        [*(_of_file(listed) if listed else ()), *(_of_database(engine, terminal) if engine else ())]
    )


def _of_database(engine: Engine, terminal: str) -> list[SigningKey]:
    wanted = (
        select(TerminalKey.terminal, EnrolledTerminal.provider, TerminalKey.public)
        .join(EnrolledTerminal, EnrolledTerminal.id == TerminalKey.terminal)
        .where(TerminalKey.use == Use.SIGNING)
    )
    if terminal:
        wanted = wanted.where(TerminalKey.terminal == terminal)
    with Session(engine) as session:
        rows = session.execute(wanted).all()
    return [SigningKey(terminal=one, provider=name, public=public) for one, name, public in rows]


def _of_file(path: Path) -> list[SigningKey]:
    try:
        rows = json.loads(path.read_bytes())
        return [
            SigningKey(
                terminal=name,
                provider=provider(row["provider"]).name,
                public=base64.b64decode(row["signing_public"], validate=True),
            )
            for name, row in rows.items()
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, KeyFileError) as error:
        raise KeysError(f"{path}: {type(error).__name__}") from error
