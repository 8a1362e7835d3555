"""The agent keeps its terminal's identity: renews the certificate in time, forgets old keys.

Once a day it asks who administers the terminal now: whose commands are to be believed, where the
broker is. It has no network of its own, so a child of the nursery asks the centre's desk
(`kiosk.enrolment`), and ends. What it did is an event; what failed is tried again an hour later,
for as long as the certificate lives and longer: the desk says then what is to be done.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from kiosk.agent import events
from kiosk.agent.nursery import Child, Nursery
from kiosk.agent.walls import raise_walls
from kiosk.crypto import CryptoError, PublicKeys, SealedError, SigningKey, provider
from kiosk.crypto.keyring import drop_former, former_ids, read_signing_key
from kiosk.crypto.sealed import keys_of_head
from kiosk.enrolment import (
    DeskUnreachable,
    EnrolmentError,
    EnrolmentExpired,
    IdentityBusy,
    due,
    refresh,
    renew,
)
from kiosk.outbox import Outbox, OutboxError
from kiosk.status.mandate import MANDATE_FILE

HOUR, DAY = 3600.0, 24 * 3600.0
SPREAD = 600.0
"""Seconds over which terminals that were switched on together ask for the first time."""
PATIENCE = 60.0
"""Seconds that one attempt may take."""
_LONGEST = 200

Note = Callable[..., None]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asking:
    child: Child
    until: float
    silent: str
    """What no answer in time means."""


class IdentityWatch:
    """Done in passing by the agent's loop, by a clock that can't be set."""

    def __init__(
        self,
        nursery: Nursery,
        state_dir: Path,
        outbox: Outbox,
        note: Note,
        *,
        spread: float = SPREAD,
    ) -> None:
        """Take what is looked after.

        Args:
            nursery: bears the child that asks.
            state_dir: where ``keys`` lies.
            outbox: what waits; its former keys are kept.
            note: takes an event and its fields for the log.
            spread: most seconds before the first look.
        """
        self._nursery = nursery
        self._state_dir = state_dir
        self._outbox = outbox
        self._note = note
        self._asking: _Asking | None = None
        self._next_look = time.monotonic() + random.uniform(0, spread)  # noqa: S311 - jitter
        self._next_day = time.monotonic() + DAY
        self._next_refresh = self._next_look

    def do(self) -> None:
        """Do what is due."""
        self._hear()
        now = time.monotonic()
        if now >= self._next_look and self._asking is None:
            self._next_look = now + HOUR
            if due(self._state_dir):
                self._ask(now, ask)
            elif now >= self._next_refresh and (self._state_dir / "keys" / MANDATE_FILE).exists():
                self._next_refresh = now + DAY
                self._ask(now, ask_who_administers, silent="nothing")
        if now >= self._next_day:
            self._next_day = now + DAY
            self.forget_former_keys()

    def end(self) -> None:
        """End a child that asks; the next start goes on."""
        if self._asking is not None:
            self._asking.child.end()
            self._asking = None

    def forget_former_keys(self, *, older_than: float = DAY) -> None:
        """Delete former sealing keys for which nothing waits any more."""
        keys = self._state_dir / "keys"
        if not former_ids(keys):
            return
        with suppress(OutboxError, SealedError, OSError):  # unsure is kept
            needed = _needed(self._outbox)
            if drop_former(keys, needed, older_than=older_than):
                self._note(events.FORMER_KEYS_DROPPED)

    def _ask(
        self,
        now: float,
        what: Callable[[Path, Connection], None],
        *,
        silent: str = "failed too_slow",
    ) -> None:
        try:
            child = self._nursery.start(what, self._state_dir)
        except OSError as error:
            self._failed(type(error).__name__)
            return
        self._asking = _Asking(child=child, until=now + PATIENCE, silent=silent)

    def _hear(self) -> None:
        asking = self._asking
        if asking is None:
            return
        if not asking.child.pipe.poll() and time.monotonic() < asking.until:
            return
        try:
            said = asking.child.pipe.recv_bytes(1024).decode() if asking.child.pipe.poll() else ""
        except (EOFError, OSError):
            said = ""
        self.end()
        word, _, rest = (said or asking.silent).partition(" ")
        match word:
            case "renewed":
                self._note(events.CERTIFICATE_RENEWED, days=int(rest))
            case "mandate":
                self._note(events.MANDATE_CHANGED)
            case "refused":
                self._note(events.MANDATE_REFUSED, reason=rest[:_LONGEST])
            case "nothing":
                pass
            case _:
                self._failed(rest)

    def _failed(self, reason: str) -> None:
        self._note(events.CERTIFICATE_NOT_RENEWED, reason=reason[:_LONGEST])


class Signing:
    """The signing key as it stands in the keys directory now."""

    def __init__(self, keys: Path) -> None:
        """Read the key; raise `KeyFileError` when it can't be used."""
        self._keys = keys
        self._present = self._read()

    def now(self) -> SigningKey:
        """Return the key in force; the last good one where it can't be read."""
        with suppress(CryptoError):
            self._present = self._read()
        return self._present

    def _read(self) -> SigningKey:
        return read_signing_key(self._keys, provider(PublicKeys.read(self._keys).provider))


