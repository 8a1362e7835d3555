"""Keys and certificates: there, whole, ours, in time, and nobody else's to read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from kiosk.crypto import CryptoError, PublicKeys
from kiosk.crypto.certificates import RENEW_BEFORE
from kiosk.crypto.keyring import SEALING_FILE, SIGNING_FILE
from kiosk.doctor.finding import Finding, attention, broken, ok
from kiosk.doctor.lent import held
from kiosk.enrolment.staging import IDENTITY_FILE, PENDING_FILE, Staging

_PRIVATE = (SIGNING_FILE, SEALING_FILE, "evidence.pem", "terminal.pem")
_OTHERS = 0o077
"""Mode bits by which anybody but the owner gets at a file."""
_RENEWED_BY = 4
"""The agent renews when a third of the life is left; from a quarter on, it could not."""


def keys(directory: Path, terminal: str, now: datetime | None = None) -> Finding:
    """Look at the key directory of a terminal; the worst that is found is told.

    Args:
        directory: ``keys`` in the agent's state.
        terminal: the id that the settings name.
        now: the time to judge by; the clock's when it is None.
    """
    try:
        named = PublicKeys.read(directory).terminal
        missing = [name for name in (*_PRIVATE, "terminal.crt") if not held(directory / name)]
    except PermissionError:
        return broken("keys", "unreadable", directory=str(directory))
    except (CryptoError, OSError) as error:
        begun = not directory.exists() and (Staging(directory.parent).next / PENDING_FILE).exists()
        case = "enrolling" if begun else "damaged"
        return broken("keys", case, problem=str(error))
    if missing:
        return broken("keys", "missing", file=missing[0])
    if named != terminal:
        return broken("keys", "other_terminal", held=named, named=terminal)
    private = [directory / own for own in _PRIVATE if (directory / own).exists()]
    open_ones = [own.name for own in private if own.stat().st_mode & _OTHERS]
    if open_ones:  # whoever needs it refuses it
        return broken("keys", "open", file=open_ones[0])
    return _dates(directory / "terminal.crt", now or datetime.now(UTC))


def _dates(path: Path, now: datetime) -> Finding:
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError as error:
        return broken("keys", "damaged", problem=f"{path.name}: {error}")
    enrolled = (path.parent / IDENTITY_FILE).exists()
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < begins:
        return broken("keys", "early", date=f"{begins:%Y-%m-%d}")
    if now >= ends:
        case = "expired_enrolled" if enrolled else "expired"
        return broken("keys", case, date=f"{ends:%Y-%m-%d}")
    days = (ends - now).days
    if enrolled and (ends - now) * _RENEWED_BY < ends - begins:
        return attention("keys", "not_renewed", days=days)
    if ends - now <= RENEW_BEFORE:
        return attention("keys", "expiring", days=days)
    return ok("keys", days=days)
