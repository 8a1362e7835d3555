"""The exception family of this room.

::

    CryptoError
    ├── SealedError      sealed bytes are truncated, altered, or not for this key
    ├── KeyFileError     a key file is missing, damaged, or of another provider
    └── ProvisionError   the key directory belongs to another terminal or provider

Messages name files and lengths, never key bytes and never what was sealed.
"""

from __future__ import annotations


class CryptoError(Exception):
    """Something cryptographic did not hold."""


class SealedError(CryptoError):
    """Sealed bytes can't be opened; nothing of them was given out."""


class KeyFileError(CryptoError):
    """A key file can't be used; staff must provision the terminal again."""


class ProvisionError(CryptoError):
    """The key directory is already somebody else's; provisioning changed nothing."""
