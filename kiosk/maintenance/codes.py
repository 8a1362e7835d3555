"""One-time codes: the way in when the card reader is dead.  They replace the card, not the PIN.

A code is made for one person and one terminal (at the console, or by ``kiosk staff code`` on the
terminal) with a key that only these two have, after the manner of TOTP (RFC 6238) with HMAC-SHA-256
and windows of five minutes.  It is taken for ten minutes and once: the window of the last code that
was taken is kept, and none of it or before it is taken again.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

LENGTH: Final = 8
WINDOW_S: Final = 300
VALID_WINDOWS: Final = 2
"""The window of the code and the next: 5 to 10 minutes are left when it is read out."""


def code(key: bytes, terminal: str, work_no: str, window: int) -> str:
    """Return the code of a person for a window."""
    message = f"staff code//{terminal}//{work_no}//{window}".encode()
    digest = hmac.new(key, message, hashlib.sha256).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 8], "big") & 0x7FFF_FFFF_FFFF_FFFF
    return str(number % 10**LENGTH).zfill(LENGTH)


def window_at(seconds: float) -> int:
    """Return the window of a moment, in seconds since 1970."""
    return int(seconds // WINDOW_S)


def taken(
    key: bytes, terminal: str, work_no: str, typed: str, *, now: float, used: int
) -> int | None:
    """Return the window of a code that is taken now, ``None`` when it is not.

    Args:
        key: of the terminal's codes.
        terminal: the terminal it must have been made for.
        work_no: the person it must have been made for.
        typed: what was typed.
        now: seconds since 1970.
        used: the window of this person's last code that was taken; 0 for none.
    """
    newest = window_at(now)
    found = None
    for window in range(newest - VALID_WINDOWS + 1, newest + 1):
        same = hmac.compare_digest(code(key, terminal, work_no, window), typed)
        if same and window > used:
            found = window
    return found
