"""Is a scanned payload the code of one of our slips?

The code of a slip is the address of its progress page, ``<public url>/p/<local no>.<token>``.
Whatever else is scanned is refused with a name: it is never shown, followed or sent anywhere.
"""

from __future__ import annotations

import re

MAX_LENGTH = 512
"""Longest payload looked at, in bytes; ours are under 100."""

_PATH = re.compile(r"/p/(L[0-9A-Z]{6,30}\.[0-9a-f]{16})")


class BadCode(ValueError):
    """Not one of ours.  ``reason``: ``too_long`` | ``control_bytes`` | ``foreign``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def progress_token(data: bytes, public_url: str) -> str:
    """Return ``<local no>.<token>`` of a slip's code.

    Raises:
        BadCode: too long, holds control bytes, or not the address of a slip of this city.
    """
    if len(data) > MAX_LENGTH:
        raise BadCode("too_long")
    body = data.removesuffix(b"\n").removesuffix(b"\r")
    if any(byte < 0x20 or byte == 0x7F for byte in body):
        raise BadCode("control_bytes")
    try:
        address = body.decode("ascii")
    except UnicodeDecodeError:
        raise BadCode("foreign") from None
    if not address.startswith(public_url):
        raise BadCode("foreign")
    match = _PATH.fullmatch(address.removeprefix(public_url))
    if match is None:
        raise BadCode("foreign")
    return match.group(1)
