"""What terminals are given with their enrolment, and how the command key changes hands.

::

    command.pem        signs commands now
    command-next.pem   believed already, signs from the switch on
    mandate.json       what the desk of enrolment hands out (`kiosk.status.mandate`)

A key is changed in two steps, for a terminal believes a new key only when it has heard of it: the
present key signs its successor, and both are believed; a day later, when all have asked, the
console signs with the new one, and the former is believed no more. A terminal that was switched off
meanwhile follows later: the newest sixteen successions stay in the mandate.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fleet.errors import FleetError, KeyRefused
from fleet.orders.emergency import FILE as EMERGENCY_FILE
from fleet.orders.key import FILE, command_key
from kiosk.crypto.provision import write_private
from kiosk.status.command import EMERGENCY, key_id
from kiosk.status.mandate import (
    EVERY,
    MANDATE_FILE,
    MOST_SUCCESSIONS,
    Believed,
    Mandate,
    MandateError,
    succession,
)

NEXT_FILE: Final = "command-next.pem"


def read(state: Path) -> Mandate:
    """Return the mandate that terminals are given.

    Raises:
        FleetError: there is none, or it can't be used.
    """
    try:
        return Mandate.parse((state / MANDATE_FILE).read_bytes())
    except FileNotFoundError:
        raise FleetError(f"{state}: no mandate; kiosk-fleet mandate write") from None
    except MandateError as error:
        raise FleetError(f"{state / MANDATE_FILE}: {error}; kiosk-fleet mandate write") from error


def write(state: Path, addresses: Mapping[str, Any]) -> Mandate:
    """Write a mandate with these addresses and the command keys that are there.

    Args:
        state: the console's directory of keys; a key is made where there is none.
        addresses: ``bus_host``, ``bus_port``, ``release_url``, ``release_root``.

    Raises:
        FleetError: an address is none.
        KeyRefused: a key can't be used.
        OSError: a file can't be read or written.
    """
    try:
        before = read(state) if (state / MANDATE_FILE).exists() else Mandate()
        own = Mandate.parse(before.model_copy(update=dict(addresses)).to_bytes())
    except MandateError as error:
        raise FleetError(str(error)) from error
    return _kept(state, own)


def next_key(state: Path, now: datetime | None = None) -> Mandate:
    """Make a successor of the command key; both are believed from now on.

    Raises:
        KeyRefused: there is a successor already.
        FleetError: there is no mandate, or it would be too long.
    """
    if _next_is_named(state):
        raise KeyRefused("there is a next key already: kiosk-fleet mandate switch-key")
    return _named(state, _believed(command_key(state, NEXT_FILE)), now)


def emergency_key(state: Path, stick: Path, now: datetime | None = None) -> Mandate:
    """Make a key that takes terminals out of service and does nothing else, onto a stick.

    One that was made before is believed no more.

    Raises:
        KeyRefused: the stick has one already.
        FleetError: there is no mandate.
    """
    if (stick / EMERGENCY_FILE).exists():
        raise KeyRefused(f"{stick} has an {EMERGENCY_FILE} already")
    read(state)
    kinds = tuple(sorted(kind.value for kind in EMERGENCY))
    return _named(state, _believed(command_key(stick, EMERGENCY_FILE), kinds), now)


def _named(state: Path, successor: Believed, now: datetime | None) -> Mandate:
    """Have the present key name another one, so that terminals that are there believe it."""
    own, present = read(state), command_key(state)
    said = succession(present, successor, at=now or datetime.now(UTC))
    newest = (*own.successions, said)[-MOST_SUCCESSIONS:]
    own = own.model_copy(update={"successions": newest})
    return _kept(state, own, successor)


def switch_key(state: Path) -> Mandate:
    """Put the next key in the present one's place, which is believed no more.

    Raises:
        KeyRefused: there is no next key.
        FleetError: there is no mandate.
    """
    own = read(state)
    if not _next_is_named(state):
        raise KeyRefused("there is no next key: kiosk-fleet mandate next-key, a day before")
    (state / NEXT_FILE).replace(state / FILE)
    return _kept(state, own)


def _next_is_named(state: Path) -> bool:
    """Say whether there is a next key that terminals are told of.

    It is made before the mandate is written: one that is not in it was made by a try that failed.
    """
    if not (state / NEXT_FILE).exists():
        return False
    return key_id(command_key(state, NEXT_FILE).public_key()) in read(state).command_keys


def _kept(state: Path, own: Mandate, fresh: Believed | None = None) -> Mandate:
    """Write a mandate with the keys that are here, and the one in a safe: the newest of them."""
    names = [name for name in (FILE, NEXT_FILE) if name == FILE or (state / name).exists()]
    keys = [_believed(command_key(state, name)) for name in names]
    narrow = [key for key in own.command_keys.values() if EVERY not in key.kinds]
    keys += [fresh] if fresh is not None and EVERY not in fresh.kinds else narrow
    own = own.model_copy(update={"command_keys": {key.name: key for key in keys}})
    try:
        own = Mandate.parse(own.to_bytes())  # what no terminal could read is not written
    except MandateError as error:
        raise FleetError(f"{state / MANDATE_FILE}: {error}; it stays as it was") from error
    write_private(state / MANDATE_FILE, own.to_bytes())
    return own


def _believed(key: Ed25519PrivateKey, kinds: tuple[str, ...] = (EVERY,)) -> Believed:
    own = {"public": key.public_key().public_bytes_raw(), "kinds": kinds}
    return Believed.model_construct(**own)  # type: ignore[arg-type]  # of our own making


def names(own: Mandate, state: Path) -> Mapping[str, str]:
    """Return each believed key's id with ``signs now``, ``next`` or ``emergency``."""
    present = key_id(command_key(state).public_key())
    return {
        name: "emergency" if EVERY not in key.kinds else "signs now" if name == present else "next"
        for name, key in own.command_keys.items()
    }
