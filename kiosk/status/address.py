"""Where the bus is, and as whom one comes to it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where the broker is and how one proves oneself to it.

    Attributes:
        host: name that its certificate must have.
        port: of TLS.
        authority: who vouches for it (PEM).
        certificate: one's own; its common name is the name one has on the bus.
        key: of that certificate.
    """

    host: str
    port: int
    authority: Path
    certificate: Path
    key: Path

    def tls(self) -> ssl.SSLContext:
        """Return a context; raises `OSError` (`ssl.SSLError` is one) when a file can't be used."""
        context = ssl.create_default_context(cafile=self.authority)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate, self.key)
        return context

    def renew(self, context: ssl.SSLContext) -> None:
        """Let the next connection show the files as they are now; raises `OSError` as `tls`."""
        context.load_verify_locations(self.authority)
        context.load_cert_chain(self.certificate, self.key)
