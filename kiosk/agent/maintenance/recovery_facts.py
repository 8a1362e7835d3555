"""What the recovery card tells of this terminal's disk: which key opens it, and what lies there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.channel import Refused, Request
from kiosk.channel.server import Handler
from kiosk.crypto import CryptoError, PublicKeys
from kiosk.maintenance.staff import Right
from kiosk.outbox import OutboxError, counting
from kiosk.outbox.report import FILE

HOLDER = "recovery"


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The recovery key's identifier, and how many wait for how long."""

    key: str
    waiting: int
    oldest_s: int


def facts(state: Path) -> Facts:
    """Read them.

    Raises:
        CryptoError: the public keys cannot be read.
        OutboxError: the store cannot be read; how much lies there is not known.
    """
    keys = PublicKeys.read(state / "keys").recipients
    counts = counting.read(state / FILE)
    return Facts(
        key=next((own.key_id for own in keys if own.holder == HOLDER), ""),
        waiting=len(counts.waiting),
        oldest_s=max((one.age_s for one in counts.waiting), default=0),
    )


class Rescue:
    """The operation that tells them to maintenance."""

    def __init__(self, state: Path) -> None:
        self._state = state

    def operations(self) -> Mapping[str, tuple[Right, Handler]]:
        """Return it by name, with the right it takes."""
        return {"recovery_facts": (Right.REPORT, self.tell)}

    def tell(self, request: Request) -> Mapping[str, object]:
        """Tell what the card has to say: ``key, waiting, oldest_s``."""
        del request
        try:
            found = facts(self._state)
        except (CryptoError, OutboxError, OSError) as error:
            raise Refused("unusable", type(error).__name__) from error
        return {"key": found.key, "waiting": found.waiting, "oldest_s": found.oldest_s}