class Recipients:
    """Whom a submission must be sealed for, as it stands in the keys directory now.

    After a rotation sessions that are warm seal for the former key for a while, and new ones for
    the new key, whether or not this process has been started since.
    """

    def __init__(self, keys: Path) -> None:
        """Read the keys; raise `KeyFileError` when they can't be used."""
        self._keys = keys
        self._present = PublicKeys.read(keys)

    def now(self) -> PublicKeys:
        """Return the keys that a submission is sealed for from now on; the last good ones."""
        with suppress(CryptoError):
            self._present = PublicKeys.read(self._keys)
        return self._present

    def fit(self, key_ids: frozenset[str]) -> bool:
        """Say whether these keys are the recovery key and one that we can open with."""
        return self._fits(key_ids) or self._fits_anew(key_ids)

    def _fits(self, key_ids: frozenset[str]) -> bool:
        return {key.key_id for key in self._present.recipients} <= key_ids

    def _fits_anew(self, key_ids: frozenset[str]) -> bool:
        with suppress(CryptoError):
            self._present = PublicKeys.read(self._keys)
        held = {key.holder: key.key_id for key in self._present.recipients}
        ours = {held.pop("agent", ""), *former_ids(self._keys)}
        return bool(ours & key_ids) and set(held.values()) <= key_ids


def ask(state_dir: Path, pipe: Connection) -> None:
    """Renew, and say how that went (runs in a process of its own)."""
    raise_walls("kiosk-renewal", parent=os.getppid())
    try:
        done = renew(state_dir)
        said = f"renewed {(done.ends - datetime.now(UTC)).days}"
    except (EnrolmentError, CryptoError, OSError, ValueError) as error:
        said = f"failed {type(error).__name__}: {error}"[:_LONGEST]
    with suppress(BrokenPipeError):  # the agent died meanwhile; its next life asks again
        pipe.send_bytes(said.encode())


def ask_who_administers(state_dir: Path, pipe: Connection) -> None:
    """Look whether somebody else administers this terminal now (runs in a process of its own)."""
    raise_walls("kiosk-mandate", parent=os.getppid())
    try:
        said = "mandate" if refresh(state_dir) else "nothing"
    except (DeskUnreachable, EnrolmentExpired, IdentityBusy):
        said = "nothing"  # it is asked again tomorrow
    except (EnrolmentError, CryptoError, OSError, ValueError) as error:
        said = f"refused {type(error).__name__}: {error}"[:_LONGEST]
    with suppress(BrokenPipeError):
        pipe.send_bytes(said.encode())


def _needed(outbox: Outbox) -> set[str]:
    """Return the ids of all keys for which something waits."""
    needed: set[str] = set()
    for entry in outbox.owed():
        head = next(iter(outbox.pieces(entry)), b"")
        needed |= keys_of_head(head)
    return needed
