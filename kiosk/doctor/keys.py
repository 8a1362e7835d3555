"""Keys and certificates: there, whole, ours, in time, and nobody else's to read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from kiosk.crypto import CryptoError, PublicKeys
from kiosk.crypto.certificates import RENEW_BEFORE
from kiosk.crypto.keyring import SEALING_FILE, SIGNING_FILE
from kiosk.doctor.finding import Finding, attention, broken, ok

_PRIVATE = (SIGNING_FILE, SEALING_FILE, "evidence.pem", "terminal.pem")
_OTHERS = 0o077
"""Mode bits by which anybody but the owner gets at a file."""


def keys(directory: Path, terminal: str, now: datetime | None = None) -> Finding:
    """Look at the key directory of a terminal; the worst that is found is told.

    Args:
        directory: ``keys`` in the agent's state.
        terminal: the id that the settings name.
        now: the time to judge by; the clock's when it is None.
    """
    try:
        held = PublicKeys.read(directory).terminal
        missing = [name for name in (*_PRIVATE, "terminal.crt") if not _there(directory / name)]
    except PermissionError:
        return broken("keys", "unreadable", directory=str(directory))
    except (CryptoError, OSError) as error:
        return broken("keys", "damaged", problem=str(error))
    if missing:
        return broken("keys", "missing", file=missing[0])
    if held != terminal:
        return broken("keys", "other_terminal", held=held, named=terminal)
    open_ones = [own for own in _PRIVATE if (directory / own).stat().st_mode & _OTHERS]
    if open_ones:
        return attention("keys", "open", file=open_ones[0])
    return _dates(directory / "terminal.crt", now or datetime.now(UTC))


def _there(path: Path) -> bool:
    return path.stat().st_size > 0 if path.exists() else False


def _dates(path: Path, now: datetime) -> Finding:
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError as error:
        return broken("keys", "damaged", problem=f"{path.name}: {error}")
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < begins:
        return broken("keys", "early", date=f"{begins:%Y-%m-%d}")
    if now >= ends:
        return broken("keys", "expired", date=f"{ends:%Y-%m-%d}")
    days = (ends - now).days
    if ends - now <= RENEW_BEFORE:
        return attention("keys", "expiring", days=days)
    return ok("keys", days=days)
