"""Sealing, signing and keys of the terminal, behind one provider interface.

What may be done here: bytes in, bytes out, by published algorithms, and making keys
and certificates. Nothing here knows what an application or a citizen is. Two providers
exist, ``international`` (Ed25519, SHA-256, X25519, AES-256-GCM) and ``national`` (SM2,
SM3, SM4-GCM). Neither is a certified module: a terminal that must use one puts its
card behind `kiosk.crypto.providers.SigningKey` and `SealingKey`.
"""

from kiosk.crypto.errors import CryptoError, KeyFileError, ProvisionError, SealedError
from kiosk.crypto.keyring import PublicKeys
from kiosk.crypto.providers import PublicSealingKey, SealingKey, SigningKey
from kiosk.crypto.registry import PROVIDERS, Provider, provider

__all__ = [
    "PROVIDERS",
    "CryptoError",
    "KeyFileError",
    "Provider",
    "ProvisionError",
    "PublicKeys",
    "PublicSealingKey",
    "SealedError",
    "SealingKey",
    "SigningKey",
    "provider",
]
