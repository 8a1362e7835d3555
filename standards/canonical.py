"""Canonical JSON (RFC 8785): one value, one byte string, so that digests can be compared."""

from __future__ import annotations

import hashlib

import rfc8785

from standards.errors import CanonicalError


def dumps(value: object) -> bytes:
    """Return the canonical UTF-8 bytes of a JSON value.

    Raises:
        CanonicalError: the value is not JSON, or holds a number JSON cannot carry exactly
            (NaN, an infinity, an integer beyond 2**53 - 1) or a lone surrogate.
    """
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]  # checked by the library itself
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise CanonicalError(f"no canonical form: {type(error).__name__}") from error


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical bytes, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(dumps(value)).hexdigest()
