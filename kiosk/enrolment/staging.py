"""The identity that is being made, and its way into the place of the one in force.

Theory of operation
-------------------
Everything is written into ``keys.next`` first, each file whole and durable, ``pending.json`` saying
how far it is. When nothing is missing, the directory is renamed to ``keys``; where there is one
already the two change places in one step (renameat2(2), ``RENAME_EXCHANGE``), so there is no moment
without an identity and none with half of one. Then the former one is deleted. A death at any
point leaves a state that `resume` recognises: ``pending.json`` inside ``keys`` means that the
exchange was made and only the tidying is left.

One process at a time does this, from `resume` to `take`: it holds a lock of flock(2) on
``keys.lock``, which a death gives back. The agent's hourly look and a command that somebody types
would else put the keys of the one in force with the certificate of the other.

The sealing key of the former identity goes along, into ``former/``: submissions may wait for it.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.crypto import CryptoError, PublicKeys
from kiosk.crypto.keyring import (
    FORMER,
    FORMER_SUFFIX,
    PUBLIC_FILE,
    SEALING_FILE,
    private_path,
    read_private,
)
from kiosk.crypto.provision import sync_directory, write_private
from kiosk.crypto.registry import provider
from kiosk.enrolment.errors import IdentityBusy, NotEnrolled

PENDING_FILE = "pending.json"
IDENTITY_FILE = "identity.json"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@dataclass(frozen=True, slots=True)
class Staging:
    """The two directories in a state directory."""

    state_dir: Path

    @property
    def keys(self) -> Path:
        """The identity in force."""
        return self.state_dir / "keys"

    @property
    def next(self) -> Path:
        """The one that is being made."""
        return self.state_dir / "keys.next"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else make an identity here while this lasts.

        Raises:
            IdentityBusy: another process is at it.
            OSError: the lock can't be made.
        """
        self.state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        lock = os.open(self.state_dir / "keys.lock", flags, 0o600)
        try:
            _lock(lock)
            yield
        finally:
            os.close(lock)

    def resume(self) -> Mapping[str, object]:
        """Finish what a death left half-done; returns what is pending, empty for nothing."""
        if (self.keys / PENDING_FILE).exists():
            self._tidy()
        return read_object(self.next / PENDING_FILE)

    def note(self, pending: Mapping[str, object]) -> None:
        """Write down how far it is."""
        self.next.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(self.next / PENDING_FILE, json.dumps(dict(pending)).encode())

    def give_up(self) -> None:
        """Forget what is being made."""
        shutil.rmtree(self.next, ignore_errors=True)

    def copy_present(self) -> None:
        """Begin with a copy of the identity in force."""
        self.give_up()
        shutil.copytree(self.keys, self.next)

    def take(self) -> None:
        """Put what was made in force, whole."""
        self._keep_sealing_keys()
        for path in (self.next, self.next / FORMER):
            if path.is_dir():
                sync_directory(path)
        if self.keys.exists():
            exchange(self.next, self.keys)
        else:
            self.next.rename(self.keys)
        sync_directory(self.state_dir)
        self._tidy()

    def _tidy(self) -> None:
        self.give_up()
        (self.keys / PENDING_FILE).unlink(missing_ok=True)
        sync_directory(self.keys)

    def _keep_sealing_keys(self) -> None:
        """Take former sealing keys along, and the present one when it is another."""
        there = sorted((self.keys / FORMER).glob(f"*{FORMER_SUFFIX}"))
        kept = {path.stem: path.read_bytes() for path in there}
        kept |= _sealing_key(self.keys)
        for gone in _sealing_key(self.next):
            kept.pop(gone, None)
        if kept:
            (self.next / FORMER).mkdir(exist_ok=True, mode=0o700)
        for key_id, pem in kept.items():
            write_private(self.next / FORMER / f"{key_id}{FORMER_SUFFIX}", pem)


def _sealing_key(keys: Path) -> dict[str, bytes]:
    """Return the sealing key in force by its id; none where there is no usable one."""
    try:
        chosen = provider(PublicKeys.read(keys).provider)
        pem = read_private(private_path(keys, SEALING_FILE))
        return {chosen.load_sealing_key(pem).key_id: pem}
    except CryptoError:
        if (keys / PUBLIC_FILE).exists() and (keys / SEALING_FILE).exists():
            raise
        return {}


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise IdentityBusy("another process is getting or renewing the identity") from error


def read_object(path: Path) -> Mapping[str, object]:
    """Return a JSON object of ours; empty where there is none.

    Raises:
        NotEnrolled: it is damaged.
    """
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise NotEnrolled(f"{path}: damaged; delete it and begin anew") from error
    return found if isinstance(found, dict) else {}


def exchange(one: Path, other: Path) -> None:
    """Let two directories change places in one step.

    Raises:
        OSError: the file system can't, or may not.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    paths = os.fsencode(one), os.fsencode(other)
    if libc.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(one))
