"""The providers by name."""

from __future__ import annotations

from kiosk.crypto.errors import KeyFileError
from kiosk.crypto.international import International
from kiosk.crypto.national import National
from kiosk.crypto.providers import Provider

__all__ = ["PROVIDERS", "Provider", "provider"]

PROVIDERS: dict[str, Provider] = {one.name: one for one in (International(), National())}


def provider(name: str) -> Provider:
    """Return a provider by the name that key files and sealed headers carry.

    Raises:
        KeyFileError: no provider has that name.
    """
    try:
        return PROVIDERS[name]
    except KeyError:
        raise KeyFileError("unknown crypto provider") from None
