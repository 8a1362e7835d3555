"""Canonical JSON (RFC 8785): one value, one byte string, so that digests can be compared."""

from __future__ import annotations

import hashlib
import json
from typing import Final

import rfc8785

from standards.errors import CanonicalError

_PLAIN: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
"""Python's own encoder, several times as quick: its escapes are those of RFC 8785."""
_EXACT: Final = 2**53 - 1


def dumps(value: object) -> bytes:
    """Return the canonical UTF-8 bytes of a JSON value.

    Raises:
        CanonicalError: the value is not JSON, or holds a number JSON cannot carry exactly
            (NaN, an infinity, an integer beyond 2**53 - 1) or a lone surrogate.
    """
    try:
        if _plain(value):
            return _PLAIN.encode(value).encode()
        return rfc8785.dumps(value)  # type: ignore[arg-type]  # checked by the library itself
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise CanonicalError(f"no canonical form: {type(error).__name__}") from error


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical bytes, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(dumps(value)).hexdigest()


def _plain(value: object) -> bool:
    """Say whether the quick encoder writes the canonical form.

    It spells fractions otherwise, and sorts names by code points where RFC 8785 sorts them by
    UTF-16 units.
    """
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if isinstance(value, int):
        return kind is int and -_EXACT <= value <= _EXACT
    if isinstance(value, dict):
        return all(
            type(name) is str and name.isascii() and _plain(own) for name, own in value.items()
        )
    return isinstance(value, list | tuple) and all(map(_plain, value))
